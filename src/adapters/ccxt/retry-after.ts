import type { EpochMs } from '../../core/time.ts';
import { DAY_MS } from '../../core/time.ts';

/** The longest ban any venue announces; more is a mistake, and would overflow a timer. */
const LONGEST_MS = 7 * DAY_MS;

/**
 * How long an answer asks to be left alone, in milliseconds: by its header, in seconds or as a
 * date, or in words as Binance does ("IP banned until 1660000000000"). Null where it names no time.
 */
export function retryAfterOf(header: string | null, body: string, now: EpochMs): number | null {
  const [, until] = /banned until (\d{13})\b/.exec(body) ?? [];
  const waits = [fromHeader(header, now), until === undefined ? null : Number(until) - now];
  const longest = Math.max(...waits.filter((wait) => wait !== null));
  if (longest === -Infinity) return null;
  return Math.min(Math.max(0, Math.ceil(longest)), LONGEST_MS);
}

function fromHeader(header: string | null, now: EpochMs): number | null {
  if (header === null) return null;
  if (/^\d+(?:\.\d+)?$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : date - now;
}
