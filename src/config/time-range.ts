import { ConfigError } from '../core/errors.ts';
import { formatTime, type EpochMs, type TimeRange } from '../core/time.ts';
import { parsePoint, POINT } from './time-point.ts';

const FLAG = '--timerange';
const RANGE = new RegExp(`^(${POINT})?-(${POINT})?$`);
const EXAMPLE = '20230101-20240101 (also 20230101- or -20240101)';

interface RangeOptions {
  /** The present: where given, a range that begins later is refused. */
  readonly now?: EpochMs;
}

/**
 * A time range as freqtrade has it: `20230101-20240101`, either side open, start inclusive, end
 * exclusive, all UTC. A side is `yyyymmdd`, `yyyy-mm-dd`, either with `Thhmm`, or the epoch in
 * seconds (ten digits) or milliseconds (thirteen). Throws a `ConfigError` on anything else.
 */
export function parseTimeRange(text: string, { now }: RangeOptions = {}): TimeRange {
  const match = RANGE.exec(text.trim());
  if (match === null || text.trim() === '-') {
    fail(`a range such as ${EXAMPLE} was expected, was ${JSON.stringify(text.slice(0, 80))}`);
  }
  const [start, end] = [match[1], match[2]].map((point) =>
    point === undefined ? null : parsePoint(FLAG, point),
  );
  const range = { start: start ?? null, end: end ?? null };
  checkOrder(range, now);
  return range;
}

function checkOrder({ start, end }: TimeRange, now: EpochMs | undefined): void {
  if (start !== null && end !== null && end <= start) {
    fail(`an end after ${formatTime(start)} was expected, was ${formatTime(end)}`);
  }
  if (start !== null && now !== undefined && start > now) {
    fail(`a start before ${formatTime(now)} was expected, was ${formatTime(start)}`);
  }
}

function fail(problem: string): never {
  throw new ConfigError(`${FLAG}: ${problem}`);
}
