import { describe, expect, it } from 'vitest';
import type { ExitSignal, WishedPricing } from '../../../src/core/signal.ts';
import { ENTRY, EXIT, setUp, sketch, terms } from './portfolio-script.ts';

const out = (quantity: number | null, pricing: WishedPricing = { type: 'market' }): ExitSignal => ({
  ...EXIT,
  terms: terms({ quantity, pricing }),
});
const limitAt = (limitPrice: number, quantity: number | null = null) =>
  out(quantity, { type: 'limit', limitPrice });

describe('an exit with terms of its own', () => {
  it.each<[string, WishedPricing, string]>([
    ['a limit', { type: 'limit', limitPrice: 110.121 }, 'o4 exit sell limit 10 110.13'],
    ['a stop', { type: 'stop', stopPrice: 95.121 }, 'o4 exit sell stop 10 95.13'],
    [
      'a stop-limit',
      { type: 'stop_limit', stopPrice: 95.121, limitPrice: 94.121 },
      'o4 exit sell stop_limit 10 95.13/94.13',
    ],
    [
      'a trailing stop',
      { type: 'trailing_stop', trail: { kind: 'fraction', fraction: 0.1 } },
      'o4 exit sell trailing_stop 10 90 fraction 0.1',
    ],
  ])('asks for %s, never worse and never later than wished', (_title, pricing, order) => {
    const { signal, open, last } = setUp();
    open();
    signal(out(null, pricing));
    expect(sketch(last())).toBe(order);
  });

  it('shares the group of the position with stop and target', () => {
    const { signal, open, requests } = setUp();
    open();
    signal(limitAt(110, 5), limitAt(120, 5));
    const exits = requests().filter(({ role }) => role !== 'entry');
    expect(exits).toHaveLength(4);
    expect(new Set(exits.map(({ group }) => group)).size).toBe(1);
  });

  it('keeps its time in force', () => {
    const { signal, open, last } = setUp();
    open();
    signal({ ...EXIT, terms: terms({ timeInForce: 'gtd', expiresAt: 7 }) });
    expect(last()).toMatchObject({ timeInForce: 'gtd', expiresAt: 7 });
  });

  it.each([
    ['rounded down to the lot step', 2.123456789, 'o4 exit sell market 2.12345678'],
    ['no more than is held', 25, 'o4 exit sell market 10'],
  ])('is for a part, %s', (_title, quantity, order) => {
    const { signal, open, last } = setUp();
    open();
    signal(out(quantity));
    expect(sketch(last())).toBe(order);
  });

  it.each([
    ['no-position', false, out(1)],
    ['below-minimum', true, out(0.009)],
  ] as const)('is ignored as %s', (reason, isOpen, signal) => {
    const script = setUp();
    if (isOpen) script.open();
    script.signal(signal);
    expect(script.ignored()).toEqual([reason]);
  });

  it('leaves the position, its protection and its entries to go on', () => {
    const { signal, fill, open, lastOf, canceled, portfolio } = setUp({ maxEntries: 2 });
    open();
    signal({ ...ENTRY, terms: terms({ pricing: { type: 'limit', limitPrice: 90 } }) });
    signal(out(4));
    fill(lastOf('exit'), '4', '101');
    expect(canceled()).toEqual([]);
    expect(portfolio.openPositions().map(({ quantity }) => quantity.toString())).toEqual(['6']);
  });
});

describe('market exits', () => {
  it('are together for no more than is held', () => {
    const { signal, open, requests, ignored } = setUp();
    open();
    signal(out(6), out(6), out(6));
    expect(requests().slice(3).map(sketch)).toEqual([
      'o4 exit sell market 6',
      'o5 exit sell market 4',
    ]);
    expect(ignored()).toEqual(['order-pending']);
  });

  it('take back the exits that rest, and go out', () => {
    const { signal, open, canceled, last } = setUp();
    open();
    signal(limitAt(110, 5), limitAt(120, 5), EXIT);
    expect(canceled()).toEqual(['o4', 'o5']);
    expect(sketch(last())).toBe('o6 exit sell market 10');
  });

  it('go out for all though one for a part is under way', () => {
    const { signal, open, last, ignored } = setUp();
    open();
    signal(out(6), EXIT);
    expect(sketch(last())).toBe('o5 exit sell market 10');
    signal(EXIT, limitAt(120));
    expect(ignored()).toEqual(['order-pending', 'order-pending']);
  });

  it('follow a stop that left something, though other exits rest', () => {
    const { signal, fill, lastOf, last, canceled } = setUp();
    signal(ENTRY);
    const entry = lastOf('entry');
    fill(entry, '4', '100', true);
    const stop = lastOf('stop-loss');
    signal(limitAt(120));
    fill(entry, '1', '98', true);
    fill(stop, '4', '97.9');
    expect(canceled()).toContain('o4');
    expect(sketch(last())).toBe('o7 exit sell market 1');
  });
});
