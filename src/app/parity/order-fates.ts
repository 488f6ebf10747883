import type { Decimal } from '../../core/decimal.ts';
import type { AnyEvent } from '../../core/events.ts';
import type { Fill } from '../../core/fill.ts';
import { rootOf, type OrderId, type PositionId, type TradeId } from '../../core/ids.ts';
import type { EpochMs } from '../../core/time.ts';
import { isFinal, type OrderRequest, type OrderUpdate } from '../../core/order.ts';
import type { RecordedInput } from './recorded-inputs.ts';

/** What became of an order of a run, to its end. */
export interface OrderFate {
  readonly order: OrderRequest;
  /** Open time of the bar on which its position was decided; null where the record does not tell. */
  readonly entryBar: EpochMs | null;
  /** In the order they came to be known, with the fee that was settled on at last. */
  readonly fills: readonly Fill[];
  /** How it ended without being filled, or stands where the record ends; null for filled and open. */
  readonly end: Pick<OrderUpdate, 'state' | 'reason'> | null;
  /** Why an operator, or the process itself, had it sent; null where a strategy is behind it. */
  readonly orderedByHand: string | null;
  /** Why an operator, or the process itself, had it taken back; null where nobody did. */
  readonly cancelledByHand: string | null;
}

type Writable = { -readonly [K in keyof OrderFate]: OrderFate[K] } & { fills: Fill[] };

/** What a run's orders came to, read ahead: whether a fill is late or never comes, its end tells. */
export function orderFates(inputs: readonly RecordedInput[]): ReadonlyMap<OrderId, OrderFate> {
  const reader = new FateReader();
  for (const input of inputs) {
    const hand = handIn(input);
    for (const event of input.events) reader.read(event, hand);
  }
  return reader.fates();
}

class FateReader {
  readonly #fates = new Map<OrderId, Writable>();
  readonly #fees = new Map<TradeId, Decimal>();
  readonly #decidedOn = new Map<number, EpochMs>();
  readonly #entryBars = new Map<PositionId, EpochMs>();

  read({ seq, type, payload }: AnyEvent, hand: string | null): void {
    if (type === 'signal.raised') this.#decidedOn.set(seq, payload.barOpenTime);
    else if (type === 'order.approved') this.#begin(payload, hand);
    else if (type === 'order.filled') this.#fates.get(payload.orderId)?.fills.push(payload);
    else if (type === 'fee.corrected') this.#fees.set(payload.tradeId, payload.fee);
    else if (type === 'order.updated') this.#end(payload);
    else if (type === 'order.cancel-requested') this.#cancel(payload.orderId, hand);
  }

  fates(): ReadonlyMap<OrderId, OrderFate> {
    for (const fate of this.#fates.values()) {
      fate.fills = fate.fills.map((fill) => {
        return { ...fill, fee: this.#fees.get(fill.tradeId) ?? fill.fee };
      });
    }
    return this.#fates;
  }

  #begin(order: OrderRequest, orderedByHand: string | null): void {
    const root = rootOf(order.position);
    const entryBar = this.#entryBars.get(root) ?? this.#decidedOn.get(order.signalSeq) ?? null;
    if (entryBar !== null) this.#entryBars.set(root, entryBar);
    const open = { fills: [], end: null, cancelledByHand: null };
    this.#fates.set(order.id, { order, entryBar, orderedByHand, ...open });
  }

  /** An order whose outcome is not known may still get one. */
  #end({ orderId, state, reason }: OrderUpdate): void {
    const fate = this.#fates.get(orderId);
    if (fate !== undefined && (isFinal(state) || state === 'unknown')) fate.end = { state, reason };
  }

  #cancel(id: OrderId, hand: string | null): void {
    const fate = this.#fates.get(id);
    if (fate !== undefined && hand !== null) fate.cancelledByHand = hand;
  }
}

/** What a person, or the process itself, asked for in an input; null where nobody did. */
function handIn({ events }: RecordedInput): string | null {
  const [first] = events;
  if (first?.type === 'operator.commanded') {
    const { act, by, reason } = first.payload;
    return `${act} by ${by}: ${reason}`;
  }
  if (first?.type === 'account.checked') {
    return first.payload.differences.map(({ message }) => message).join('; ') || null;
  }
  return null;
}
