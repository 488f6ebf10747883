import type { Decimal } from '../../core/decimal.ts';
import type { AnyEvent } from '../../core/events.ts';
import type { Fill } from '../../core/fill.ts';
import type { OrderId, TradeId } from '../../core/ids.ts';
import type { EpochMs } from '../../core/time.ts';
import { isFinal, type OrderRequest, type OrderUpdate } from '../../core/order.ts';
import type { RecordedInput } from './recorded-inputs.ts';

/** What became of an order of a run, to its end. */
export interface OrderFate {
  readonly order: OrderRequest;
  /** Open time of the bar whose decision it stems from; null where no decision of the record did. */
  readonly barOpenTime: EpochMs | null;
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
  const fates = new Map<OrderId, Writable>();
  const fees = new Map<TradeId, Decimal>();
  const bars = new Map<number, EpochMs>();
  for (const input of inputs) {
    const hand = handIn(input);
    for (const event of input.events) {
      if (event.type === 'signal.raised') bars.set(event.seq, event.payload.barOpenTime);
      else if (event.type === 'fee.corrected') fees.set(event.payload.tradeId, event.payload.fee);
      else if (event.type === 'order.approved') {
        const barOpenTime = bars.get(event.payload.signalSeq) ?? null;
        fates.set(event.payload.id, { ...begun(event.payload, hand), barOpenTime });
      } else follow(event, fates, hand);
    }
  }
  for (const fate of fates.values()) {
    fate.fills = fate.fills.map((fill) => ({ ...fill, fee: fees.get(fill.tradeId) ?? fill.fee }));
  }
  return fates;
}

function begun(order: OrderRequest, orderedByHand: string | null): Omit<Writable, 'barOpenTime'> {
  return { order, fills: [], end: null, orderedByHand, cancelledByHand: null };
}

/** An order whose outcome is not known may still get one. */
function follow(event: AnyEvent, fates: ReadonlyMap<OrderId, Writable>, hand: string | null): void {
  if (event.type === 'order.filled') {
    fates.get(event.payload.orderId)?.fills.push(event.payload);
  } else if (event.type === 'order.updated') {
    const { orderId, state, reason } = event.payload;
    const fate = fates.get(orderId);
    if (fate !== undefined && (isFinal(state) || state === 'unknown')) fate.end = { state, reason };
  } else if (event.type === 'order.cancel-requested' && hand !== null) {
    const fate = fates.get(event.payload.orderId);
    if (fate !== undefined) fate.cancelledByHand = hand;
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
