import { present } from '../core/assert.ts';
import type { Decimal } from '../core/decimal.ts';
import type { EventBus } from '../core/event-bus.ts';
import type { OrderId, PositionId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import { isFinal, type OrderRequest } from '../core/order.ts';
import type { Position, PositionSide } from '../core/position.ts';
import type { EpochMs } from '../core/time.ts';

/** A position from its first entry fill to its last exit fill. Money in quote currency. */
export interface RoundTrip {
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly side: PositionSide;
  /** Base units entered over its life. */
  readonly quantity: Decimal;
  readonly entryTime: EpochMs;
  /** Mean entry price, slippage included. */
  readonly entryPrice: Decimal;
  readonly exitTime: EpochMs;
  /** Mean exit price, slippage included. */
  readonly exitPrice: Decimal;
  /** At the prices the fills met, before slippage, fees and financing. */
  readonly grossPnl: Decimal;
  readonly fees: Decimal;
  /** What slippage cost, positive when it hurt: `spreadCost + impactCost`. */
  readonly slippage: Decimal;
  readonly spreadCost: Decimal;
  /** What of the slippage the size of the fills caused. */
  readonly impactCost: Decimal;
  /** Borrow fees of a short, positive when paid. */
  readonly financing: Decimal;
  /** `grossPnl − slippage − fees − financing`. */
  readonly netPnl: Decimal;
  /** `netPnl / (entryPrice × quantity)`, a fraction. */
  readonly netReturn: number;
  /** Null where whoever closed the position gave no reason. */
  readonly exitReason: string | null;
  /** First order that filled into the position; null when it was opened outside the run. */
  readonly entryOrder: OrderId | null;
  /** Last order that filled out of it; null when it was closed outside the run. */
  readonly exitOrder: OrderId | null;
}

interface FilledOrders {
  entry: OrderId | null;
  exit: OrderId | null;
}

/** Collects the round trips of a run: one row for each position that was closed, in that order. */
export class RoundTrips {
  /** Orders that may still fill. */
  readonly #requests = new OpenItems<OrderId, Pick<OrderRequest, 'position' | 'role'>>();
  readonly #filled = new OpenItems<PositionId, FilledOrders>();
  readonly #rows: RoundTrip[] = [];

  get rows(): readonly RoundTrip[] {
    return this.#rows;
  }

  subscribe(bus: Pick<EventBus, 'on'>): undefined {
    bus.on('order.approved', ({ payload }) => {
      this.#requests.set(payload.id, { position: payload.position, role: payload.role });
      return undefined;
    });
    bus.on('order.filled', ({ payload }) => {
      this.#noteFill(payload.orderId);
      if (isFinal(payload.orderState)) this.#requests.delete(payload.orderId);
      return undefined;
    });
    bus.on('order.updated', ({ payload }) => {
      if (isFinal(payload.state)) this.#requests.delete(payload.orderId);
      return undefined;
    });
    bus.on('position.updated', ({ payload }) => {
      if (payload.quantity.isZero) this.#close(payload);
      return undefined;
    });
    return undefined;
  }

  #noteFill(order: OrderId): void {
    const request = this.#requests.get(order);
    if (request === undefined) return;
    const orders = this.#filled.get(request.position) ?? { entry: null, exit: null };
    if (request.role === 'entry') orders.entry ??= order;
    else orders.exit = order;
    this.#filled.set(request.position, orders);
  }

  #close(position: Position): void {
    const orders = this.#filled.get(position.id);
    this.#filled.delete(position.id);
    this.#rows.push(roundTripOf(position, orders ?? { entry: null, exit: null }));
  }
}

function roundTripOf(position: Position, orders: FilledOrders): RoundTrip {
  const closed = `of closed position ${position.id}`;
  const { fees, slippage, impact, financing } = position;
  const grossPnl = position.grossPnl.plus(slippage);
  const netPnl = position.grossPnl.minus(fees).minus(financing);
  const entryValue = position.entryPrice.toNumber() * position.entered.toNumber();
  return {
    strategy: position.strategy,
    symbol: position.symbol,
    side: position.side,
    quantity: position.entered,
    entryTime: position.entryTime,
    entryPrice: position.entryPrice,
    exitTime: present(position.exitTime, `the exit time ${closed}`),
    exitPrice: present(position.exitPrice, `the exit price ${closed}`),
    grossPnl,
    fees,
    slippage,
    spreadCost: slippage.minus(impact),
    impactCost: impact,
    financing,
    netPnl,
    netReturn: netPnl.toNumber() / entryValue,
    exitReason: position.exitReason,
    entryOrder: orders.entry,
    exitOrder: orders.exit,
  };
}
