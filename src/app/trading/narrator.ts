import type { AnyEvent, EventType } from '../../core/events.ts';
import type { EventBus } from '../../core/event-bus.ts';
import type { OrderId } from '../../core/ids.ts';
import type { OrderRequest } from '../../core/order.ts';
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

const TOLD = [
  'signal.raised',
  'order.approved',
  'order.rejected',
  'order.updated',
  'order.filled',
  'position.updated',
  'risk.alerted',
  'operator.commanded',
  'gate.changed',
  'account.checked',
  'fee.corrected',
] as const satisfies readonly EventType[];

/** Tells what happens on a bus in words, one line for each thing a trader would want to know of. */
export function narrate(bus: Pick<EventBus, 'onAny'>, tell: (happening: Happening) => void): void {
  const orders = new Map<OrderId, OrderRequest>();
  bus.onAny(TOLD, (event) => {
    const told = said(event, orders);
    if (told === null) return;
    const { symbol, text } = told;
    tell({ time: formatTime(event.ts), seq: event.seq, event: event.type, symbol, text });
  });
}

interface Said {
  readonly symbol: string | null;
  readonly text: string;
}

function said(event: AnyEvent, orders: Map<OrderId, OrderRequest>): Said | null {
  switch (event.type) {
    case 'signal.raised': {
      const { symbol, strategy, intent, reason } = event.payload;
      return { symbol, text: `${strategy} wishes to ${intent}: ${reason}` };
    }
    case 'order.approved':
      orders.set(event.payload.id, event.payload);
      return { symbol: event.payload.symbol, text: `${orderText(event.payload)} goes out` };
    case 'order.rejected': {
      const { order, refusal } = event.payload;
      return { symbol: order.symbol, text: `${orderText(order)} refused: ${refusal.message}` };
    }
    default:
      return afterwards(event, orders);
  }
}

function afterwards(event: AnyEvent, orders: Map<OrderId, OrderRequest>): Said | null {
  switch (event.type) {
    case 'order.updated': {
      const { orderId, state, reason } = event.payload;
      // That it was sent and taken is no news to somebody who reads that it went out.
      if (state === 'submitted' || state === 'accepted') return null;
      const order = orders.get(orderId);
      return { symbol: order?.symbol ?? null, text: `order ${orderId} ${state}: ${reason}` };
    }
    case 'order.filled': {
      const { symbol, side, quantity, price, fee, orderId, orderState } = event.payload;
      const part = orderState === 'filled' ? '' : ' in part';
      const done = `${verb(side)} ${quantity.toString()} at ${price.toString()}`;
      const text = `order ${orderId} filled${part}: ${done}, fee ${fee.toString()}`;
      if (orderState === 'filled') orders.delete(orderId);
      return { symbol, text };
    }
    case 'position.updated': {
      const { symbol, quantity, grossPnl, fees } = event.payload;
      if (!quantity.isZero) return null;
      const net = grossPnl.minus(fees);
      return { symbol, text: `position closed with ${net.toString()} after fees` };
    }
    default:
      return surroundings(event);
  }
}

function surroundings(event: AnyEvent): Said | null {
  switch (event.type) {
    case 'risk.alerted':
      return { symbol: null, text: `${event.payload.kind}: ${event.payload.message}` };
    case 'operator.commanded': {
      const { act, by, reason } = event.payload;
      return { symbol: null, text: `${act} by ${by}: ${reason}` };
    }
    case 'gate.changed': {
      const { gate, symbol, reason } = event.payload;
      const text = reason === null ? `entries may pass again (${gate})` : `no entries: ${reason}`;
      return { symbol, text };
    }
    case 'account.checked': {
      const { differences } = event.payload;
      if (differences.length === 0) return null;
      const text = differences.map(({ message }) => message).join('; ');
      return { symbol: null, text: `the account differs: ${text}` };
    }
    case 'fee.corrected': {
      const { orderId, fee, booked } = event.payload;
      const text = `fee of order ${orderId} is ${fee.toString()}, was taken for ${booked.toString()}`;
      return { symbol: null, text };
    }
    default:
      return null;
  }
}

function orderText(order: OrderRequest): string {
  const { id, side, quantity, role, type } = order;
  const levels = [
    'stopPrice' in order ? ` stop ${order.stopPrice.toString()}` : '',
    'limitPrice' in order ? ` limit ${order.limitPrice.toString()}` : '',
  ].join('');
  return `${role} ${id}: ${type} ${side} ${quantity.toString()}${levels}`;
}

function verb(side: 'buy' | 'sell'): string {
  return side === 'buy' ? 'bought' : 'sold';
}
