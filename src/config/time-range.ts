import { ConfigError } from '../core/errors.ts';
import { formatTime, HOUR_MS, MINUTE_MS, type EpochMs, type TimeRange } from '../core/time.ts';

const POINT = String.raw`\d{4}-\d{2}-\d{2}(?:T\d{2}:?\d{2})?|\d{8}(?:T\d{4})?|\d{13}|\d{10}`;
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
    point === undefined ? null : parsePoint(point),
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

function parsePoint(point: string): EpochMs {
  const time = /^\d{10}$|^\d{13}$/.test(point)
    ? Number(point) * (point.length === 10 ? 1000 : 1)
    : parseDate(point);
  if (time < 0) fail(`a time from 1970 on was expected, was ${point}`);
  return time;
}

/** Strict, unlike `Date`, which reads 30 February as 1 March. */
function parseDate(point: string): EpochMs {
  const digits = point.replaceAll(/[-:T]/g, '');
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)];
  const [hour, minute] = [Number(digits.slice(8, 10)), Number(digits.slice(10, 12))];
  const date = `${year}-${month}-${day}`;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (!isCalendarDate(date, midnight)) fail(`${point} is not a calendar date`);
  if (hour > 23 || minute > 59) fail(`a time of day from 0000 to 2359 was expected, was ${point}`);
  return midnight + hour * HOUR_MS + minute * MINUTE_MS;
}

function isCalendarDate(date: string, midnight: number): boolean {
  return !Number.isNaN(midnight) && formatTime(midnight).startsWith(date);
}

function fail(problem: string): never {
  throw new ConfigError(`--timerange: ${problem}`);
}
