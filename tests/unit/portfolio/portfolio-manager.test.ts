import { describe, expect, it } from 'vitest';
import { present } from '../../../src/core/assert.ts';
import type { RiskAlert } from '../../../src/core/risk.ts';
import type { SizingSettings } from '../../../src/portfolio/position-sizing.ts';
import { hourBar, sliceOf, START } from '../../support/bars.ts';
import { dec, fillOf } from '../../support/orders.ts';
import { ENTRY, EXIT, ORIGIN, setUp, sketch, terms } from './portfolio-script.ts';

const { strategy, symbol } = ENTRY;

const ALL_IN: SizingSettings = {
  method: 'all_in',
  fraction: 1,
  evaluateAt: 'fill',
  fixedFee: 'once',
};

describe('PortfolioManager', () => {
  it('turns an entry signal into one market order of the planned size', () => {
    const { publish, requests } = setUp();
    publish.signal(ENTRY);
    expect(requests().map(sketch)).toEqual(['o1 entry buy market 10']);
  });

  it('protects a filled entry with a stop and a target around the price it filled at', () => {
    const { open, requests, portfolio } = setUp();
    open('101');
    // Stop 2 % below 101 = 98.98; target at the distance 2 × 2 % of the decision price: 101 + 4.
    expect(requests().slice(1).map(sketch)).toEqual([
      'o2 stop-loss sell stop 10 98.98',
      'o3 take-profit sell limit 10 105',
    ]);
    expect(portfolio.positionOf(strategy, symbol)?.entryPrice.toString()).toBe('101');
  });

  it('replaces the protection when a second part of the entry fills', () => {
    const { publish, last, requests, of } = setUp();
    publish.signal(ENTRY);
    const entry = last();
    publish.filled(fillOf(entry, { quantity: '4', price: '100', partial: true }));
    publish.filled(fillOf(entry, { quantity: '6', price: '110' }));
    expect(of('order.cancel-requested').map((cancel) => cancel.orderId)).toEqual(['o2', 'o3']);
    // Mean entry (4 × 100 + 6 × 110) / 10 = 106; stop 103.88, target 110.
    expect(requests().slice(3).map(sketch)).toEqual([
      'o4 stop-loss sell stop 10 103.88',
      'o5 take-profit sell limit 10 110',
    ]);
  });

  it.each([
    ['a second entry the same way', 'position-open', ENTRY],
    ['an entry against the position', null, { ...ENTRY, side: 'sell' as const }],
    ['an exit', null, EXIT],
  ])('answers %s while holding', (_title, reason, signal) => {
    const { open, publish, of, last } = setUp();
    open();
    publish.signal(signal);
    expect(of('signal.ignored').map((ignored) => ignored.reason)).toEqual(
      reason === null ? [] : [reason],
    );
    expect(last().role).toBe(reason === null ? 'exit' : 'take-profit');
  });

  it.each([
    ['an exit without a position', 'no-position', EXIT],
    ['a short sale that is not allowed', 'shorting-disabled', { ...ENTRY, side: 'sell' as const }],
    ['an entry below the minimum notional', 'below-minimum', { ...ENTRY, confidence: 0.0005 }],
  ])('ignores %s and says why', (_title, reason, signal) => {
    const { publish, of, requests } = setUp();
    publish.signal(signal);
    expect(of('signal.ignored').map((ignored) => ignored.reason)).toEqual([reason]);
    expect(requests()).toEqual([]);
  });

  it('ignores a second entry while the first is under way', () => {
    const { publish, of } = setUp();
    publish.signal(ENTRY);
    publish.signal(ENTRY);
    expect(of('signal.ignored').map((ignored) => ignored.reason)).toEqual(['order-pending']);
  });

  it('does not promise the same cash twice', () => {
    const { publish, requests } = setUp({
      sizing: { method: 'fixed_notional', notional: 8000 },
    });
    publish.signal(ENTRY);
    publish.signal({ ...ENTRY, symbol: 'ETH/USD' });
    // First: 80 at 100 with 1 % costs promise 8,080; 1,920 / 101 = 19.00990099 remain.
    expect(requests().map(sketch)).toEqual([
      'o1 entry buy market 80',
      'o2 entry buy market 19.00990099',
    ]);
  });

  it('may enter again once risk refused the first order', () => {
    const { publish, last, requests } = setUp();
    publish.signal(ENTRY);
    const refusal = { layer: 'system', check: 'halted', limit: 0, actual: 1, message: '' } as const;
    publish.rejected({ order: last(), refusal });
    publish.signal(ENTRY);
    expect(requests()).toHaveLength(2);
  });

  it('cancels an entry under way when the strategy wants out', () => {
    const { publish, of } = setUp();
    publish.signal(ENTRY);
    publish.signal(EXIT);
    expect(of('order.cancel-requested').map((cancel) => cancel.orderId)).toEqual(['o1']);
  });

  it('cancels the rest of an entry once its position shrinks', () => {
    const { publish, last, requests, of, portfolio } = setUp();
    publish.signal(ENTRY);
    publish.filled(fillOf(last(), { quantity: '4', price: '100', partial: true }));
    const stop = present(requests()[1], 'the stop');
    publish.filled(fillOf(stop, { quantity: '4', price: '98' }));
    expect(of('order.cancel-requested').map((cancel) => cancel.orderId)).toEqual(['o1']);
    expect(portfolio.openPositions()).toEqual([]);
  });

  it('stops buying once the strategy wants out of a part-filled entry', () => {
    const { publish, last, of } = setUp();
    publish.signal(ENTRY);
    publish.filled(fillOf(last(), { quantity: '4', price: '100', partial: true }));
    publish.signal(EXIT);
    expect(of('order.cancel-requested').map((cancel) => cancel.orderId)).toEqual(['o1']);
    expect(sketch(last())).toBe('o4 exit sell market 4');
  });

  it('leaves with what was bought after the stop had triggered', () => {
    const { publish, requests, last } = setUp();
    publish.signal(ENTRY);
    const entry = last();
    publish.filled(fillOf(entry, { quantity: '4', price: '100', partial: true }));
    const stop = present(requests()[1], 'the stop');
    publish.filled(fillOf(entry, { quantity: '1', price: '98', partial: true }));
    publish.filled(fillOf(stop, { quantity: '4', price: '97.9' }));
    expect(sketch(last())).toBe('o6 exit sell market 1');
    expect(last().reason).toBe('stop-loss');
  });

  it('cancels what an entry did not fill in its time', () => {
    const { publish, of } = setUp({ entryBars: 2 });
    publish.signal(ENTRY);
    // A night and another symbol's bar lie between: they are no bars to fill in.
    publish.slice(sliceOf(hourBar(17, { close: 100 })));
    publish.slice(sliceOf(hourBar(18, { symbol: 'ETH/USD', close: 5 })));
    expect(of('order.cancel-requested')).toEqual([]);
    publish.slice(sliceOf(hourBar(41, { close: 100 })));
    expect(of('order.cancel-requested')).toEqual([{ orderId: 'o1', reason: 'not filled in time' }]);
  });

  it('adds to a position too small to be sold by itself, and sells both at the end', () => {
    const { publish, last, of, portfolio } = setUp();
    publish.signal(ENTRY);
    const entry = last();
    // 0.001 at 100 is worth 0.1, below the minimum of 1.
    publish.filled(fillOf(entry, { quantity: '0.001', price: '100', partial: true }));
    publish.signal(EXIT);
    publish.updated({ orderId: entry.id, state: 'canceled', reason: '' });
    expect(of('signal.ignored').map(({ reason }) => reason)).toEqual(['below-minimum']);
    publish.signal(ENTRY);
    expect(last()).toMatchObject({ role: 'entry', position: entry.position });
    portfolio.closeOut('end of data');
    expect(sketch(last())).toMatch(/exit sell market 0\.001$/);
  });

  it('asks again for an exit that a fill overtook, for what is left', () => {
    const { open, publish, requests, last } = setUp();
    open();
    const stop = present(requests()[1], 'the stop');
    const target = present(requests()[2], 'the target');
    publish.filled(fillOf(target, { quantity: '7', price: '104', partial: true }));
    const refusal = { layer: 'order', check: 'exit-quantity', limit: 3, actual: 10 } as const;
    publish.rejected({ order: stop, refusal: { ...refusal, message: 'more than held' } });
    expect(sketch(last())).toBe('o4 stop-loss sell stop 3 98');
  });

  it('does not ask again for an exit that risk refused for another reason', () => {
    const { open, publish, requests } = setUp();
    open();
    const stop = present(requests()[1], 'the stop');
    const refusal = {
      layer: 'order',
      check: 'lot-step',
      limit: 0,
      actual: 1,
      message: '',
    } as const;
    publish.rejected({ order: stop, refusal });
    expect(requests()).toHaveLength(3);
  });

  it('cancels entries and keeps positions when trading halts', () => {
    const { open, publish, of, requests } = setUp();
    open();
    publish.signal({ ...ENTRY, symbol: 'ETH/USD' });
    publish.alerted(alert('halt'));
    expect(of('order.cancel-requested').map((cancel) => cancel.orderId)).toEqual(['o4']);
    expect(requests()).toHaveLength(4);
  });

  it('sells everything when a halt says flatten', () => {
    const { open, publish, last } = setUp();
    open();
    publish.alerted(alert('flatten'));
    expect(sketch(last())).toBe('o4 exit sell market 10');
    expect(last().reason).toBe('drawdown');
  });

  it('sells again when the order to sell everything ends unfilled', () => {
    const { open, publish, signal, end, last, requests, portfolio } = setUp();
    open();
    publish.alerted(alert('flatten'));
    signal({ ...ORIGIN, intent: 'cancel', orderId: last().id });
    end(last());
    expect(sketch(last())).toBe('o5 exit sell market 10');
    expect(last().reason).toBe('drawdown');
    // What the venue refuses, and what ends with the data, is not asked for again.
    publish.updated({ orderId: last().id, state: 'rejected', reason: 'too small' });
    portfolio.cancelAll('end of data');
    for (const { id } of portfolio.openOrders(strategy, symbol)) {
      publish.updated({ orderId: id, state: 'canceled', reason: 'end of data' });
    }
    expect(requests()).toHaveLength(5);
  });

  it('sells once an exit that was under way has ended, and stops when trading goes on', () => {
    const { open, publish, signal, end, last, requests } = setUp();
    open();
    signal({ ...EXIT, terms: terms({ timeInForce: 'fok' }) });
    publish.alerted(alert('flatten'));
    expect(requests()).toHaveLength(4);
    end(last());
    expect(sketch(last())).toBe('o5 exit sell market 10');
    publish.alerted({ ...alert('flatten'), kind: 'resumed' });
    end(last());
    expect(requests()).toHaveLength(5);
  });

  it('books what a short costs to borrow, and tells the position', () => {
    const { publish, last, portfolio, of } = setUp({ allowsShort: () => true });
    publish.signal({ ...ENTRY, side: 'sell' });
    const order = last();
    publish.filled(fillOf(order, { quantity: '10', price: '100' }));
    const days = { days: 1, time: START };
    publish.charged({ kind: 'borrow-fee', position: order.position, amount: dec('1.5'), ...days });
    publish.charged({ kind: 'interest', amount: dec('2'), ...days });
    expect(portfolio.cash.toString()).toBe('10996.5');
    expect(portfolio.equity, '10,996.5 − 1,000').toBe(9_996.5);
    expect(of('position.updated').map(({ financing }) => financing.toString())).toEqual([
      '0',
      '1.5',
    ]);
    expect(portfolio.positionOf(strategy, symbol)?.financing.toString()).toBe('1.5');
  });

  it('sizes a short by the same funds as a purchase', () => {
    const { publish, requests, of } = setUp({
      allowsShort: () => true,
      sizing: { method: 'fixed_notional', notional: 50_000 },
    });
    publish.signal({ ...ENTRY, side: 'sell' });
    publish.signal({ ...ENTRY, side: 'sell', symbol: 'ETH/USD' });
    // 10,000 / (100 × 1.01), and nothing is left for the second.
    expect(requests().map(sketch)).toEqual(['o1 entry sell market 99.00990099']);
    expect(of('signal.ignored').map(({ reason }) => reason)).toEqual(['no-cash']);
  });

  it('leaves the size of an all-in entry to the venue, and goes by what filled', () => {
    const { publish, last, portfolio, requests } = setUp({ sizing: ALL_IN });
    publish.signal(ENTRY);
    const order = last();
    expect(order).toMatchObject({ sizedAtFill: { fraction: 1, maxFunds: null, fixedFee: 'once' } });
    publish.filled(fillOf(order, { quantity: '105', price: '94', partial: true }));
    expect(portfolio.openOrders(strategy, symbol)[0]).toMatchObject({
      quantity: dec('105'),
      filled: dec('105'),
    });
    publish.filled(fillOf(order, { quantity: '1', price: '94' }));
    expect(requests().slice(-2).map(sketch)).toEqual([
      'o4 stop-loss sell stop 106 92.12',
      'o5 take-profit sell limit 106 98',
    ]);
    expect(portfolio.openOrders(strategy, symbol)).toHaveLength(4);
  });

  it('marks the account once per slice', () => {
    const { open, publish, of } = setUp();
    open();
    publish.slice(sliceOf(hourBar(1, { close: 110 }), hourBar(1, { symbol: 'ETH/USD', close: 5 })));
    // 10,000 − 1,000 + 10 × 110.
    expect(of('equity.marked').map((mark) => mark.equity)).toEqual([10_000, 10_100]);
  });

  it('puts a protective price that would be below zero on the first tick', () => {
    const { publish, last, requests } = setUp({
      protection: { stopLoss: { crypto: null, stock: null }, takeProfitRatio: null },
    });
    const stopLoss = { kind: 'distance', distance: 500 } as const;
    publish.signal({ ...ENTRY, protection: { stopLoss, takeProfit: null } });
    publish.filled(fillOf(last(), { quantity: '10', price: '100' }));
    expect(requests().slice(1).map(sketch)).toEqual(['o2 stop-loss sell stop 10 0.01']);
  });
});

function alert(onBreach: RiskAlert['onBreach']): RiskAlert {
  const message = 'drawdown';
  return { kind: 'halted', check: 'drawdown', limit: 0.2, actual: 0.3, onBreach, message };
}
