import { roundedForReading } from './equity-share.ts';

/** A system limit that was broken: what halts trading. */
export interface Breach {
  readonly check: string;
  readonly limit: number;
  readonly actual: number;
  readonly message: string;
}

/** `limit` is the largest fraction of `opening`, the day's first equity, that may be lost. */
export function checkDailyLoss(
  limit: number | null,
  opening: number,
  equity: number,
): Breach | null {
  if (limit === null || isWithin(limit, opening, equity)) return null;
  const actual = (opening - equity) / opening;
  const message = describe("the day's opening equity", { limit, actual, equity, from: opening });
  return { check: 'daily-loss', limit, actual, message };
}

/** `limit` is the largest fraction that equity may lie below `peak`. */
export function checkDrawdown(limit: number | null, peak: number, equity: number): Breach | null {
  if (limit === null || isWithin(limit, peak, equity)) return null;
  const actual = (peak - equity) / peak;
  const message = describe('the peak of equity', { limit, actual, equity, from: peak });
  return { check: 'drawdown', limit, actual, message };
}

/** Compared as money, so that an account without equity is in breach, not undefined. */
function isWithin(limit: number, from: number, equity: number): boolean {
  return from - equity <= limit * from;
}

interface Loss {
  readonly limit: number;
  readonly actual: number;
  readonly equity: number;
  readonly from: number;
}

function describe(base: string, { limit, actual, equity, from }: Loss): string {
  return (
    `a loss of at most ${percent(limit)} of ${base} was expected, was ${percent(actual)} ` +
    `(${roundedForReading(equity)} after ${roundedForReading(from)})`
  );
}

function percent(fraction: number): string {
  return `${roundedForReading(fraction * 100)} %`;
}
