import type { Slice } from '../core/bar.ts';
import type { SymbolName } from '../core/instrument.ts';
import { CloseHistory } from './close-history.ts';

/** How two symbols move together; `coefficient` is null where that is not known. */
export interface Correlation {
  /** Pearson's r in [−1, 1]. */
  readonly coefficient: number | null;
  /** Returns at common close times that were found, at most the lookback. */
  readonly returns: number;
}

/**
 * Bars kept per bar of lookback. Symbols share only part of their bars: a week has 168 crypto hours
 * and some 33 stock hours, and real series have gaps.
 */
const HISTORY_MULTIPLE = 8;

/** A return near zero is rounded by about 1e-16: deviations this small are noise, not movement. */
const RETURN_NOISE = 1e-15;

/** Remembers closes, in constant time per bar; correlates returns only when it is asked. */
export class CorrelationTracker {
  readonly #lookback: number;
  readonly #histories = new Map<SymbolName, CloseHistory>();

  constructor(lookbackBars: number) {
    this.#lookback = lookbackBars;
  }

  observe({ bars }: Slice): void {
    for (const bar of bars) this.#history(bar.symbol).add(bar.closeTime, bar.close);
  }

  /**
   * Correlation of the simple returns between the latest common close times. Unknown when there are
   * fewer returns than the lookback, when either symbol did not move, or when a price is no number.
   */
  correlation(first: SymbolName, second: SymbolName): Correlation {
    const common = this.#history(first).commonWith(this.#history(second), this.#lookback + 1);
    const returns = Math.max(0, common.first.length - 1);
    if (returns < this.#lookback) return { coefficient: null, returns };
    return {
      coefficient: pearson(simpleReturns(common.first), simpleReturns(common.second)),
      returns,
    };
  }

  #history(symbol: SymbolName): CloseHistory {
    const known = this.#histories.get(symbol);
    if (known !== undefined) return known;
    const history = new CloseHistory(this.#lookback * HISTORY_MULTIPLE + 1);
    this.#histories.set(symbol, history);
    return history;
  }
}

/** Returns between neighbours of a newest-first series. */
function simpleReturns(closes: readonly number[]): readonly number[] {
  return closes.slice(0, -1).map((close, age) => close / (closes[age + 1] ?? Number.NaN) - 1);
}

/** Pearson's r, two passes; null when a side has no usable variance. */
function pearson(first: readonly number[], second: readonly number[]): number | null {
  const deviations = deviationsOf(first);
  const others = deviationsOf(second);
  const floor = first.length * RETURN_NOISE ** 2;
  const variance = dot(deviations, deviations);
  const otherVariance = dot(others, others);
  if (!isUsable(variance, floor) || !isUsable(otherVariance, floor)) return null;
  const coefficient = dot(deviations, others) / Math.sqrt(variance) / Math.sqrt(otherVariance);
  return Math.min(1, Math.max(-1, coefficient));
}

/** False for NaN, and for a variance that overflowed. */
function isUsable(variance: number, floor: number): boolean {
  return variance > floor && variance < Number.POSITIVE_INFINITY;
}

function deviationsOf(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function dot(first: readonly number[], second: readonly number[]): number {
  return first.reduce((sum, value, index) => sum + value * (second[index] ?? Number.NaN), 0);
}
