import { present } from '../core/assert.ts';
import type { Publish } from '../core/event-bus.ts';
import type { FeeCorrection, Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import { isFinal, type OrderRequest } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { AccountMarks } from './account-marks.ts';
import type { ExitHandler } from './exit-handler.ts';
import type { Booking, Ledger } from './ledger.ts';
import type { PendingOrder, PendingOrders } from './pending-orders.ts';
import type { PositionDirectory } from './position-directory.ts';
import type { ProtectionHandler } from './protection-handler.ts';

interface FillHandlerOptions {
  readonly ledger: Ledger;
  readonly marks: AccountMarks;
  readonly positions: PositionDirectory;
  readonly pending: PendingOrders;
  readonly protections: ProtectionHandler;
  readonly exits: ExitHandler;
  readonly update: Publish<'position.updated'>;
  readonly exceed: Publish<'fill.exceeded'>;
  /** Told of an order that a fill brought to its end. */
  readonly settle: (ended: PendingOrder) => void;
  /** Why everything is to be sold; null while nothing is. */
  readonly flattening: () => string | null;
}

/** Books what was executed and what it cost, and sees to what follows for the positions. */
export class FillHandler {
  readonly #options: FillHandlerOptions;

  constructor(options: FillHandlerOptions) {
    this.#options = options;
  }

  filled(fill: Fill): void {
    const { pending, ledger, settle } = this.#options;
    const waiting = pending.find(fill.orderId);
    const order = waiting?.order ?? present(fill.late, `order ${fill.orderId}`);
    pending.applyFill(fill);
    const booking = ledger.apply(fill, order, pending.hasEnded(order.position));
    this.#tell(booking);
    if (booking.left !== null) this.#reduced(booking.left, order, fill);
    if (booking.entered !== null) this.#enlarged(booking.entered, { order, waiting, fill });
    this.#dispute(fill, order, booking);
    if (waiting !== null && isFinal(fill.orderState)) settle(waiting);
  }

  corrected(correction: FeeCorrection): void {
    const { protections, ledger } = this.#options;
    const { owner, left, entered, signalSeq } = ledger.correct(correction);
    const isElsewhere = owner !== null && owner.id !== left?.id && owner.id !== entered?.id;
    if (isElsewhere) this.#tell({ left: owner, entered: null });
    this.#tell({ left, entered });
    if (left !== null) {
      protections.resize(left);
      if (left.quantity.isZero) this.#end(left);
    }
    if (entered === null) return;
    if (protections.guards(entered)) protections.resize(entered);
    else {
      const { orderId, tradeId } = correction;
      protections.adopt(entered, { signalSeq }, entered.entryPrice.toNumber());
      this.#options.exceed({
        orderId,
        tradeId,
        symbol: entered.symbol,
        excess: entered.quantity,
        message:
          `the fee of fill ${tradeId} took ${entered.quantity.toString()} of ${entered.symbol} ` +
          'that was sold before it was known',
      });
    }
  }

  charged(charge: FinancingCharge): void {
    const position = this.#options.ledger.charge(charge);
    this.#tell({ left: position, entered: null });
  }

  #tell({ left, entered }: Booking): void {
    const { positions, marks, update } = this.#options;
    if (left !== null) positions.put(left);
    if (entered !== null) positions.put(entered);
    marks.sync();
    if (left !== null) update(left);
    if (entered !== null) update(entered);
  }

  #reduced(position: Position, order: OrderRequest, fill: Fill): void {
    const { exits, protections } = this.#options;
    if (order.role !== 'entry') exits.onFilled(position, order, fill);
    else protections.resize(position);
    if (position.quantity.isZero) this.#end(position);
  }

  #enlarged(
    position: Position,
    {
      order,
      waiting,
      fill,
    }: {
      readonly order: OrderRequest;
      readonly waiting: PendingOrder | null;
      readonly fill: Fill;
    },
  ): void {
    const { exits, flattening, protections } = this.#options;
    const price = fill.price.toNumber();
    if (order.role === 'entry') {
      const origin = waiting?.origin ?? order.replaces ?? order.id;
      protections.onEntryFilled(position, { order, origin }, price);
    } else protections.adopt(position, order, price);
    const reason = flattening();
    if (reason !== null) exits.flatten(reason);
  }

  #end(position: Position): void {
    this.#options.protections.forget(position);
    this.#options.pending.end(position.id);
  }

  /** What nobody ordered, or nobody held, was executed all the same: trading is not to go on so. */
  #dispute(fill: Fill, { role, quantity }: OrderRequest, { entered }: Booking): void {
    const { tradeId, orderId, symbol, excess } = fill;
    const oversold = role === 'entry' ? null : (entered?.quantity ?? null);
    const beyond = excess ?? oversold;
    if (beyond === null) return;
    const message =
      oversold === null
        ? `at most "${quantity.toString()}" was ordered with ${orderId} in ${symbol}, fill ` +
          `${tradeId} brought "${beyond.toString()}" more`
        : `fill ${tradeId} of exit ${orderId} took "${oversold.toString()}" more of ${symbol} ` +
          'than its position held';
    this.#options.exceed({ tradeId, orderId, symbol, excess: beyond, message });
  }
}
