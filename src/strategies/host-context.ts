import type { Bar } from '../core/bar.ts';
import { InvariantError } from '../core/errors.ts';
import type { OrderId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Position } from '../core/position.ts';
import { USUAL_TERMS, type OrderTerms, type Signal } from '../core/signal.ts';
import type { Timeframe } from '../core/time.ts';
import type { OpenOrder, PortfolioView } from '../ports/portfolio-view.ts';
import type { BarHistory } from './bar-history.ts';
import type {
  Entry,
  Exit,
  NewProtection,
  Reasoned,
  Replacement,
  StrategyContext,
} from './strategy.ts';

interface HostContextOptions {
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
  readonly allowShort: boolean;
  readonly history: BarHistory;
  readonly view: Pick<PortfolioView, 'positionOf' | 'openOrders'>;
}

/**
 * The context of one strategy on one symbol, moved on from bar to bar rather than made anew.
 * What strategies call are fields bound to it, so that they may be taken out of it.
 */
export class HostContext implements StrategyContext {
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
  readonly allowShort: boolean;
  readonly #strategy: StrategyId;
  readonly #history: BarHistory;
  readonly #view: Pick<PortfolioView, 'positionOf' | 'openOrders'>;
  #bar: Bar | null = null;

  constructor({ strategy, symbol, timeframe, allowShort, history, view }: HostContextOptions) {
    this.symbol = symbol;
    this.timeframe = timeframe;
    this.allowShort = allowShort;
    this.#strategy = strategy;
    this.#history = history;
    this.#view = view;
  }

  /** Makes this the bar that signals are dated with. */
  moveTo(bar: Bar): void {
    this.#bar = bar;
  }

  get position(): Position | null {
    const position = this.#view.positionOf(this.#strategy, this.symbol);
    return position === null || position.quantity.isZero ? null : position;
  }

  readonly history = (count: number): readonly Bar[] => this.#history.last(count);

  get orders(): readonly OpenOrder[] {
    return this.#view.openOrders(this.#strategy, this.symbol);
  }

  readonly enter = (entry: Entry): Signal => ({
    intent: 'enter',
    ...this.#origin(entry),
    side: entry.side,
    terms: termsOf(entry),
    oneCancelsOther: entry.oneCancelsOther ?? null,
    confidence: entry.confidence ?? 1,
    protection: {
      stopLoss: entry.protection?.stopLoss ?? null,
      takeProfit: entry.protection?.takeProfit ?? null,
    },
  });

  readonly exit = (exit: Exit): Signal => ({
    intent: 'exit',
    ...this.#origin(exit),
    terms: termsOf(exit),
  });

  readonly cancel = (order: OpenOrder | OrderId, cancellation: Reasoned): Signal => ({
    intent: 'cancel',
    ...this.#origin(cancellation),
    orderId: idOf(order),
  });

  readonly replace = (order: OpenOrder | OrderId, replacement: Replacement): Signal => ({
    intent: 'replace',
    ...this.#origin(replacement),
    orderId: idOf(order),
    changes: {
      quantity: replacement.quantity ?? null,
      limitPrice: replacement.limitPrice ?? null,
      stopPrice: replacement.stopPrice ?? null,
      trail: replacement.trail ?? null,
    },
  });

  readonly protect = (protection: NewProtection): Signal => ({
    intent: 'protect',
    ...this.#origin(protection),
    stopLoss: protection.stopLoss === undefined ? 'keep' : protection.stopLoss,
    takeProfit: protection.takeProfit === undefined ? 'keep' : protection.takeProfit,
  });

  /** What every signal says of where it came from. */
  #origin({ reason, rules }: Reasoned) {
    const bar = this.#current();
    return {
      strategy: this.#strategy,
      symbol: this.symbol,
      barOpenTime: bar.openTime,
      price: bar.close,
      reason,
      conditions: rules?.conditions(bar) ?? [],
    };
  }

  #current(): Bar {
    if (this.#bar === null) throw new InvariantError('a signal was made before the first bar');
    return this.#bar;
  }
}

/** The usual terms are one object, so that a plain signal is told by it and costs nothing. */
function termsOf({ order, quantity }: Pick<Entry, 'order' | 'quantity'>): OrderTerms {
  if (order === undefined && quantity === undefined) return USUAL_TERMS;
  const { timeInForce, expiresAt, ...pricing } = order ?? { type: 'market' };
  return {
    pricing,
    timeInForce: timeInForce ?? null,
    expiresAt: expiresAt ?? null,
    quantity: quantity ?? null,
  };
}

function idOf(order: OpenOrder | OrderId): OrderId {
  return typeof order === 'string' ? order : order.id;
}
