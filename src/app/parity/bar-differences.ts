import { hasSameValues, type Bar } from '../../core/bar.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type { MarketSlice } from './market-slices.ts';
import type { RecordedInput } from './recorded-inputs.ts';

/**
 * How a bar that the run saw differs from the one in the database: the run never saw it (`absent`),
 * saw it too late to decide on (`missed`), saw other values (`revised`), or the database has it no
 * more (`gone`).
 */
export type BarDifferenceKind = 'absent' | 'missed' | 'revised' | 'gone';

export interface BarDifference {
  readonly symbol: SymbolName;
  readonly openTime: EpochMs;
  readonly kind: BarDifferenceKind;
  /** Whether a decision or a fill hung on it. */
  readonly mattered: boolean;
}

interface SeenBar {
  readonly bar: Bar;
  readonly isInTime: boolean;
}

/** Bars of a run, compared with those that a backtest finds. */
export class BarDifferences {
  readonly #found = new Map<string, BarDifference>();

  /** Adds what a session saw, and what the database has of its time. */
  add(stored: readonly MarketSlice[], inputs: readonly RecordedInput[]): void {
    const seen = seenBars(inputs);
    for (const { watched, traded } of stored) {
      for (const bar of [...watched, ...traded]) {
        const key = keyOf(bar);
        this.#note(bar, kindOf(bar, seen.get(key), traded.includes(bar)));
        seen.delete(key);
      }
    }
    for (const { bar } of seen.values()) this.#note(bar, 'gone');
  }

  all(): readonly BarDifference[] {
    return [...this.#found.values()].sort(
      (one, other) => one.openTime - other.openTime || (one.symbol < other.symbol ? -1 : 1),
    );
  }

  at(bar: Pick<Bar, 'symbol' | 'openTime'>): BarDifference | null {
    return this.#found.get(keyOf(bar)) ?? null;
  }

  /** The last one up to a bar, of its own symbol if there is one: what an indicator may carry on. */
  lastUpTo({ symbol, openTime }: Pick<Bar, 'symbol' | 'openTime'>): BarDifference | null {
    const before = this.all().filter((each) => each.openTime <= openTime);
    return before.findLast((each) => each.symbol === symbol) ?? before.at(-1) ?? null;
  }

  matters(difference: BarDifference): void {
    this.#found.set(keyOf(difference), { ...difference, mattered: true });
  }

  #note({ symbol, openTime }: Bar, kind: BarDifferenceKind | null): void {
    if (kind === null) return;
    this.#found.set(keyOf({ symbol, openTime }), { symbol, openTime, kind, mattered: false });
  }
}

function kindOf(bar: Bar, seen: SeenBar | undefined, isTraded: boolean): BarDifferenceKind | null {
  if (seen === undefined) return 'absent';
  if (!hasSameValues(bar, seen.bar)) return 'revised';
  return seen.isInTime || !isTraded ? null : 'missed';
}

function seenBars(inputs: readonly RecordedInput[]): Map<string, SeenBar> {
  const seen = new Map<string, SeenBar>();
  for (const { slice, isInTime, events } of inputs) {
    for (const bar of slice?.bars ?? []) seen.set(keyOf(bar), { bar, isInTime });
    for (const { type, payload } of events) {
      if (type === 'bar.watched') seen.set(keyOf(payload), { bar: payload, isInTime: true });
    }
  }
  return seen;
}

function keyOf({ symbol, openTime }: Pick<Bar, 'symbol' | 'openTime'>): string {
  return `${openTime} ${symbol}`;
}
