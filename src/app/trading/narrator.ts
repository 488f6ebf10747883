import type { EngineEvent, EventType } from '../../core/events.ts';
import type { EventBus } from '../../core/event-bus.ts';
import type { OrderId } from '../../core/ids.ts';
import { isFinal, type OrderRequest } from '../../core/order.ts';
import { formatTime } from '../../core/time.ts';

/** One thing that happened, as a line of `paper` and `live` tells it. */
export interface Happening {
  readonly time: string;
  readonly seq: number;
  readonly event: EventType;
  /** Null where it is about no single symbol. */
  readonly symbol: string | null;
  /** One clause without a full stop. */
  readonly text: string;
}

/** Orders that went out and are not over, for what is said of them later. */
type Orders = Map<OrderId, OrderRequest>;
type Telling<T extends EventType> = (event: EngineEvent<T>, orders: Orders) => Said | null;

interface Said {
  readonly symbol: string | null;
  readonly text: string;
}

/** What a trader would want to know of, and how it is put; null for what is no news. */
const TELLINGS: { readonly [T in EventType]?: Telling<T> } = {
  'signal.raised': ({ payload: { symbol, strategy, intent, reason } }) => {
    return { symbol, text: `${strategy} wishes to ${intent}: ${reason}` };
  },
  'order.approved': ({ payload: order }, orders) => {
    orders.set(order.id, order);
    return { symbol: order.symbol, text: `${orderText(order)} goes out` };
  },
  'order.rejected': ({ payload: { order, refusal } }) => {
    return { symbol: order.symbol, text: `${orderText(order)} refused: ${refusal.message}` };
  },
  'order.updated': ({ payload: { orderId, state, reason } }, orders) => {
    // That it was sent and taken is no news to somebody who reads that it went out.
    if (state === 'submitted' || state === 'accepted') return null;
    const symbol = orders.get(orderId)?.symbol ?? null;
    if (isFinal(state)) orders.delete(orderId);
    return { symbol, text: `order ${orderId} ${state}: ${reason}` };
  },
  'order.filled': ({ payload }, orders) => {
    const { symbol, side, quantity, price, fee, orderId, orderState } = payload;
    const part = orderState === 'filled' ? '' : ' in part';
    const done = `${side === 'buy' ? 'bought' : 'sold'} ${quantity.toString()} at ${price.toString()}`;
    if (orderState === 'filled') orders.delete(orderId);
    return { symbol, text: `order ${orderId} filled${part}: ${done}, fee ${fee.toString()}` };
  },
  'fill.exceeded': ({ payload: { symbol, message } }) => ({ symbol, text: message }),
  'position.updated': ({ payload: { symbol, quantity, grossPnl, fees } }) => {
    if (!quantity.isZero) return null;
    const net = grossPnl.minus(fees);
    return { symbol, text: `position closed with ${net.toString()} after fees` };
  },
  'risk.alerted': ({ payload: { kind, message } }) => {
    return { symbol: null, text: `${kind}: ${message}` };
  },
  'operator.commanded': ({ payload: { act, by, reason } }) => {
    return { symbol: null, text: `${act} by ${by}: ${reason}` };
  },
  'gate.changed': ({ payload: { gate, symbol, reason } }) => {
    const text = reason === null ? `entries may pass again (${gate})` : `no entries: ${reason}`;
    return { symbol, text };
  },
  'account.checked': ({ payload: { differences } }) => {
    if (differences.length === 0) return null;
    const text = differences.map(({ message }) => message).join('; ');
    return { symbol: null, text: `the account differs: ${text}` };
  },
  'fee.corrected': ({ payload: { orderId, fee, booked } }) => {
    const text = `fee of order ${orderId} is ${fee.toString()}, was taken for ${booked.toString()}`;
    return { symbol: null, text };
  },
};

interface NarratedSession {
  readonly engine: { readonly bus: Pick<EventBus, 'tap'> };
  onRecorded(listener: () => void): void;
}

/**
 * Tells in words what happens, one line for each thing a trader would want to know of, once it is on
 * record: what could not be recorded did not happen.
 */
export function narrate(session: NarratedSession, tell: (happening: Happening) => void): void {
  const orders: Orders = new Map();
  const happened: Happening[] = [];
  session.engine.bus.tap((event) => {
    const said = saidOf(event.type, event, orders);
    const { ts, seq, type } = event;
    if (said !== null) happened.push({ time: formatTime(ts), seq, event: type, ...said });
    return undefined;
  });
  session.onRecorded(() => {
    for (const each of happened.splice(0)) tell(each);
  });
}

function saidOf<T extends EventType>(type: T, event: EngineEvent<T>, orders: Orders): Said | null {
  return TELLINGS[type]?.(event, orders) ?? null;
}

function orderText(order: OrderRequest): string {
  const { id, side, quantity, role, type } = order;
  const levels = [
    'stopPrice' in order ? ` stop ${order.stopPrice.toString()}` : '',
    'limitPrice' in order ? ` limit ${order.limitPrice.toString()}` : '',
  ].join('');
  return `${role} ${id}: ${type} ${side} ${quantity.toString()}${levels}`;
}
