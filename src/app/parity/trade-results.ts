import { Decimal } from '../../core/decimal.ts';
import type { EventBus } from '../../core/event-bus.ts';
import { rootOf, type PositionId } from '../../core/ids.ts';
import type { Position } from '../../core/position.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';

/** A trade, by the decision that it began with. */
export interface TradeKey {
  readonly strategy: string;
  readonly symbol: SymbolName;
  /** Open time of the bar that was decided on. */
  readonly entryBar: EpochMs;
}

/** What trades brought in, by the decision that they began with. */
export class TradeResults {
  /** Decisions by the number of their event. */
  readonly #decisions = new Map<number, TradeKey>();
  /** By the id that orders first named a position by. */
  readonly #keys = new Map<PositionId, TradeKey>();
  readonly #positions = new Map<PositionId, Position>();

  watch(bus: Pick<EventBus, 'on'>): void {
    bus.on('signal.raised', ({ seq, payload: { strategy, symbol, barOpenTime } }) => {
      this.#decisions.set(seq, { strategy, symbol, entryBar: barOpenTime });
      return undefined;
    });
    bus.on('order.approved', ({ payload: { role, position, signalSeq } }) => {
      const decision = this.#decisions.get(signalSeq);
      const root = rootOf(position);
      if (role !== 'entry' || decision === undefined || this.#keys.has(root)) return;
      this.#keys.set(root, decision);
    });
    bus.on('position.updated', ({ payload }) => {
      this.#positions.set(payload.id, payload);
      return undefined;
    });
  }

  /** Null for a position that no decision of the record began. */
  entryBarOf(position: PositionId): EpochMs | null {
    return this.#keys.get(rootOf(position))?.entryBar ?? null;
  }

  /**
   * Profit or loss after fees in quote currency, what is still open at the last prices; null where
   * no trade came of a decision.
   */
  netOf(key: TradeKey, lastPrice: (symbol: SymbolName) => number | null): Decimal | null {
    const own = [...this.#positions.values()].filter(({ id }) => {
      const entered = this.#keys.get(rootOf(id));
      return entered !== undefined && isSameTrade(entered, key);
    });
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

export function isSameTrade(one: TradeKey, other: TradeKey): boolean {
  return (
    one.entryBar === other.entryBar &&
    one.strategy === other.strategy &&
    one.symbol === other.symbol
  );
}
