import { describe, expect, it } from 'vitest';
import type { AccountDifference } from '../../../src/core/account-check.ts';
import { EventBus } from '../../../src/core/event-bus.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import { fromExactJson, toExactJson } from '../../../src/core/exact-json.ts';
import { orderId, positionId, tradeId } from '../../../src/core/ids.ts';
import type { Gate, OperatorCommand } from '../../../src/core/operator.ts';
import type { OrderUpdate } from '../../../src/core/order.ts';
import { RiskManager, type RiskSnapshot } from '../../../src/risk/risk-manager.ts';
import {
  decimal,
  entry,
  exit,
  instrument,
  NO_LIMITS,
  position,
  ScriptedPortfolio,
  START,
} from './risk-builders.ts';

/** A risk manager without limits on a bus: the test plays everybody else. */
function world(restored?: RiskSnapshot) {
  const bus = new EventBus({ now: () => START });
  const view = new ScriptedPortfolio();
  view.prices.set('BTC/USD', 100).set('ETH/USD', 100);
  view.hold(position());
  const events: AnyEvent[] = [];
  bus.tap((event) => {
    events.push(event);
  });
  const risk = new RiskManager({ bus, view, limits: NO_LIMITS, instruments: instrument, restored });
  const request = bus.publisher('order.requested');
  const commanded = bus.publisher('operator.commanded');
  const changed = bus.publisher('gate.changed');
  const checked = bus.publisher('account.checked');
  const updated = bus.publisher('order.updated');
  const filled = bus.publisher('order.filled');
  const exceed = bus.publisher('fill.exceeded');
  let orders = restored === undefined ? 0 : 100;
  /** `approved`, or the check and sentence that refused it. */
  const ask = (order: 'entry' | 'exit', symbol = 'BTC/USD'): string => {
    const id = orderId(++orders);
    if (order === 'exit') request(exit({ id }));
    else request(entry({ id, symbol, position: positionId(orders) }));
    const answer = events.at(-1);
    if (answer?.type === 'order.approved') return 'approved';
    return answer?.type === 'order.rejected'
      ? `${answer.payload.refusal.check}: ${answer.payload.refusal.message}`
      : 'no answer';
  };
  const command = (act: OperatorCommand['act'], reason = 'a test') =>
    commanded({ act, reason, by: 'test', at: START });
  const gate = (name: Gate, symbol: string | null, reason: string | null) =>
    changed({ gate: name, symbol, reason });
  const check = (...differences: readonly AccountDifference[]) =>
    checked({ at: START, differences });
  const update = (count: number, state: OrderUpdate['state']) =>
    updated({ orderId: orderId(count), state, reason: '' });
  const alerts = () =>
    events.flatMap(({ type, payload }) =>
      type === 'risk.alerted' ? [`${payload.kind} ${payload.check} ${payload.onBreach}`] : [],
    );
  const stored = () => fromExactJson(toExactJson(risk.snapshot())) as RiskSnapshot;
  return { alerts, ask, check, command, events, exceed, filled, gate, risk, stored, update };
}

const MORE_BTC: AccountDifference = {
  kind: 'balance',
  symbol: 'BTC/USD',
  subject: 'BTC',
  ours: decimal(10),
  theirs: decimal(11),
  message: 'BTC: 11 at the exchange, 10 in the books',
};

describe('gates', () => {
  it('refuse entries by their name, with their reason, while closed', () => {
    const { ask, gate } = world();
    gate('stale-data', 'BTC/USD', 'the last bar is two hours old');
    expect(ask('entry')).toBe('stale-data: the last bar is two hours old');
    expect(ask('entry', 'ETH/USD')).toBe('approved');
    gate('stale-data', 'BTC/USD', null);
    expect(ask('entry')).toBe('approved');
  });

  it('close every symbol where none is named, and open one by one', () => {
    const { ask, gate } = world();
    gate('clock', null, 'the clock is off by 4 s');
    gate('connection', null, 'no connection');
    gate('clock', null, null);
    expect(ask('entry', 'ETH/USD')).toBe('connection: no connection');
  });

  it('never keep an exit away', () => {
    const { ask, gate, check, command } = world();
    gate('errors', null, 'too many errors');
    check(MORE_BTC);
    command('shutdown');
    expect(ask('exit')).toBe('approved');
  });

  it('are assessed in the system layer, and not at all while none was ever closed', () => {
    const { ask, events, gate } = world();
    const last = () =>
      events.flatMap(({ type, payload }) => (type === 'risk.assessed' ? [payload] : [])).at(-1);
    ask('entry');
    const checks = last()?.assessments.map(({ check }) => check) ?? [];
    expect(checks).not.toContain('stale-data');
    gate('stale-data', null, 'no data');
    ask('entry');
    expect(last()?.assessments.at(-1)).toEqual({
      layer: 'system',
      check: 'stale-data',
      limit: 0,
      actual: 1,
      passed: false,
      message: 'no data',
    });
  });

  it('stay closed over a restart', () => {
    const { gate, stored } = world();
    gate('stale-data', 'BTC/USD', 'no data');
    const later = world(stored());
    expect(later.ask('entry')).toBe('stale-data: no data');
    later.gate('stale-data', 'BTC/USD', null);
    expect(later.ask('entry')).toBe('approved');
  });
});

describe('F34: an account that differs from the books', () => {
  it('makes the symbol reduce-only, and says what differs, until a check agrees', () => {
    const { ask, check } = world();
    check(MORE_BTC);
    expect(ask('entry')).toBe(
      'reconciliation: entry o1: BTC/USD may only be reduced: ' +
        'BTC: 11 at the exchange, 10 in the books',
    );
    expect(ask('exit')).toBe('approved');
    expect(ask('entry', 'ETH/USD')).toBe('approved');
    check();
    expect(ask('entry')).toBe('approved');
  });

  it('closes no symbol for a difference in cash', () => {
    const { ask, check } = world();
    check({ ...MORE_BTC, symbol: null, subject: 'USD' });
    expect(ask('entry')).toBe('approved');
  });

  it('is accepted by a resume, until the difference changes or comes back', () => {
    const { ask, check, command } = world();
    const allows = () => ask('entry') === 'approved';
    check(MORE_BTC);
    command('resume');
    expect(allows()).toBe(true);
    // The books moved along with the account: the same difference.
    check({ ...MORE_BTC, ours: decimal(20), theirs: decimal(21) });
    expect(allows()).toBe(true);
    check({ ...MORE_BTC, theirs: decimal(12) });
    expect(allows()).toBe(false);
    command('resume');
    check();
    check({ ...MORE_BTC, theirs: decimal(12) });
    expect(allows()).toBe(false);
  });

  it('is remembered over a restart, accepted or not', () => {
    const { check, command, stored } = world();
    check(MORE_BTC);
    expect(world(stored()).ask('entry')).toMatch(/^reconciliation: /);
    command('resume');
    const later = world(stored());
    later.check(MORE_BTC);
    expect(later.ask('entry')).toBe('approved');
  });

  it('F29: halts trading once for an order that was overfilled', () => {
    const { alerts, ask, check, command } = world();
    const over: AccountDifference = { ...MORE_BTC, kind: 'overfilled-order', subject: 'qsabc' };
    check(over);
    check(over);
    expect(alerts()).toEqual(['halted overfill halt']);
    command('resume');
    check(over);
    expect(alerts()).toEqual(['halted overfill halt', 'resumed overfill halt']);
    expect(ask('entry')).toBe('approved');
  });
});

describe('F01: an order of unknown outcome', () => {
  it.each([
    { fact: 'is found at work', state: 'accepted' },
    { fact: 'is found not to be there', state: 'rejected' },
    { fact: 'is found cancelled', state: 'canceled' },
  ] as const)('closes its symbol to entries until it $fact', ({ state }) => {
    const { ask, update } = world();
    ask('entry');
    update(1, 'unknown');
    expect(ask('entry')).toBe(
      'unknown-order: entry o2: BTC/USD is closed until it is known what became of order o1',
    );
    expect(ask('entry', 'ETH/USD')).toBe('approved');
    expect(ask('exit')).toBe('approved');
    update(1, state);
    expect(ask('entry')).toBe('approved');
  });

  it('closes its symbol also where it was an exit', () => {
    const { ask, update } = world();
    ask('exit');
    update(1, 'unknown');
    expect(ask('entry')).toMatch(/^unknown-order: /);
  });

  it('is known once it fills', () => {
    const { ask, filled, update } = world();
    ask('entry');
    update(1, 'unknown');
    filled({
      tradeId: tradeId(1),
      orderId: orderId(1),
      symbol: 'BTC/USD',
      side: 'buy',
      quantity: decimal(1),
      price: decimal(100),
      rawPrice: decimal(100),
      impact: decimal(0),
      fee: decimal(0),
      commission: null,
      isFeeProvisional: false,
      liquidity: 'taker',
      time: START,
      orderState: 'partially_filled',
    });
    expect(ask('entry')).toBe('approved');
  });

  it('I21: counts with all it may still fill, at its worst price, over a restart', () => {
    const { ask, update, stored } = world();
    ask('entry');
    update(1, 'unknown');
    const { working, barriers } = stored();
    expect(working.map(({ remaining }) => remaining.toString())).toEqual(['10']);
    expect(barriers.unknown).toEqual([{ orderId: 'o1', symbol: 'BTC/USD' }]);
    const later = world(stored());
    expect(later.ask('entry')).toMatch(/^unknown-order: /);
    later.update(1, 'rejected');
    expect(later.ask('entry')).toBe('approved');
    expect(later.stored().working.map(({ order }) => order.id)).toEqual(['o102']);
  });
});

describe('what an operator commands', () => {
  it('halt refuses entries, over a restart too; resume lets them pass', () => {
    const { alerts, ask, command, stored } = world();
    command('halt', 'odd prices');
    expect(ask('entry')).toBe('halted: entry o1: trading is halted by operator: test: odd prices');
    expect(ask('exit')).toBe('approved');
    expect(alerts()).toEqual(['halted operator halt']);
    const later = world(stored());
    expect(later.ask('entry')).toMatch(/^halted: /);
    later.command('resume');
    expect(later.ask('entry')).toBe('approved');
    expect(later.alerts()).toEqual(['resumed operator halt']);
  });

  it('flatten halts and has everything closed', () => {
    const { alerts, ask, command } = world();
    command('flatten');
    expect(alerts()).toEqual(['halted operator flatten']);
    expect(ask('entry')).toMatch(/^halted: /);
  });

  it('flatten has everything closed where trading is halted already, and again when asked again', () => {
    const { alerts, command, risk } = world();
    command('halt', 'odd prices');
    command('flatten', 'get out');
    command('flatten', 'really');
    expect(alerts()).toEqual([
      'halted operator halt',
      'halted operator flatten',
      'halted operator flatten',
    ]);
    expect(risk.halted?.message).toContain('halted before by operator');
  });

  it('shutdown refuses entries and says so, whatever is resumed, and ends with its process', () => {
    const { alerts, ask, command, stored } = world();
    command('shutdown', 'SIGTERM');
    command('resume');
    expect(ask('entry')).toBe('shutdown: entry o1: the program is shutting down: test: SIGTERM');
    expect(ask('exit')).toBe('approved');
    expect(alerts()).toEqual([]);
    expect(world(stored()).ask('entry')).toBe('approved');
  });
});

describe('F29: a fill beyond what was ordered or held', () => {
  it('halts trading with what happened', () => {
    const { exceed, risk, ask } = world();
    const message = 'fill t9 of exit o2 took "1" more of BTC/USD than its position held';
    exceed({
      tradeId: tradeId(9),
      orderId: orderId(2),
      symbol: 'BTC/USD',
      excess: decimal(1),
      message,
    });
    expect(risk.halted).toMatchObject({ check: 'overfill', message, onBreach: 'halt' });
    expect(ask('entry')).toMatch(/^halted: /);
    expect(ask('exit')).toBe('approved');
  });
});
