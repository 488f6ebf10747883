import type { Bar } from '../core/bar.ts';
import { StrategyError } from '../core/errors.ts';
import type { OrderId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { USUAL_TERMS, type OrderTerms, type Signal } from '../core/signal.ts';
import type { Timeframe } from '../core/time.ts';
import type { OpenOrder, PortfolioView } from '../ports/portfolio-view.ts';
import type { BarHistory } from './bar-history.ts';
import { requireWish } from './check-wish.ts';
import type { Entry, Reasoned, StrategyContext } from './strategy.ts';

interface HostContextOptions {
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
  readonly allowShort: boolean;
  readonly history: BarHistory;
  readonly view: Pick<PortfolioView, 'positionOf' | 'openOrders'>;
}

/** The context of one strategy on one symbol, moved on from bar to bar rather than made anew. */
export class HostContext {
  /**
   * What the strategy is given: a frozen object of plain functions, so that they may be taken out
   * of it, and so that nothing else can be reached from it.
   */
  readonly context: StrategyContext;
  readonly #strategy: StrategyId;
  readonly #symbol: SymbolName;
  #bar: Bar | null = null;

  constructor({ strategy, symbol, timeframe, allowShort, history, view }: HostContextOptions) {
    this.#strategy = strategy;
    this.#symbol = symbol;
    this.context = Object.freeze<StrategyContext>({
      symbol,
      timeframe,
      allowShort,
      get position() {
        const position = view.positionOf(strategy, symbol);
        return position === null || position.quantity.isZero ? null : position;
      },
      get orders() {
        return view.openOrders(strategy, symbol);
      },
      history: (count) => history.last(count),
      ...this.#wishes(),
    });
  }

  /** Makes this the bar that signals are dated with; on null none can be made. */
  moveTo(bar: Bar | null): void {
    this.#bar = bar;
  }

  #wishes(): Pick<StrategyContext, 'enter' | 'exit' | 'cancel' | 'replace' | 'protect'> {
    return {
      enter: (entry) => ({
        intent: 'enter',
        ...this.#origin('enter', entry),
        side: entry.side,
        terms: termsOf(entry),
        oneCancelsOther: entry.oneCancelsOther ?? null,
        confidence: entry.confidence ?? 1,
        protection: {
          stopLoss: entry.protection?.stopLoss ?? null,
          takeProfit: entry.protection?.takeProfit ?? null,
        },
      }),
      exit: (exit) => ({ intent: 'exit', ...this.#origin('exit', exit), terms: termsOf(exit) }),
      cancel: (order, cancellation) => ({
        intent: 'cancel',
        ...this.#origin('cancel', cancellation),
        orderId: idOf(order),
      }),
      replace: (order, replacement) => ({
        intent: 'replace',
        ...this.#origin('replace', replacement),
        orderId: idOf(order),
        changes: {
          quantity: replacement.quantity ?? null,
          limitPrice: replacement.limitPrice ?? null,
          stopPrice: replacement.stopPrice ?? null,
          trail: replacement.trail ?? null,
        },
      }),
      protect: (protection) => ({
        intent: 'protect',
        ...this.#origin('protect', protection),
        stopLoss: protection.stopLoss === undefined ? 'keep' : protection.stopLoss,
        takeProfit: protection.takeProfit === undefined ? 'keep' : protection.takeProfit,
      }),
    };
  }

  /** What every signal says of where it came from. */
  #origin(intent: Signal['intent'], wish: Reasoned) {
    requireWish(intent, wish);
    const bar = this.#current();
    return {
      strategy: this.#strategy,
      symbol: this.#symbol,
      barOpenTime: bar.openTime,
      price: bar.close,
      reason: wish.reason,
      conditions: wish.rules?.conditions(bar) ?? [],
    };
  }

  #current(): Bar {
    if (this.#bar !== null) return this.#bar;
    throw new StrategyError(
      `a signal on a symbol with a bar of this instant was expected, was one on ${this.#symbol}, ` +
        'which has none or is still warming up',
    );
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

/** Anything else than an order passes as it is: what it is will be said when it is checked. */
function idOf(order: OpenOrder | OrderId): OrderId {
  return typeof order === 'object' && order !== null && 'id' in order ? order.id : order;
}
