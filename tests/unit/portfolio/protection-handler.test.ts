import { describe, expect, it } from 'vitest';
import type { ProtectSignal } from '../../../src/core/signal.ts';
import { hourBar, sliceOf } from '../../support/bars.ts';
import { ENTRY, ORIGIN, setUp, sketch } from './portfolio-script.ts';

const noLimits = { protection: { stopLoss: { crypto: null, stock: null }, takeProfitRatio: null } };
const moved = (levels: Partial<Pick<ProtectSignal, 'stopLoss' | 'takeProfit'>>): ProtectSignal => ({
  ...ORIGIN,
  intent: 'protect',
  stopLoss: 'keep',
  takeProfit: 'keep',
  ...levels,
});
const at = (price: number) => ({ kind: 'price', price }) as const;

describe('protection moved by its strategy', () => {
  it('replaces the leg that moves and keeps the other', () => {
    const { signal, open, canceled, requests } = setUp();
    open();
    signal(moved({ stopLoss: at(99) }));
    expect(canceled()).toEqual(['o2']);
    expect(requests().slice(3).map(sketch)).toEqual(['o4 stop-loss sell stop 10 99']);
    signal(moved({ takeProfit: at(107) }));
    expect(canceled()).toEqual(['o2', 'o3']);
    expect(requests().slice(4).map(sketch)).toEqual(['o5 take-profit sell limit 10 107']);
  });

  it.each([
    ['wider than the limit', { stopLoss: at(90) }],
    ['away', { stopLoss: null }],
  ])('keeps a stop that is taken %s at the limit', (_title, levels) => {
    const { signal, open, lastOf } = setUp();
    open();
    signal(moved(levels));
    expect(sketch(lastOf('stop-loss'))).toBe('o4 stop-loss sell stop 10 98');
  });

  it('may lock in a gain: above the entry', () => {
    const { signal, open, publish, lastOf } = setUp();
    open();
    publish.slice(sliceOf(hourBar(1, { close: 120 })));
    signal(moved({ stopLoss: at(110) }));
    expect(sketch(lastOf('stop-loss'))).toBe('o4 stop-loss sell stop 10 110');
  });

  it.each([
    { wish: 119.994, stands: '119.99', why: 'rounding alone brings it no closer than a tick' },
    { wish: 119.99, stands: '119.99', why: 'it is a tick away' },
    { wish: 120, stands: '119.99', why: 'the market has not passed it' },
    { wish: 130, stands: '130', why: 'the market has passed it, and it is out at the next price' },
  ])('is at $stands where $wish is wished and the market is at 120: $why', ({ wish, stands }) => {
    const { signal, open, publish, lastOf } = setUp();
    open();
    publish.slice(sliceOf(hourBar(1, { close: 120 })));
    signal(moved({ stopLoss: at(wish) }));
    expect(sketch(lastOf('stop-loss'))).toBe(`o4 stop-loss sell stop 10 ${stands}`);
  });

  it('is gone where the strategy takes it away and no limit asks for it', () => {
    const { signal, open, canceled, requests } = setUp(noLimits);
    open();
    signal(moved({ stopLoss: at(95), takeProfit: at(120) }));
    signal(moved({ stopLoss: null, takeProfit: null }));
    expect(canceled()).toEqual(['o2', 'o3']);
    expect(requests()).toHaveLength(3);
  });

  it('has no target once that is taken away, whatever the ratio', () => {
    const { signal, fill, lastOf, requests } = setUp();
    signal(ENTRY);
    fill(lastOf('entry'), '4', '100', true);
    signal(moved({ takeProfit: null }));
    fill(lastOf('entry'), '6', '100');
    expect(requests().slice(3).map(sketch)).toEqual(['o4 stop-loss sell stop 10 98']);
  });

  it('stays where it was moved when more of the entry fills', () => {
    const { signal, fill, lastOf } = setUp();
    signal(ENTRY);
    fill(lastOf('entry'), '4', '100', true);
    signal(moved({ stopLoss: at(99.5), takeProfit: at(107) }));
    fill(lastOf('entry'), '6', '100');
    expect(sketch(lastOf('stop-loss'))).toBe('o6 stop-loss sell stop 10 99.5');
    expect(sketch(lastOf('take-profit'))).toBe('o7 take-profit sell limit 10 107');
  });

  it.each([
    ['no-position', []],
    ['below-minimum', ['0.001']],
  ])('is ignored as %s', (reason, held) => {
    const { signal, fill, end, lastOf, ignored } = setUp();
    if (held.length > 0) {
      signal(ENTRY);
      for (const quantity of held) fill(lastOf('entry'), quantity, '100', true);
      end(lastOf('entry'));
    }
    signal(moved({ stopLoss: at(99) }));
    expect(ignored()).toEqual([reason]);
  });
});

describe('a trailing stop-loss', () => {
  const trailing = { kind: 'trailing_distance', distance: 1.5 } as const;
  const TRAILED = { ...ENTRY, protection: { stopLoss: trailing, takeProfit: null } };

  it('begins its distance from the entry', () => {
    const { signal, fill, lastOf } = setUp();
    signal(TRAILED);
    fill(lastOf('entry'), '10', '101');
    expect(sketch(lastOf('stop-loss'))).toBe(
      'o2 stop-loss sell trailing_stop 10 99.5 distance 1.5',
    );
  });

  it('trails at the limit where it is wider than that', () => {
    const { signal, fill, lastOf } = setUp();
    const stopLoss = { kind: 'trailing_fraction', fraction: 0.1 } as const;
    signal({ ...ENTRY, protection: { stopLoss, takeProfit: null } });
    fill(lastOf('entry'), '10', '101');
    expect(sketch(lastOf('stop-loss'))).toBe(
      'o2 stop-loss sell trailing_stop 10 98.98 fraction 0.02',
    );
  });

  it('does not go back when more of the entry fills', () => {
    const { signal, fill, publish, lastOf } = setUp();
    signal(TRAILED);
    fill(lastOf('entry'), '4', '100', true);
    publish.slice(sliceOf(hourBar(1, { close: 105 })));
    fill(lastOf('entry'), '3', '104', true);
    expect(sketch(lastOf('stop-loss'))).toBe(
      'o4 stop-loss sell trailing_stop 7 103.5 distance 1.5',
    );
    publish.slice(sliceOf(hourBar(2, { close: 104 })));
    fill(lastOf('entry'), '3', '104', true);
    expect(sketch(lastOf('stop-loss'))).toContain(' 103.5 distance');
  });

  it('begins behind the market where a strategy starts it later, within the limit', () => {
    const { signal, open, publish, lastOf } = setUp();
    open();
    publish.slice(sliceOf(hourBar(1, { close: 110 })));
    signal(moved({ stopLoss: trailing }));
    expect(sketch(lastOf('stop-loss'))).toContain(' 108.5 distance 1.5');
    publish.slice(sliceOf(hourBar(2, { close: 99 })));
    signal(moved({ stopLoss: { kind: 'trailing_distance', distance: 1.9 } }));
    // 97.1 would be farther from the entry at 100 than the limit of 2 %.
    expect(sketch(lastOf('stop-loss'))).toContain(' 98 distance 1.9');
  });
});
