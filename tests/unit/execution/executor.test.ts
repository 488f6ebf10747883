import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { InvariantError } from '../../../src/core/errors.ts';
import { EventBus } from '../../../src/core/event-bus.ts';
import type { Fill } from '../../../src/core/fill.ts';
import { fromExactJson, toExactJson } from '../../../src/core/exact-json.ts';
import {
  exitGroupOf,
  orderId,
  positionId,
  successorOf,
  tradeId,
  type OrderId,
} from '../../../src/core/ids.ts';
import {
  ORDER_STATES,
  ORDER_TRANSITIONS,
  isFinal,
  type ApprovedOrder,
  type OrderState,
} from '../../../src/core/order.ts';
import { Executor, type ExecutorSnapshot } from '../../../src/execution/executor.ts';
import type { Venue, VenueReports } from '../../../src/ports/venue.ts';
import { hourBar, plainVenue } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

/** Notes what it is told and reports what the test says. */
class ScriptedVenue implements Venue {
  readonly calls: string[] = [];
  readonly submitted: ApprovedOrder[] = [];
  reports: VenueReports | null = null;

  connect(reports: VenueReports): void {
    this.reports = reports;
  }

  submit(order: ApprovedOrder): void {
    this.submitted.push(order);
    this.calls.push(`submit ${order.id}`);
  }

  cancel(id: OrderId, reason: string): void {
    this.calls.push(`cancel ${id}, ${reason}`);
  }

  observe(bar: Bar): void {
    this.calls.push(`observe ${bar.symbol}`);
  }

  quote(): void {}

  settle(): void {
    this.calls.push('settle');
  }
}

function engine(restored: ExecutorSnapshot | null = null) {
  const bus = new EventBus({ now: () => 0 });
  const venue = new ScriptedVenue();
  const executor = new Executor({ bus, venue, restored });
  const events: string[] = [];
  bus.tap((event) => {
    if (event.type === 'order.updated')
      events.push(`${event.payload.orderId} ${event.payload.state}`);
    if (event.type === 'order.filled')
      events.push(`${event.payload.orderId} ${event.payload.orderState}`);
  });
  return {
    bus,
    venue,
    executor,
    events,
    approve: bus.publisher('order.approved'),
    cancel: bus.publisher('order.cancel-requested'),
    arrive: bus.publisher('bar.arrived'),
    close: bus.publisher('slice.closed'),
  };
}

const ORDER = {
  count: 1,
  role: 'entry',
  side: 'buy',
  quantity: '10',
  pricing: { type: 'market' },
} as const;
const EXIT = { ...ORDER, role: 'exit', side: 'sell' } as const;

function fillOf(quantity: string, orderState: Fill['orderState'], count = 1): Fill {
  return {
    tradeId: tradeId(count),
    orderId: orderId(1),
    symbol: 'BTC/USD',
    side: 'buy',
    quantity: Decimal.parse(quantity),
    price: Decimal.one,
    rawPrice: Decimal.one,
    impact: Decimal.zero,
    fee: Decimal.zero,
    commission: null,
    isFeeProvisional: false,
    liquidity: 'taker',
    time: 0,
    orderState,
  };
}

describe('executor', () => {
  it('submits an approved order once it is published as submitted', () => {
    const { approve, venue, events } = engine();
    approve(approvedOrder(ORDER));
    expect(events).toEqual(['o1 submitted']);
    expect(venue.calls).toEqual(['submit o1']);
  });

  it('shows bars to the venue when they arrive and settles when their slice closes', () => {
    const { arrive, close, venue } = engine();
    const bar = hourBar(1, [100, 101, 99, 100, 10]);
    arrive(bar);
    close({ closeTime: bar.closeTime, bars: [bar] });
    expect(venue.calls).toEqual(['observe BTC/USD', 'settle']);
  });

  it('hands cancellations on, with their reason', () => {
    const { approve, cancel, venue } = engine();
    approve(approvedOrder(ORDER));
    cancel({ orderId: orderId(1), reason: 'halted' });
    expect(venue.calls).toEqual(['submit o1', 'cancel o1, halted']);
  });

  it('cancels an order unsent where the cancellation overtook the approval', () => {
    const { approve, cancel, venue, events } = engine();
    cancel({ orderId: orderId(1), reason: 'halted' });
    approve(approvedOrder(ORDER));
    expect(events).toEqual(['o1 canceled']);
    expect(venue.calls).toEqual([]);
  });

  it('keeps a cancellation of a final order from touching later ones', () => {
    const { approve, cancel, close, executor, venue } = engine();
    approve(approvedOrder(ORDER));
    executor.filled(fillOf('10', 'filled'));
    cancel({ orderId: orderId(1), reason: 'too late' });
    close({ closeTime: 0, bars: [] });
    approve(approvedOrder({ ...ORDER, count: 2 }));
    expect(venue.calls).toEqual(['submit o1', 'settle', 'submit o2']);
  });

  it('forgets an overtaking cancellation with the end of the slice', () => {
    const { approve, cancel, close, events } = engine();
    cancel({ orderId: orderId(1), reason: 'refused by risk anyway' });
    close({ closeTime: 0, bars: [] });
    approve(approvedOrder(ORDER));
    expect(events).toEqual(['o1 submitted']);
  });

  it('publishes updates and fills in the order the venue reports them', () => {
    const { approve, executor, events } = engine();
    approve(approvedOrder(ORDER));
    executor.updated({ orderId: orderId(1), state: 'accepted', reason: '' });
    executor.filled(fillOf('4', 'partially_filled', 1));
    executor.filled(fillOf('6', 'filled', 2));
    expect(events).toEqual(['o1 submitted', 'o1 accepted', 'o1 partially_filled', 'o1 filled']);
  });

  it.each([
    { fact: 'nothing', fills: [fillOf('0', 'partially_filled')] },
    { fact: 'a negative quantity', fills: [fillOf('-1', 'partially_filled')] },
    { fact: 'less than all and calls the order filled', fills: [fillOf('9', 'filled')] },
    { fact: 'all and calls the order partly filled', fills: [fillOf('10', 'partially_filled')] },
  ])('stops on a venue that fills $fact', ({ fills }) => {
    const { approve, executor } = engine();
    approve(approvedOrder(ORDER));
    expect(() => fills.forEach((fill) => executor.filled(fill))).toThrow(InvariantError);
  });

  it.each([
    { fact: 'at once', fills: [fillOf('11', 'filled')], excess: '1' },
    {
      fact: 'in sum',
      fills: [fillOf('6', 'partially_filled'), fillOf('6', 'filled')],
      excess: '2',
    },
    { fact: 'and goes on', fills: [fillOf('12', 'partially_filled')], excess: '2' },
    {
      fact: 'after all of it',
      fills: [fillOf('10', 'filled'), fillOf('3', 'filled')],
      excess: '3',
    },
  ])('F29: publishes with its excess what a venue fills beyond the order, $fact', (reported) => {
    const { approve, bus, executor } = engine();
    const published: Fill[] = [];
    bus.on('order.filled', ({ payload }) => {
      published.push(payload);
    });
    approve(approvedOrder(ORDER));
    for (const fill of reported.fills) executor.filled(fill);
    expect(published.map(({ quantity }) => quantity)).toEqual(
      reported.fills.map(({ quantity }) => quantity),
    );
    expect(published.at(-1)?.excess?.toString()).toBe(reported.excess);
    expect(published.slice(0, -1).every(({ excess }) => excess === undefined)).toBe(true);
  });

  it.each(['canceled', 'expired', 'rejected'] as const)(
    'F18: publishes a fill that comes after %s as late, with its order, and keeps that end',
    (state) => {
      const { approve, bus, executor, events } = engine();
      const published: Fill[] = [];
      bus.on('order.filled', ({ payload }) => {
        published.push(payload);
      });
      const order = approvedOrder(ORDER);
      approve(order);
      if (state === 'expired')
        executor.updated({ orderId: order.id, state: 'accepted', reason: '' });
      executor.updated({ orderId: order.id, state, reason: '' });
      executor.filled(fillOf('4', 'partially_filled', 1));
      executor.filled(fillOf('7', 'filled', 2));
      expect(published.map(({ late }) => late)).toEqual([order, order]);
      expect(published.map(({ excess }) => excess?.toString())).toEqual([undefined, '1']);
      expect(events.filter((each) => each.endsWith(state))).toHaveLength(1);
      expect(executor.snapshot().open).toEqual([]);
    },
  );

  it('refuses a late fill of nothing', () => {
    const { approve, executor } = engine();
    approve(approvedOrder(ORDER));
    executor.updated({ orderId: orderId(1), state: 'canceled', reason: '' });
    expect(() => executor.filled(fillOf('0', 'filled'))).toThrow(InvariantError);
  });

  it("takes the venue's word for what an order was that it has forgotten itself", () => {
    const { approve, bus, executor } = engine();
    const published: Fill[] = [];
    bus.on('order.filled', ({ payload }) => {
      published.push(payload);
    });
    const forgotten = approvedOrder(ORDER);
    approve(forgotten);
    executor.updated({ orderId: forgotten.id, state: 'canceled', reason: '' });
    for (let count = 2; count <= 70; count++) {
      approve(approvedOrder({ ...ORDER, count }));
      executor.updated({ orderId: orderId(count), state: 'canceled', reason: '' });
    }
    expect(() => executor.filled(fillOf('4', 'filled', 1))).toThrow(InvariantError);
    executor.filled({ ...fillOf('4', 'filled', 1), late: forgotten });
    expect(published.map(({ late, quantity }) => [late, quantity.toString()])).toEqual([
      [forgotten, '4'],
    ]);
  });

  it('remembers the 64 orders that ended last, and no more', () => {
    const { approve, executor } = engine();
    for (let count = 1; count <= 70; count++) {
      approve(approvedOrder({ ...ORDER, count }));
      executor.updated({ orderId: orderId(count), state: 'canceled', reason: '' });
    }
    const { ended } = executor.snapshot();
    expect(ended.map(({ order }) => order.id)).toEqual(
      Array.from({ length: 64 }, (_, index) => orderId(index + 7)),
    );
    executor.filled({ ...fillOf('4', 'filled', 1), orderId: orderId(7) });
    expect(() => executor.filled({ ...fillOf('4', 'filled', 2), orderId: orderId(6) })).toThrow(
      'an open order was expected in a report of the venue, was "o6"',
    );
  });

  it('goes on from a snapshot: open orders, ended ones in their order, overtaken cancellations', () => {
    const { approve, cancel, executor } = engine();
    for (let count = 1; count <= 70; count++) {
      approve(approvedOrder({ ...ORDER, count }));
      if (count > 3) executor.updated({ orderId: orderId(count), state: 'canceled', reason: '' });
    }
    executor.filled(fillOf('4', 'partially_filled', 1));
    cancel({ orderId: orderId(71), reason: 'too fast' });
    const snapshot = executor.snapshot();
    const text = toExactJson(snapshot);
    const restored = engine(fromExactJson(text) as ExecutorSnapshot);
    expect(toExactJson(restored.executor.snapshot())).toBe(text);
    restored.executor.filled(fillOf('6', 'filled', 2));
    restored.approve(approvedOrder({ ...ORDER, count: 71 }));
    expect(restored.events).toEqual(['o1 filled', 'o71 canceled']);
    expect(restored.executor.snapshot().ended.at(-1)?.order.id).toBe(orderId(71));
    expect(restored.executor.snapshot().ended).toHaveLength(64);
  });

  it('calls a position that follows another one by the name the venue knows', () => {
    const { approve, venue } = engine();
    const position = successorOf(positionId(1), 't9');
    approve({ ...approvedOrder(EXIT), position, group: exitGroupOf(position) });
    const [order] = venue.submitted;
    expect(order?.position).toBe('p1');
    expect(order?.group).toBe('p1-exit');
  });

  it('lets an exit be complete with less than its quantity: its group took the rest', () => {
    const { approve, executor, events } = engine();
    approve(approvedOrder(EXIT));
    executor.filled(fillOf('9', 'filled'));
    expect(events).toEqual(['o1 submitted', 'o1 filled']);
  });

  it('leaves it to the venue how much an order sized at its fill is for', () => {
    const { approve, executor, events } = engine();
    const sizedAtFill = { fraction: 1, maxFunds: null, fixedFee: 'once' } as const;
    approve(approvedOrder({ ...ORDER, sizedAtFill }));
    executor.filled(fillOf('10', 'partially_filled', 1));
    executor.filled(fillOf('2', 'filled', 2));
    expect(events).toEqual(['o1 submitted', 'o1 partially_filled', 'o1 filled']);
    approve(approvedOrder({ ...ORDER, count: 1, sizedAtFill }));
    expect(() => executor.filled(fillOf('0', 'filled'))).toThrow(InvariantError);
  });

  it('publishes what the venue charges for loans', () => {
    const { bus, executor } = engine();
    const charges: string[] = [];
    bus.on('financing.charged', ({ payload }) => {
      charges.push(`${payload.kind} ${payload.amount.toString()}`);
      return undefined;
    });
    executor.charged({ kind: 'interest', amount: Decimal.one, days: 1, time: 0 });
    expect(charges).toEqual(['interest 1']);
  });

  it.each(['updated', 'filled'] as const)(
    'stops on a report (%s) of an unknown order',
    (report) => {
      const { executor } = engine();
      const act = () =>
        report === 'filled'
          ? executor.filled(fillOf('1', 'filled'))
          : executor.updated({ orderId: orderId(1), state: 'accepted', reason: '' });
      expect(act).toThrow('an open order was expected in a report of the venue, was "o1"');
    },
  );

  it('stops on an order approved twice', () => {
    const { approve } = engine();
    approve(approvedOrder(ORDER));
    expect(() => approve(approvedOrder(ORDER))).toThrow(InvariantError);
  });
});

describe('executor with a simulated venue', () => {
  it('stops a position out in the bar it was entered in, before the slice closes', () => {
    const bus = new EventBus({ now: () => 0 });
    void new Executor({ bus, venue: plainVenue() });
    const approve = bus.publisher('order.approved');
    const arrive = bus.publisher('bar.arrived');
    const stopPrice = Decimal.parse('98');
    bus.on('order.filled', ({ payload }) => {
      if (payload.side === 'sell') return;
      approve(approvedOrder({ ...EXIT, count: 2, pricing: { type: 'stop', stopPrice } }));
    });
    const events: string[] = [];
    bus.tap(({ type, seq, causedBy }) => {
      events.push(`${seq} ${type} by ${causedBy}`);
    });
    approve(approvedOrder(ORDER));
    arrive(hourBar(1, [100, 101, 97, 100, 1000]));
    expect(events).toEqual([
      '1 order.approved by null',
      '2 order.updated by 1',
      '3 order.updated by 1',
      '4 bar.arrived by null',
      '5 order.filled by 4',
      '6 order.approved by 5',
      '7 order.updated by 6',
      '8 order.updated by 6',
      '9 order.filled by 6',
    ]);
  });
});

/** States a venue may report. */
const REPORTS = [
  'submitted',
  'accepted',
  'partially_filled',
  'filled',
  'canceled',
  'expired',
  'rejected',
  'unknown',
] as const;
type ReportedState = (typeof REPORTS)[number];

/** How a submitted order comes into each state. */
const PATHS: Readonly<Partial<Record<OrderState, readonly ReportedState[]>>> = {
  submitted: [],
  accepted: ['accepted'],
  partially_filled: ['partially_filled'],
  unknown: ['unknown'],
  filled: ['filled'],
  canceled: ['canceled'],
  expired: ['accepted', 'expired'],
  rejected: ['rejected'],
};

const EDGES = ORDER_STATES.flatMap((from) =>
  REPORTS.map((to) => ({ from, to, path: PATHS[from] ?? null })),
).flatMap(({ from, to, path }) => (path === null ? [] : [{ from, to, path }]));

/** An executor with one exit order of 10 units, and a venue that reports states of it. */
function reporting() {
  const { approve, executor, events } = engine();
  approve(approvedOrder(EXIT));
  let trades = 0;
  const report = (state: ReportedState) => {
    if (state === 'filled' || state === 'partially_filled') {
      executor.filled(fillOf('1', state, ++trades));
    } else executor.updated({ orderId: orderId(1), state, reason: '' });
  };
  return { report, events };
}

/** A fill counts whenever it comes. */
function isLate(from: OrderState, to: ReportedState): boolean {
  return isFinal(from) && (to === 'filled' || to === 'partially_filled');
}

describe('order life cycle as the venue reports it', () => {
  it.each(EDGES.filter(({ from, to }) => ORDER_TRANSITIONS[from].includes(to)))(
    'goes from $from to $to',
    ({ path, to }) => {
      const { report, events } = reporting();
      path.forEach(report);
      report(to);
      expect(events.at(-1)).toBe(`o1 ${to}`);
    },
  );

  it.each(
    EDGES.filter(({ from, to }) => !ORDER_TRANSITIONS[from].includes(to) && !isLate(from, to)),
  )('stops instead of going from $from to $to', ({ path, to }) => {
    const { report, events } = reporting();
    path.forEach(report);
    const before = [...events];
    expect(() => report(to)).toThrow(InvariantError);
    expect(events).toEqual(before);
  });
});
