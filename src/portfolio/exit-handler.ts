import { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { ExitOrder, TimeInForce } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { ExitSignal, IgnoreReason } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { Holdings } from './holdings.ts';
import type { OrderDesk } from './order-desk.ts';
import { pricingOf } from './order-pricing.ts';
import type { PendingOrder, PendingOrders } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import type { PositionDirectory } from './position-directory.ts';
import type { ProtectionHandler } from './protection-handler.ts';

interface ExitHandlerOptions {
  readonly settings: Pick<PortfolioSettings, 'instrumentOf'>;
  readonly desk: OrderDesk;
  readonly pending: PendingOrders;
  readonly positions: PositionDirectory;
  readonly holdings: Holdings;
  readonly protections: ProtectionHandler;
}

/** Who wants out of what, and why. */
interface WayOut {
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly reason: string;
  /** `gtc` when absent. */
  readonly timeInForce?: TimeInForce;
  readonly expiresAt?: EpochMs | null;
}

/** Turns wishes to hold less into orders, and sees to what an exit leaves behind. */
export class ExitHandler {
  readonly #options: ExitHandlerOptions;

  constructor(options: ExitHandlerOptions) {
    this.#options = options;
  }

  answer(signal: ExitSignal, signalSeq: number): IgnoreReason | null {
    const { pricing, quantity, timeInForce, expiresAt } = signal.terms;
    const isForAll = pricing.type === 'market' && quantity === null;
    if (!isForAll) return this.#reduce(signal, signalSeq);
    return this.leave({ ...signal, timeInForce: timeInForce ?? 'gtc', expiresAt }, signalSeq);
  }

  /** Out of everything at the market: exits that rest are taken back first. */
  leave(wayOut: WayOut, signalSeq: number): IgnoreReason | null {
    const { strategy, symbol, reason } = wayOut;
    const { desk, holdings, pending, positions } = this.#options;
    // Whatever becomes of the position: who wants out must not go on buying.
    const entries = pending.entriesOf(strategy, symbol);
    for (const entry of entries) desk.cancel(entry, reason);
    const held = positions.of(strategy, symbol);
    if (held.length === 0) return entries.length === 0 ? 'no-position' : null;
    let answer: IgnoreReason | null = 'below-minimum';
    for (const position of held) {
      if (holdings.isLeaving(position)) {
        if (answer !== null) answer = 'order-pending';
      } else if (!holdings.isDust(position)) {
        this.#cancelExits(position, reason);
        this.#sell(position, wayOut, { quantity: holdings.sellable(position), signalSeq });
        answer = null;
      }
    }
    return answer;
  }

  /** A market order for all that is held, on the lot step or not. */
  closeOut(position: Position, reason: string): void {
    this.#sell(position, { reason }, { quantity: position.quantity });
  }

  /** Sells what can be sold; stops and targets stay until the exit has filled. */
  flatten(reason: string): void {
    const { holdings, positions } = this.#options;
    for (const position of positions.all()) {
      if (holdings.isLeaving(position) || holdings.isDust(position)) continue;
      this.#exit(position, reason);
    }
  }

  /**
   * Once a position is closed or its protection took hold, what is left of its entry orders must not
   * enlarge it again. Its other exits are of one group: the venue cuts them to what is held.
   */
  onFilled(position: Position, exit: ExitOrder, fill: Fill): void {
    const { desk, holdings, pending } = this.#options;
    const isOver = position.quantity.isZero;
    if (isOver || exit.role !== 'exit') {
      for (const entry of pending.ofPosition(position.id)) {
        if (entry.order.role === 'entry') desk.cancel(entry, exit.reason);
      }
    }
    // A stop that is through means out: also with what was bought after it had triggered.
    const isStopped = exit.role === 'stop-loss' && fill.orderState === 'filled';
    if (isOver || !isStopped || holdings.isLeaving(position)) return;
    this.#exit(position, 'stop-loss');
  }

  /**
   * An exit ended unfilled: an entry that was to follow it must not go on beside the position that
   * stays.
   */
  onEnded({ strategy, symbol, position: id, role, reason }: ExitOrder): void {
    const { desk, holdings, pending, positions } = this.#options;
    const position = role === 'exit' ? positions.get(id) : null;
    if (position === null || holdings.isDust(position) || holdings.isLeaving(position)) return;
    for (const entry of pending.entriesOf(strategy, symbol)) {
      if (entry.order.position !== id) desk.cancel(entry, `the exit before it ended: ${reason}`);
    }
  }

  /** An exit of a part, or one with prices of its own. */
  #reduce({ strategy, symbol, terms, price, reason }: ExitSignal, signalSeq: number) {
    const { desk, holdings, positions, settings } = this.#options;
    const position = holdings.standing(strategy, symbol);
    if (position === null) {
      if (positions.find(strategy, symbol) === null) return 'no-position';
      return holdings.dust(strategy, symbol) === null ? 'order-pending' : 'below-minimum';
    }
    const { lotStep, tickSize } = settings.instrumentOf(symbol);
    const sellable = holdings.sellable(position);
    const wished =
      terms.quantity === null
        ? sellable
        : Decimal.fromNumber(terms.quantity).toStep(lotStep, 'down').min(sellable);
    if (holdings.isBelowMinimum(position, wished)) return 'below-minimum';
    const side = position.side === 'long' ? 'sell' : 'buy';
    const pricing = pricingOf(terms.pricing, { side, isEntry: false, tickSize, last: price });
    const quantity = pricing.type === 'market' ? wished.min(this.#unasked(position)) : wished;
    if (holdings.isBelowMinimum(position, quantity)) return 'order-pending';
    const { timeInForce, expiresAt } = terms;
    desk.exit(position, {
      role: 'exit',
      pricing,
      quantity,
      reason,
      signalSeq,
      referencePrice: price,
      timeInForce: timeInForce ?? 'gtc',
      expiresAt,
    });
    return null;
  }

  /** What of a position no market order is under way for. */
  #unasked(position: Position): Decimal {
    let left = this.#options.holdings.sellable(position);
    for (const { order, remaining } of this.#exitsOf(position)) {
      if (order.type === 'market') left = left.minus(remaining);
    }
    return left;
  }

  #cancelExits(position: Position, reason: string): void {
    for (const exit of this.#exitsOf(position)) {
      if (exit.order.type !== 'market') this.#options.desk.cancel(exit, reason);
    }
  }

  #exitsOf(position: Position): readonly PendingOrder[] {
    return this.#options.pending
      .ofPosition(position.id)
      .filter(({ order, isLeaving, replacement }) => {
        const isGoing = isLeaving && replacement === null;
        return order.role === 'exit' && !isGoing;
      });
  }

  /** A market order for all that can be sold, in the place of exits that rest. */
  #exit(position: Position, reason: string): void {
    this.#cancelExits(position, reason);
    this.#sell(position, { reason }, { quantity: this.#options.holdings.sellable(position) });
  }

  #sell(
    position: Position,
    { reason, timeInForce = 'gtc', expiresAt = null }: Omit<WayOut, 'strategy' | 'symbol'>,
    order: { readonly quantity: Decimal; readonly signalSeq?: number },
  ): void {
    const { desk, holdings, protections } = this.#options;
    if (order.quantity.isZero) return;
    desk.exit(position, {
      signalSeq: protections.signalSeqOf(position),
      ...order,
      role: 'exit',
      pricing: { type: 'market' },
      reason,
      timeInForce,
      expiresAt,
      referencePrice: holdings.priceOf(position),
    });
  }
}
