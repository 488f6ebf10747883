import { present } from '../../../src/core/assert.ts';
import { EventBus } from '../../../src/core/event-bus.ts';
import type { AnyEvent, EventPayloads, EventType } from '../../../src/core/events.ts';
import type { OrderRequest, OrderRole } from '../../../src/core/order.ts';
import {
  USUAL_TERMS,
  type EntrySignal,
  type ExitSignal,
  type OrderTerms,
  type Signal,
} from '../../../src/core/signal.ts';
import { PortfolioManager } from '../../../src/portfolio/portfolio-manager.ts';
import type { PortfolioSettings } from '../../../src/portfolio/portfolio-settings.ts';
import type { PortfolioSnapshot } from '../../../src/portfolio/portfolio-snapshot.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { hourBar, sliceOf, START } from '../../support/bars.ts';
import { BTC, dec, fillOf, strategyId } from '../../support/orders.ts';

export const SETTINGS: PortfolioSettings = {
  maxEntries: 1,
  oppositeSignal: 'close',
  initialCapital: dec(10_000),
  margin: { initial: 1, maintenance: 0.25, borrowRate: 0, interestRate: 0 },
  cashBuffer: 0,
  shareOf: () => 1,
  sizing: { method: 'fixed_notional', notional: 1000 },
  protection: { stopLoss: { crypto: 0.02, stock: 0.03 }, takeProfitRatio: 2 },
  maxPositionFraction: null,
  entryBars: null,
  staleAt: ({ barOpenTime }) => barOpenTime + 3 * HOUR_MS,
  leavesFundsToVenue: false,
  allowsShort: () => false,
  instrumentOf: () => BTC,
  costFraction: () => 0.01,
  atrOf: () => null,
};

export const ENTRY: EntrySignal = {
  intent: 'enter',
  terms: USUAL_TERMS,
  oneCancelsOther: null,
  strategy: strategyId('test'),
  symbol: 'BTC/USD',
  side: 'buy',
  confidence: 1,
  barOpenTime: START,
  price: 100,
  reason: 'cheap',
  conditions: [],
  protection: { stopLoss: null, takeProfit: null },
};
export const ORIGIN = {
  strategy: ENTRY.strategy,
  symbol: ENTRY.symbol,
  barOpenTime: START,
  price: 100,
  conditions: [],
  reason: 'changed my mind',
} as const;
export const EXIT: ExitSignal = {
  ...ORIGIN,
  intent: 'exit',
  terms: USUAL_TERMS,
  reason: 'back at the mean',
};

/** A portfolio alone on a bus: the test plays market, risk, venue and strategies. */
export function setUp(
  change: Partial<PortfolioSettings> = {},
  restored: PortfolioSnapshot | null = null,
) {
  let now = START;
  const bus = new EventBus({ now: () => now });
  const events: AnyEvent[] = [];
  bus.tap((event) => {
    events.push(event);
    return undefined;
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  const portfolio = new PortfolioManager({ bus, settings: { ...SETTINGS, ...change }, restored });
  const publish = {
    slice: bus.publisher('slice.closed'),
    signal: bus.publisher('signal.raised'),
    filled: bus.publisher('order.filled'),
    updated: bus.publisher('order.updated'),
    rejected: bus.publisher('order.rejected'),
    alerted: bus.publisher('risk.alerted'),
    charged: bus.publisher('financing.charged'),
    corrected: bus.publisher('fee.corrected'),
    commanded: bus.publisher('operator.commanded'),
  };
  if (restored === null) publish.slice(sliceOf(hourBar(0, { close: 100 })));
  const of = <T extends EventType>(type: T): readonly EventPayloads[T][] =>
    events.flatMap((event) => (event.type === type ? [event.payload as EventPayloads[T]] : []));
  const requests = () => of('order.requested');
  const last = (): OrderRequest => present(requests().at(-1), 'the last request');
  /** Enters and has the whole entry filled at that price. */
  const open = (at = '100') => {
    publish.signal(ENTRY);
    const order = last();
    publish.filled(fillOf(order, { quantity: order.quantity.toString(), price: at }));
    return order;
  };
  const ignored = () => of('signal.ignored').map(({ reason }) => reason);
  const canceled = () => of('order.cancel-requested').map(({ orderId }) => orderId);
  /** The last request of that role. */
  const lastOf = (role: OrderRole): OrderRequest =>
    present(
      requests().findLast((order) => order.role === role),
      `a request of a ${role}`,
    );
  /** The venue confirms that an order was cancelled. */
  const end = ({ id }: OrderRequest, state: 'canceled' | 'expired' = 'canceled') =>
    publish.updated({ orderId: id, state, reason: 'as asked' });
  const fill = (order: OrderRequest, quantity: string, at = '100', partial = false) =>
    publish.filled(fillOf(order, { quantity, price: at, partial }));
  const signal = (...signals: readonly Signal[]) => {
    for (const each of signals) publish.signal(each);
  };
  return {
    pass,
    signal,
    fill,
    end,
    ignored,
    canceled,
    lastOf,
    portfolio,
    publish,
    of,
    requests,
    last,
    open,
  };
}

/** Terms that differ from the usual ones. */
export const terms = (change: Partial<OrderTerms>): OrderTerms => ({ ...USUAL_TERMS, ...change });

const pricesOf = (order: OrderRequest): string => {
  switch (order.type) {
    case 'market':
      return '';
    case 'limit':
      return order.limitPrice.toString();
    case 'stop':
      return order.stopPrice.toString();
    case 'stop_limit':
      return `${order.stopPrice.toString()}/${order.limitPrice.toString()}`;
    case 'trailing_stop': {
      const { trail, stopPrice } = order;
      const size = trail.kind === 'distance' ? trail.distance : trail.fraction;
      return `${stopPrice.toString()} ${trail.kind} ${size.toString()}`;
    }
  }
};

/** `o1 entry buy limit 10 95`. */
export const sketch = (order: OrderRequest): string => {
  const { id, role, side, type, quantity } = order;
  return `${id} ${role} ${side} ${type} ${quantity.toString()} ${pricesOf(order)}`.trim();
};
