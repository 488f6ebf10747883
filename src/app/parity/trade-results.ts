import { Decimal } from '../../core/decimal.ts';
import type { EventBus } from '../../core/event-bus.ts';
import type { PositionId } from '../../core/ids.ts';
import type { Position } from '../../core/position.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';

/** The decision that a trade began with. */
export interface TradeKey {
  readonly strategy: string;
  readonly symbol: SymbolName;
  /** Open time of the bar that was decided on. */
  readonly barOpenTime: EpochMs;
}

/** What trades brought in, by the decision that they began with. */
export class TradeResults {
  /** Decisions by the number of their event. */
  readonly #decisions = new Map<number, TradeKey>();
  readonly #keys = new Map<PositionId, string>();
  readonly #positions = new Map<PositionId, Position>();

  watch(bus: Pick<EventBus, 'on'>): void {
    bus.on('signal.raised', ({ seq, payload: { strategy, symbol, barOpenTime } }) => {
      this.#decisions.set(seq, { strategy, symbol, barOpenTime });
      return undefined;
    });
    bus.on('order.approved', ({ payload: { role, position, signalSeq } }) => {
      const decision = this.#decisions.get(signalSeq);
      if (role !== 'entry' || decision === undefined || this.#keys.has(position)) return;
      this.#keys.set(position, textOf(decision));
    });
    bus.on('position.updated', ({ payload }) => {
      this.#positions.set(payload.id, payload);
      return undefined;
    });
  }

  /**
   * Profit or loss after fees in quote currency, what is still open at the last prices; null where
   * no trade came of a decision.
   */
  netOf(key: TradeKey, lastPrice: (symbol: SymbolName) => number | null): Decimal | null {
    const text = textOf(key);
    const own = [...this.#positions.values()].filter(({ id }) => this.#keys.get(id) === text);
    if (own.length === 0) return null;
    return own.reduce((sum, each) => sum.plus(netOf(each, lastPrice(each.symbol))), Decimal.zero);
  }
}

function netOf(position: Position, lastPrice: number | null): Decimal {
  const { grossPnl, fees, financing, quantity, entryPrice, side } = position;
  const realised = grossPnl.minus(fees).minus(financing);
  if (quantity.isZero || lastPrice === null) return realised;
  const gained = quantity.times(Decimal.fromNumber(lastPrice).minus(entryPrice));
  return realised.plus(side === 'long' ? gained : gained.negated());
}

function textOf({ strategy, symbol, barOpenTime }: TradeKey): string {
  return `${barOpenTime} ${strategy} ${symbol}`;
}
