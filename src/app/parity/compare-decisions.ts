import { toExactJson } from '../../core/exact-json.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { Signal } from '../../core/signal.ts';

/** Wishes of one strategy for one symbol on one bar, where they are not the same. */
export interface DecisionDifference {
  readonly strategy: string;
  readonly symbol: SymbolName;
  readonly backtest: readonly Signal[];
  readonly run: readonly Signal[];
}

/** Where a run and its backtest decided differently on the same instant. */
export function compareDecisions(
  backtest: readonly Signal[],
  run: readonly Signal[],
): readonly DecisionDifference[] {
  const keys = new Set([...run, ...backtest].map(keyOf));
  return [...keys].flatMap((key) => {
    const ofKey = (signal: Signal): boolean => keyOf(signal) === key;
    const [theirs, ours] = [backtest.filter(ofKey), run.filter(ofKey)];
    const [any] = [...ours, ...theirs];
    if (any === undefined || isSameWish(theirs, ours)) return [];
    return [{ strategy: any.strategy, symbol: any.symbol, backtest: theirs, run: ours }];
  });
}

/** Whether the same is wished for; why, and at what price it was thought of, does not count. */
export function isSameWish(one: readonly Signal[], other: readonly Signal[]): boolean {
  return toExactJson(one.map(wishOf)) === toExactJson(other.map(wishOf));
}

/** What is wished for, in a clause; `decides nothing` where nothing is. */
export function wishText(signals: readonly Signal[]): string {
  return signals.length === 0 ? 'decides nothing' : signals.map(textOf).join('; ');
}

function wishOf(signal: Signal): object {
  const { reason: _reason, conditions: _conditions, price: _price, ...wish } = signal;
  return wish;
}

function textOf(signal: Signal): string {
  const { reason } = signal;
  switch (signal.intent) {
    case 'enter': {
      const { side, confidence, terms } = signal;
      const size = terms.quantity === null ? '' : ` ${terms.quantity}`;
      const share = confidence === 1 ? '' : `, confidence ${confidence}`;
      return `wishes to ${side}${size}${share} (${reason})`;
    }
    case 'exit':
      return `wishes to exit (${reason})`;
    case 'cancel':
    case 'replace':
      return `wishes to ${signal.intent} order ${signal.orderId} (${reason})`;
    case 'protect':
      return `wishes to protect the position otherwise (${reason})`;
  }
}

function keyOf({ strategy, symbol }: Signal): string {
  return `${strategy} ${symbol}`;
}
