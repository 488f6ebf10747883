import { ExchangeError, InvariantError } from '../../core/errors.ts';
import {
  misalignmentMs,
  timeframeMs,
  type EpochMs,
  type TimeSpan,
  type Timeframe,
} from '../../core/time.ts';
import type { SourceBar } from '../../ports/bar-source.ts';
import type { AnswerStyle } from './venue-profile.ts';

/** What to ask for, so that one answer can hold it. */
export interface CandleRequest {
  /** Open time of the first candle wanted. */
  readonly since: EpochMs;
  readonly limit: number;
  /** End of what one answer can hold, at most that of the span. */
  readonly end: EpochMs;
  readonly params: Readonly<Record<string, number>>;
}

/** Null where no candle can open in the span. */
export function candleRequest(
  span: TimeSpan,
  timeframe: Timeframe,
  pageBars: number,
  style: AnswerStyle,
): CandleRequest | null {
  if (!(span.from < span.to)) {
    throw new InvariantError(`a span of time was expected, was ${span.from} to ${span.to}`);
  }
  const step = timeframeMs(timeframe);
  const miss = misalignmentMs(span.from, timeframe);
  const since = miss === 0 ? span.from : span.from - miss + step;
  if (since >= span.to) return null;
  const limit = Math.min(pageBars, Math.ceil((span.to - since) / step));
  const end = Math.min(span.to, since + limit * step);
  // A second before the end is after the last candle that is wanted and before the first that is
  // not, whether a venue counts its end in or out.
  const params: Record<string, number> =
    style === 'window' ? { until: since + limit * step - 1000 } : {};
  return { since, limit, end, params };
}

/** Rows of ccxt as bars, in the order they were sent; anything that is no number becomes NaN. */
export function sourceBars(rows: unknown): readonly SourceBar[] {
  if (!Array.isArray(rows)) return [];
  return rows.map((row: unknown) => {
    const fields: readonly unknown[] = Array.isArray(row) ? row : [];
    const [openTime, open, high, low, close, volume] = fields.map(numberOrNaN);
    return {
      openTime: openTime ?? NaN,
      open: open ?? NaN,
      high: high ?? NaN,
      low: low ?? NaN,
      close: close ?? NaN,
      volume: volume ?? NaN,
    };
  });
}

function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : NaN;
}

interface Reply {
  readonly exchange: string;
  readonly style: AnswerStyle;
  readonly timeframe: Timeframe;
  readonly span: TimeSpan;
  readonly request: CandleRequest;
  readonly bars: readonly SourceBar[];
  /** The answer holds a list, and it is empty. */
  readonly saysNone: boolean;
}

/**
 * How far the answer proves that it holds all the venue has, never beyond the span. Throws an
 * `ExchangeError` where it proves nothing: no list at all, or candles from before the span only.
 */
export function provenUntil(reply: Reply): EpochMs {
  const { exchange, style, timeframe, span, request, bars } = reply;
  if (bars.length === 0) {
    if (!reply.saysNone || style === 'recent') throw noList(exchange);
    return style === 'next' ? span.to : request.end;
  }
  const times = bars.map(({ openTime }) => openTime).filter((time) => time >= request.since);
  if (times.length === 0) throw otherCandles(exchange);
  if (style === 'window') return request.end;
  const limit = style === 'unified' ? request.end : span.to;
  const within = times.filter((time) => time < limit);
  // Whatever comes later, nothing opens before it.
  if (within.length === 0) return limit;
  const last = within.reduce((latest, time) => Math.max(latest, time));
  return Math.min(span.to, last + timeframeMs(timeframe));
}

function noList(exchange: string): ExchangeError {
  return new ExchangeError(
    `a list of candles was expected from ${exchange}, was an answer without one; try again`,
    { kind: 'bad-response' },
  );
}

function otherCandles(exchange: string): ExchangeError {
  return new ExchangeError(
    `candles from the time asked for were expected from ${exchange}, were all from before it; try again`,
    { kind: 'bad-response' },
  );
}

/** Whether a JSON text holds a list that is empty, other than one of errors. */
export function holdsEmptyList(body: string): boolean {
  const value: unknown = JSON.parse(body);
  return emptyListIn(value, 4);
}

function emptyListIn(value: unknown, depth: number): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (depth === 0 || typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => !key.startsWith('error') && emptyListIn(inner, depth - 1),
  );
}
