import { Decimal } from '../../../src/core/decimal.ts';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../src/core/event-bus.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import { InvariantError } from '../../../src/core/errors.ts';
import { orderId, positionId, tradeId } from '../../../src/core/ids.ts';
import type { OrderRequest } from '../../../src/core/order.ts';
import type { EpochMs } from '../../../src/core/time.ts';
import type { RiskLimits } from '../../../src/risk/risk-limits.ts';
import { RiskManager, type RiskSnapshot } from '../../../src/risk/risk-manager.ts';
import {
  DAY,
  decimal,
  entry,
  exit,
  HOUR,
  instrument,
  NO_LIMITS,
  position,
  positionLimits,
  ScriptedPortfolio,
  slice,
  START,
  strategy,
  systemLimits,
} from './risk-builders.ts';

/** A risk manager on a bus, with everything said on it. */
function managed(limits: RiskLimits, restored?: RiskSnapshot) {
  const clock = { now: START };
  const bus = new EventBus({ now: () => clock.now });
  const view = new ScriptedPortfolio();
  view.prices.set('BTC/USD', 100).set('ETH/USD', 100);
  const events: AnyEvent[] = [];
  bus.tap((event) => {
    events.push(event);
    return undefined;
  });
  const risk = new RiskManager({
    bus,
    view,
    limits,
    maintenance: 0.25,
    instruments: instrument,
    restored,
  });
  const request = bus.publisher('order.requested');
  const filled = bus.publisher('order.filled');
  const marked = bus.publisher('equity.marked');
  const closed = bus.publisher('slice.closed');
  const updated = bus.publisher('order.updated');

  const mark = (time: EpochMs, equity: number, exposure = 0) => {
    clock.now = time;
    view.equity = equity;
    view.markedAt = time;
    marked({ time, equity, cash: equity, exposure, peak: view.peakEquity, drawdown: 0 });
  };
  /** What risk answered: "approved o1" or "o1 check". */
  const answers = () =>
    events.flatMap(({ type, payload }) => {
      if (type === 'order.approved') return [`approved ${payload.id}`];
      if (type === 'order.rejected') return [`${payload.order.id} ${payload.refusal.check}`];
      return [];
    });
  const ask = (...orders: readonly OrderRequest[]) => {
    for (const order of orders) request(order);
    return answers().slice(-orders.length);
  };
  const alerts = () =>
    events.flatMap(({ type, payload }) => (type === 'risk.alerted' ? [payload] : []));
  const refusals = () =>
    events.flatMap(({ type, payload }) => (type === 'order.rejected' ? [payload.refusal] : []));
  const says = { events, answers, alerts, refusals };
  return { bus, clock, view, risk, ...says, mark, ask, filled, closed, updated };
}

const TENTH = positionLimits({ maxFraction: 0.1 });

describe('RiskManager', () => {
  it('approves an entry within every limit, caused by its request', () => {
    const { ask, events } = managed(TENTH);
    const order = entry();
    expect(ask(order)).toEqual(['approved o1']);
    expect(events.map(({ type, causedBy }) => [type, causedBy])).toEqual([
      ['order.requested', null],
      ['risk.assessed', 1],
      ['order.approved', 1],
    ]);
    expect(events.at(-1)?.payload, 'the order itself, unchanged').toBe(order);
  });

  it('rejects an entry above a limit with the order and the reason', () => {
    const { ask, events } = managed(TENTH);
    const order = entry({ quantity: decimal(11) });
    expect(ask(order)).toEqual(['o1 position-size']);
    expect(events.at(-1)?.payload).toMatchObject({
      order,
      refusal: { layer: 'position', check: 'position-size', limit: 0.1, actual: 0.11 },
    });
  });

  it('is the one publisher of its four events', () => {
    const { bus } = managed(NO_LIMITS);
    const types = ['risk.assessed', 'order.approved', 'order.rejected', 'risk.alerted'] as const;
    for (const type of types) {
      expect(() => bus.publisher(type)).toThrow(InvariantError);
    }
  });

  it('asks the layers in order: position, symbol, portfolio, system', () => {
    const nothing: RiskLimits = {
      position: { maxFraction: 0, stopLoss: { crypto: 0.01, stock: 0.01 }, takeProfitRatio: null },
      symbol: { maxExposure: 0 },
      portfolio: { ...NO_LIMITS.portfolio, maxInvested: 0 },
      system: { ...NO_LIMITS.system, maxOrderNotional: 0 },
    };
    const { position: first, symbol, portfolio } = NO_LIMITS;
    expect(managed(nothing).ask(entry())).toEqual(['o1 position-size']);
    const noSize = { ...nothing, position: { ...nothing.position, maxFraction: null } };
    expect(managed(noSize).ask(entry())).toEqual(['o1 stop-loss']);
    const noPosition = { ...nothing, position: first };
    expect(managed(noPosition).ask(entry())).toEqual(['o1 symbol-exposure']);
    const noSymbol = { ...noPosition, symbol };
    expect(managed(noSymbol).ask(entry())).toEqual(['o1 invested-share']);
    const noPortfolio = { ...noSymbol, portfolio };
    expect(managed(noPortfolio).ask(entry())).toEqual(['o1 order-notional']);
  });

  it('keeps its own limits: changing the object it was made with loosens nothing', () => {
    const mutable = structuredClone(TENTH);
    const { ask } = managed(mutable);
    Object.assign(mutable.position, { maxFraction: 1 });
    expect(ask(entry({ quantity: decimal(11) }))).toEqual(['o1 position-size']);
  });
});

describe('working entries', () => {
  it('count at once: of two requests in one queue the second is refused', () => {
    const { bus, ask, answers } = managed(TENTH);
    // Both requests wait in the queue before risk handles the first of them.
    bus.on('order.cancel-requested', () => {
      ask(entry(), entry({ id: orderId(2), quantity: decimal('0.001') }));
      return undefined;
    });
    bus.publisher('order.cancel-requested')({ orderId: orderId(9), reason: 'trigger' });
    expect(answers()).toEqual(['approved o1', 'o2 position-size']);
  });

  it('count until they are cancelled', () => {
    const { ask, updated } = managed(TENTH);
    ask(entry());
    expect(ask(entry({ id: orderId(2) }))).toEqual(['o2 position-size']);
    updated({ orderId: orderId(1), state: 'canceled', reason: 'test' });
    expect(ask(entry({ id: orderId(3) }))).toEqual(['approved o3']);
  });

  it('become the position they fill: nothing counts twice', () => {
    const { ask, filled, view } = managed(positionLimits({ maxFraction: 0.2 }));
    ask(entry());
    view.hold(position());
    filled({
      tradeId: tradeId(1),
      orderId: orderId(1),
      symbol: 'BTC/USD',
      side: 'buy',
      quantity: decimal(10),
      price: decimal(100),
      rawPrice: decimal(100),
      impact: Decimal.zero,
      fee: decimal(0),
      commission: null,
      isFeeProvisional: false,
      liquidity: 'taker',
      time: START,
      orderState: 'filled',
    });
    expect(ask(entry({ id: orderId(2) }))).toEqual(['approved o2']);
    expect(ask(entry({ id: orderId(3), quantity: decimal('0.001') }))).toEqual([
      'o3 position-size',
    ]);
  });

  it('that were refused count for nothing', () => {
    const { ask } = managed(TENTH);
    ask(entry({ quantity: decimal(11) }));
    expect(ask(entry({ id: orderId(2) }))).toEqual(['approved o2']);
  });
});

describe('exits', () => {
  it('pass every limit, a halt and a lost equity', () => {
    const { ask, view, risk } = managed({
      ...systemLimits({ maxOrdersPerDay: 0, maxOrdersPerMinute: 0, maxOrderNotional: 0 }),
      position: { maxFraction: 0, stopLoss: { crypto: 0, stock: 0 }, takeProfitRatio: null },
      symbol: { maxExposure: 0 },
    });
    view.hold(position());
    risk.halt('operator', 'test');
    view.equity = Number.NaN;
    expect(ask(exit())).toEqual(['approved o2']);
  });

  it('are refused when they make no sense, and halt nothing', () => {
    const { ask, view, risk } = managed(NO_LIMITS);
    view.hold(position());
    expect(ask(exit({ quantity: decimal(11) }))).toEqual(['o2 exit-quantity']);
    expect(ask(exit({ side: 'buy' }))).toEqual(['o2 exit-side']);
    expect(ask(exit({ strategy: strategy('beta') }))).toEqual(['o2 exit-position']);
    expect(risk.halted).toBeNull();
  });

  it('share a quantity: stop and target may each cover the whole position', () => {
    const { ask, view } = managed(NO_LIMITS);
    view.hold(position());
    const stop = exit({ role: 'stop-loss' });
    const target = exit({ id: orderId(3), role: 'take-profit' });
    expect(ask(stop, target)).toEqual(['approved o2', 'approved o3']);
  });

  it('do not use up the order rate', () => {
    const { ask, view } = managed(systemLimits({ maxOrdersPerMinute: 1 }));
    view.hold(position());
    ask(exit(), exit({ id: orderId(3) }));
    expect(ask(entry({ id: orderId(4) }))).toEqual(['approved o4']);
  });
});

describe('order rates', () => {
  it('hold over every sixty seconds and every UTC day', () => {
    const { ask, clock } = managed(systemLimits({ maxOrdersPerMinute: 1, maxOrdersPerDay: 2 }));
    const at = (time: EpochMs, count: number) => {
      clock.now = time;
      return ask(entry({ id: orderId(count) }));
    };
    expect(at(START, 1)).toEqual(['approved o1']);
    expect(at(START + 59_999, 2)).toEqual(['o2 orders-per-minute']);
    expect(at(START + 60_000, 3)).toEqual(['approved o3']);
    expect(at(START + HOUR, 4)).toEqual(['o4 orders-per-day']);
    expect(at(START + DAY, 5)).toEqual(['approved o5']);
  });

  it('go on over a restart', () => {
    const limits = systemLimits({ maxOrdersPerDay: 1 });
    const before = managed(limits);
    before.ask(entry());
    const after = managed(limits, before.risk.snapshot());
    expect(after.ask(entry({ id: orderId(2) }))).toEqual(['o2 orders-per-day']);
  });
});

describe('a broken system limit', () => {
  const limits = systemLimits({ maxDailyLoss: 0.05, maxDrawdown: 0.2, onBreach: 'flatten' });

  it('halts with the mark: one alert, then every entry is refused with its reason', () => {
    const { mark, ask, alerts, refusals } = managed(limits);
    mark(START + HOUR, 9_000);
    mark(START + 2 * HOUR, 8_900);
    expect(ask(entry(), entry({ id: orderId(2) }))).toEqual(['o1 halted', 'o2 halted']);
    expect(alerts()).toMatchObject([{ kind: 'halted', check: 'daily-loss', onBreach: 'flatten' }]);
    expect(refusals()[0]).toMatchObject({ layer: 'system', limit: 0.05, actual: 0.1 });
    expect(refusals()[0]?.message).toContain('halted by daily-loss');
  });

  it('halts at approval too, when equity fell without a mark', () => {
    const { ask, view, alerts } = managed(limits);
    view.equity = 7_000;
    expect(ask(entry())).toEqual(['o1 halted']);
    expect(alerts()).toMatchObject([{ kind: 'halted', check: 'drawdown' }]);
  });

  it('lets entries go on the next day, and after a resume', () => {
    const { mark, ask, view, risk } = managed(limits);
    mark(START + HOUR, 9_000);
    view.dayOpeningEquity = 9_000;
    mark(START + DAY + HOUR, 9_000);
    expect(ask(entry())).toEqual(['approved o1']);
    mark(START + DAY + 2 * HOUR, 7_999);
    expect(ask(entry({ id: orderId(2) }))).toEqual(['o2 halted']);
    view.dayOpeningEquity = 7_999;
    mark(START + 2 * DAY + HOUR, 7_999);
    expect(ask(entry({ id: orderId(3) }))).toEqual(['o3 halted']);
    risk.resume('accepted');
    expect(ask(entry({ id: orderId(4) }))).toEqual(['approved o4']);
  });

  it('survives a restart', () => {
    const before = managed(limits);
    before.mark(START + HOUR, 7_000);
    const after = managed(limits, before.risk.snapshot());
    expect(after.ask(entry())).toEqual(['o1 halted']);
  });
});

describe('a margin call', () => {
  it('refuses entries from then on, until a resume, and goes on approving exits', () => {
    const { mark, ask, view, risk, alerts } = managed(NO_LIMITS);
    view.hold(position({ side: 'short' }));
    mark(START + HOUR, 2_499, 10_000);
    expect(alerts()).toMatchObject([{ kind: 'halted', check: 'margin-call', onBreach: 'flatten' }]);
    expect(ask(entry())).toEqual(['o1 halted']);
    expect(ask(exit({ side: 'buy' }))).toEqual(['approved o2']);
    mark(START + 3 * DAY, 10_000, 0);
    expect(ask(entry())).toEqual(['o1 halted']);
    risk.resume('paid in');
    expect(ask(entry())).toEqual(['approved o1']);
  });

  it('survives a restart', () => {
    const before = managed(NO_LIMITS);
    before.mark(START + HOUR, 100, 10_000);
    const after = managed(NO_LIMITS, before.risk.snapshot());
    expect(after.ask(entry())).toEqual(['o1 halted']);
  });
});

describe('a fault inside risk', () => {
  it.each<[string, (view: ScriptedPortfolio) => void]>([
    ['equity of NaN', (view) => (view.equity = Number.NaN)],
    ['an endless peak', (view) => (view.peakEquity = Number.POSITIVE_INFINITY)],
    ['a last price of NaN', (view) => view.prices.set('BTC/USD', Number.NaN)],
    [
      'a portfolio that throws',
      (view) => {
        view.openPositions = () => {
          throw new TypeError('no positions');
        };
      },
    ],
  ])('refuses the entry and halts: %s', (_title, breakView) => {
    const { ask, view, risk, alerts } = managed(NO_LIMITS);
    view.hold(position());
    breakView(view);
    expect(ask(entry())).toEqual(['o1 risk-error']);
    expect(risk.halted?.check).toBe('risk-error');
    expect(alerts()).toMatchObject([{ kind: 'halted', check: 'risk-error', onBreach: 'halt' }]);
  });

  it('keeps trading halted once the view is well again, until a resume', () => {
    const { ask, view, risk, mark } = managed(NO_LIMITS);
    view.equity = Number.NaN;
    ask(entry());
    mark(START + 2 * DAY, 10_000);
    expect(ask(entry())).toEqual(['o1 halted']);
    risk.resume('repaired');
    expect(ask(entry())).toEqual(['approved o1']);
  });

  it('halts with the mark when equity is no number, and does not stop the bus', () => {
    const { mark, risk, bus } = managed(NO_LIMITS);
    mark(START, Number.NaN);
    expect(risk.halted?.check).toBe('risk-error');
    expect(bus.failure).toBeNull();
  });

  it('refuses a symbol that has no instrument', () => {
    expect(managed(NO_LIMITS).ask(entry({ symbol: 'nonsense' }))).toEqual(['o1 risk-error']);
  });

  it('does not halt for a position that merely has no price yet, but refuses', () => {
    const { ask, view, risk } = managed(TENTH);
    view.hold(position());
    view.prices.delete('BTC/USD');
    expect(ask(entry())).toEqual(['o1 position-size']);
    expect(risk.halted).toBeNull();
  });
});

describe('correlation', () => {
  const correlation = { threshold: 0.8, lookbackBars: 3, maxGroupExposure: 0.15 };
  const limits: RiskLimits = { ...NO_LIMITS, portfolio: { maxInvested: null, correlation } };
  const btc = [100, 101, 100, 102];
  const eth = { together: [50, 50.5, 50, 51], apart: [50, 50.5, 51.5, 51] };

  function holdingEth(closes: readonly number[], warmUp: number) {
    const manager = managed(limits);
    manager.view.hold(position({ id: positionId(2), symbol: 'ETH/USD' }));
    closes.forEach((close, hour) => {
      const next = slice(START + hour * HOUR, { 'BTC/USD': btc[hour] ?? 0, 'ETH/USD': close });
      if (hour < warmUp) manager.risk.observe(next);
      else manager.closed(next);
    });
    return manager;
  }

  // ETH is worth 1,000 already: with the entry's 1,000 the group would hold 0.2 of equity.
  it.each([
    ['refuses', 'learned from slices', eth.together, 0, 'o1 correlated-group'],
    ['refuses', 'learned while warming up', eth.together, 4, 'o1 correlated-group'],
    ['refuses', 'learned from both', eth.together, 2, 'o1 correlated-group'],
    ['approves', 'found low', eth.apart, 2, 'approved o1'],
    ['refuses', 'not known yet', eth.apart.slice(1), 0, 'o1 correlated-group'],
  ] as const)('%s an entry whose correlation was %s', (...row) => {
    const [, , closes, warmUp, answer] = row;
    expect(holdingEth(closes, warmUp).ask(entry())).toEqual([answer]);
  });

  it('is nobody’s business while no other symbol is held', () => {
    expect(managed(limits).ask(entry())).toEqual(['approved o1']);
  });

  it('counts an entry that is still open as held', () => {
    const { ask } = managed(limits);
    expect(ask(entry(), entry({ id: orderId(2), symbol: 'ETH/USD' }))).toEqual([
      'approved o1',
      'o2 correlated-group',
    ]);
  });
});

describe('what risk looked at', () => {
  const assessed = ({ events }: ReturnType<typeof managed>) =>
    events.flatMap(({ type, payload }) => (type === 'risk.assessed' ? [payload] : []));
  const names = (each: ReturnType<typeof assessed>[number] | undefined) =>
    each?.assessments.map(({ check }) => check);

  it('is told of every order, every check in order, before the answer', () => {
    const run = managed(TENTH);
    run.ask(entry());
    expect(assessed(run)[0]?.orderId).toBe('o1');
    expect(names(assessed(run)[0])).toEqual([
      'order-quantity',
      'lot-step',
      'order-price',
      'halted',
      'position-size',
      'stop-loss',
      'symbol-exposure',
      'invested-share',
      'correlated-group',
      'order-notional',
      'orders-per-minute',
      'orders-per-day',
    ]);
    expect(assessed(run)[0]?.assessments.every(({ passed }) => passed)).toBe(true);
  });

  it('ends with the check that refused, whose numbers the refusal has', () => {
    const run = managed(TENTH);
    run.ask(entry({ quantity: decimal(11) }));
    expect(names(assessed(run)[0])?.at(-1)).toBe('position-size');
    const { passed, ...refusal } = assessed(run)[0]?.assessments.at(-1) ?? {};
    expect(passed).toBe(false);
    expect(run.refusals()).toEqual([refusal]);
  });

  it('is for exits the sanity of the order alone', () => {
    const run = managed(TENTH);
    run.view.hold(position());
    run.ask(exit());
    expect(names(assessed(run)[0])).toEqual([
      'order-quantity',
      'lot-step',
      'order-price',
      'exit-position',
      'exit-side',
      'exit-quantity',
    ]);
  });

  it('keeps what was looked at before risk itself failed', () => {
    const run = managed(TENTH);
    run.view.equity = Number.NaN;
    run.ask(entry());
    expect(names(assessed(run)[0])).toEqual([
      'order-quantity',
      'lot-step',
      'order-price',
      'risk-error',
    ]);
  });

  it('cannot be changed by who hears of it', () => {
    const run = managed(TENTH);
    run.ask(entry());
    const [{ assessments } = { assessments: [] }] = assessed(run);
    expect([assessments, ...assessments].every((each) => Object.isFrozen(each))).toBe(true);
  });
});
