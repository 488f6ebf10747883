import { describe, expect, it } from 'vitest';
import type { EntrySignal, WishedPricing } from '../../../src/core/signal.ts';
import { hourBar, sliceOf } from '../../support/bars.ts';
import { dec } from '../../support/orders.ts';
import { ENTRY, EXIT, setUp, sketch, terms } from './portfolio-script.ts';

const SHORT: EntrySignal = { ...ENTRY, side: 'sell', reason: 'dear' };
const withShorts = { allowsShort: () => true };
const wish = (pricing: WishedPricing, change: Partial<EntrySignal> = {}): EntrySignal => ({
  ...ENTRY,
  ...change,
  terms: terms({ pricing }),
});
const limitAt = (limitPrice: number) => wish({ type: 'limit', limitPrice });

describe('an entry with prices of its own', () => {
  it.each<[string, WishedPricing, string, string]>([
    // 1,000 at the price expected: 95, 105, 105, 110.
    ['a limit', { type: 'limit', limitPrice: 95.129 }, '95.12', '95.13'],
    ['a stop', { type: 'stop', stopPrice: 105.121 }, '105.13', '105.12'],
    [
      'a stop-limit',
      { type: 'stop_limit', stopPrice: 105.121, limitPrice: 106.129 },
      '105.13/106.12',
      '105.12/106.13',
    ],
    [
      'a trailing distance from the close',
      { type: 'trailing_stop', trail: { kind: 'distance', distance: 4.005 } },
      '104.01 distance 4.005',
      '95.99 distance 4.005',
    ],
    [
      'a trailing fraction of the close',
      { type: 'trailing_stop', trail: { kind: 'fraction', fraction: 0.05 } },
      '105 fraction 0.05',
      '95 fraction 0.05',
    ],
  ])('asks for %s, never worse and never earlier than wished', (_title, pricing, buy, sell) => {
    const { signal, last } = setUp(withShorts);
    signal(wish(pricing));
    expect(sketch(last())).toContain(` buy ${pricing.type} `);
    expect(sketch(last()).endsWith(` ${buy}`)).toBe(true);
    signal(wish(pricing, { side: 'sell', symbol: 'ETH/USD' }));
    expect(sketch(last()).endsWith(` ${sell}`)).toBe(true);
  });

  it('is sized at the price it is expected to fill at', () => {
    const { signal, last } = setUp();
    signal(limitAt(80));
    expect(sketch(last())).toBe('o1 entry buy limit 12.5 80');
    // The last close is what the venue and risk know the market by.
    expect(last().referencePrice).toBe(100);
  });

  it('keeps the share of a position at the price that risk values it at', () => {
    const { signal, last } = setUp({ maxPositionFraction: 0.05 });
    signal(limitAt(80));
    // 5 % of 10,000 at the close of 100, not at 80.
    expect(last().quantity.toNumber()).toBeCloseTo(5, 6);
    expect(last().quantity.toNumber() * 100).toBeLessThanOrEqual(500);
  });

  it('measures the stop-loss from where it is expected to enter', () => {
    const { signal, last } = setUp();
    const stopLoss = { kind: 'price', price: 78.5 } as const;
    signal({ ...limitAt(80), protection: { stopLoss, takeProfit: null } });
    // 1.9 % below 80 is within the limit of 2 %, 21.5 % below the close would not be.
    expect(last()).toMatchObject({ protection: { stopLoss } });
  });

  it('waits no longer than configured, unless it says how long', () => {
    const { signal, publish, canceled, requests } = setUp({ entryBars: 1 });
    signal(limitAt(95));
    signal({
      ...ENTRY,
      symbol: 'ETH/USD',
      terms: terms({ pricing: { type: 'limit', limitPrice: 95 }, timeInForce: 'gtc' }),
    });
    signal({
      ...ENTRY,
      symbol: 'SOL/USD',
      terms: terms({ timeInForce: 'gtd', expiresAt: 5 }),
    });
    publish.slice(sliceOf(hourBar(1, { symbol: 'SOL/USD', close: 100 })));
    expect(canceled()).toEqual([]);
    publish.slice(sliceOf(hourBar(1, { close: 100 })));
    expect(canceled()).toEqual(['o1']);
    expect(requests().map(({ timeInForce, expiresAt }) => [timeInForce, expiresAt])).toEqual([
      ['gtc', null],
      ['gtc', null],
      ['gtd', 5],
    ]);
  });
});

describe('an entry with a quantity of its own', () => {
  it.each([
    ['is rounded down to the lot step', 1.239, 'o1 entry buy market 1.23'],
    ['is not capped by the sizing method', 50, 'o1 entry buy market 50'],
  ])('%s', (_title, quantity, order) => {
    const { signal, last } = setUp({
      instrumentOf: (symbol) => ({
        symbol,
        assetClass: 'crypto',
        quoteCurrency: 'USD',
        tickSize: dec('0.01'),
        lotStep: dec('0.01'),
        minNotional: dec('1'),
        fees: null,
      }),
    });
    signal({ ...ENTRY, terms: terms({ quantity }) });
    expect(sketch(last())).toBe(order);
  });

  it.each([
    ['below-minimum', { quantity: 1e-9 }],
    ['below-minimum', { quantity: 0.009 }],
    ['no-cash', { quantity: 100 }],
  ] as const)('is ignored as %s', (reason, change) => {
    const { signal, ignored, requests } = setUp();
    signal({ ...ENTRY, terms: terms(change) });
    expect(ignored()).toEqual([reason]);
    expect(requests()).toEqual([]);
  });

  it('need not be paid for while it waits', () => {
    const { signal, last } = setUp();
    signal({
      ...ENTRY,
      terms: terms({ quantity: 200, pricing: { type: 'limit', limitPrice: 90 } }),
    });
    expect(sketch(last())).toBe('o1 entry buy limit 200 90');
  });
});

describe('entries that exclude one another', () => {
  const oneOf = (signal: EntrySignal, name = 'breakout'): EntrySignal => ({
    ...signal,
    oneCancelsOther: name,
  });
  const above = oneOf(wish({ type: 'stop', stopPrice: 105 }));
  const below = oneOf(wish({ type: 'stop', stopPrice: 95 }, { side: 'sell' }));

  it('wait together, each for a position of its own', () => {
    const { signal, requests, ignored } = setUp(withShorts);
    signal(above, below);
    expect(ignored()).toEqual([]);
    const [first, second] = requests();
    expect(first?.group).toBe(second?.group);
    expect(first?.group).not.toBeNull();
    expect(first?.position).not.toBe(second?.position);
  });

  it.each([
    ['another name', oneOf(wish({ type: 'stop', stopPrice: 105 }), 'other')],
    ['no name', wish({ type: 'stop', stopPrice: 105 })],
  ])('leave no room for an entry of %s, which could open a second position', (_title, other) => {
    const { signal, ignored } = setUp({ ...withShorts, maxEntries: 5 });
    signal(above, below, other);
    expect(ignored()).toEqual(['order-pending']);
  });

  it('promise cash once, for the most expensive of them', () => {
    const { signal, last } = setUp({ sizing: { method: 'fixed_notional', notional: 6000 } });
    signal(above, oneOf(limitAt(95)));
    signal({ ...ENTRY, symbol: 'ETH/USD' });
    // 6,000 and 1 % are promised; 3,940 / 101 = 39.00990099.
    expect(sketch(last())).toBe('o3 entry buy market 39.00990099');
  });

  it('are one entry for the count', () => {
    const { signal, fill, end, requests, ignored } = setUp({ ...withShorts, maxEntries: 2 });
    signal(above, below);
    const [first, second] = requests();
    if (first !== undefined) fill(first, '4', '105', true);
    if (second !== undefined) end(second);
    signal(ENTRY);
    expect(ignored()).toEqual([]);
    signal(ENTRY);
    expect(ignored()).toEqual(['position-open']);
  });
});

describe('further entries', () => {
  it('add to the position up to the count, which those that wait are part of', () => {
    const { signal, open, requests, ignored, fill, lastOf, portfolio } = setUp({ maxEntries: 3 });
    const first = open();
    signal(ENTRY, limitAt(95), ENTRY);
    expect(ignored()).toEqual(['position-open']);
    const entries = requests().filter(({ role }) => role === 'entry');
    expect(new Set(entries.map(({ position }) => position))).toEqual(new Set([first.position]));
    const [, second] = entries;
    if (second !== undefined) fill(second, '10', '110');
    expect(portfolio.openPositions().map(({ entryPrice }) => entryPrice.toString())).toEqual([
      '105',
    ]);
    // The newest entry's levels for all that is held, from the mean of the prices.
    expect(sketch(lastOf('stop-loss'))).toBe('o6 stop-loss sell stop 20 102.9');
    expect(sketch(lastOf('take-profit'))).toBe('o7 take-profit sell limit 20 109');
  });

  it('wait for one position before it is open', () => {
    const { signal, requests, ignored } = setUp({ maxEntries: 2 });
    signal(limitAt(95), limitAt(90), limitAt(85));
    expect(ignored()).toEqual(['order-pending']);
    expect(new Set(requests().map(({ position }) => position)).size).toBe(1);
  });

  it('leave the levels of the newest entry to a later fill of an older one', () => {
    const { signal, fill, requests, lastOf } = setUp({ maxEntries: 2 });
    const at = (price: number) => ({ stopLoss: { kind: 'price', price } as const });
    signal({ ...ENTRY, protection: { ...at(99), takeProfit: null } });
    signal({ ...ENTRY, protection: { ...at(98.5), takeProfit: null } });
    const [older, newer] = requests();
    if (newer !== undefined) fill(newer, '10');
    if (older !== undefined) fill(older, '10');
    expect(sketch(lastOf('stop-loss'))).toBe('o5 stop-loss sell stop 20 98.5');
  });

  it('are cancelled once the position is closed', () => {
    const { signal, open, lastOf, fill, canceled } = setUp({ maxEntries: 2 });
    open();
    signal(limitAt(95));
    fill(lastOf('stop-loss'), '10', '98');
    expect(canceled()).toEqual(['o4']);
  });
});

describe('an entry against the position held', () => {
  it('closes it, where nothing else is configured', () => {
    const { signal, open, requests } = setUp(withShorts);
    open();
    signal(SHORT);
    expect(requests().slice(3).map(sketch)).toEqual(['o4 exit sell market 10']);
  });

  const turning = { ...withShorts, oppositeSignal: 'reverse' } as const;

  it('closes it and enters the other way, in that order', () => {
    const { signal, open, requests, ignored } = setUp(turning);
    open();
    signal(SHORT);
    expect(requests().slice(3).map(sketch)).toEqual([
      'o4 exit sell market 10',
      'o5 entry sell market 10',
    ]);
    expect(new Set(requests().map(({ position }) => position)).size).toBe(2);
    expect(ignored()).toEqual([]);
  });

  it('closes only, where shorting is not allowed', () => {
    const { signal, open, requests, ignored } = setUp({ oppositeSignal: 'reverse' });
    open();
    signal(SHORT);
    expect(requests().slice(3).map(sketch)).toEqual(['o4 exit sell market 10']);
    expect(ignored()).toEqual([]);
  });

  it('takes the place of an entry under way', () => {
    const { signal, canceled, last } = setUp(turning);
    signal(ENTRY, SHORT);
    expect(canceled()).toEqual(['o1']);
    expect(sketch(last())).toBe('o2 entry sell market 10');
  });

  it('counts on what the exit brings', () => {
    const all = { method: 'fixed_notional', notional: 50_000 } as const;
    const { signal, open, last, portfolio } = setUp({ ...turning, sizing: all });
    open();
    // 99 units for 9,900 of 10,000.
    expect(portfolio.openPositions()[0]?.quantity.toString()).toBe('99.00990099');
    signal(EXIT, ENTRY);
    // 99.00990099 × 99 = 9,801.98 come back to the 99.01 left: 9,900.99 / 101.
    expect(last().role).toBe('entry');
    expect(last().quantity.toNumber()).toBeCloseTo(98.0296, 3);
  });
});

describe('an entry after an exit of the same moment', () => {
  it.each([
    ['the same way', ENTRY],
    ['the other way', SHORT],
  ])('goes out behind it, %s', (_title, entry) => {
    const { signal, open, requests, ignored } = setUp(withShorts);
    const { position } = open();
    signal(EXIT, entry);
    expect(ignored()).toEqual([]);
    const [exit, next] = requests().slice(3);
    expect([exit?.role, next?.role]).toEqual(['exit', 'entry']);
    expect(next?.position).not.toBe(position);
  });

  it('does not go on when the exit came to nothing', () => {
    const { signal, open, end, canceled, lastOf } = setUp(withShorts);
    open();
    signal(EXIT, SHORT);
    end(lastOf('exit'));
    expect(canceled()).toEqual(['o5']);
  });

  it('goes on when the exit has filled', () => {
    const { signal, open, fill, canceled, lastOf, portfolio } = setUp(withShorts);
    open();
    signal(EXIT, SHORT);
    fill(lastOf('exit'), '10', '99');
    fill(lastOf('entry'), '10', '99');
    expect(canceled()).toEqual([]);
    expect(portfolio.openPositions().map(({ side }) => side)).toEqual(['short']);
  });
});
