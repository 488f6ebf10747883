import { describe, expect, it } from 'vitest';
import { decidedOn, signalsOf } from '../../../../src/app/check-strategy/decision-text.ts';

const signal = (symbol: string, reason = 'because') => ({ symbol, reason });
const BTC_AND_ETH = ['BTC/USD', 'ETH/USD'];

describe('what a decision says of each symbol', () => {
  it('is nothing where nothing was decided', () => {
    for (const nothing of [null, undefined, []]) {
      expect(decidedOn(signalsOf(nothing), BTC_AND_ETH)).toEqual([
        { symbol: 'BTC/USD', signals: '', turn: 0 },
        { symbol: 'ETH/USD', signals: '', turn: 0 },
      ]);
    }
  });

  it('is the same of one signal, in a list or alone', () => {
    const alone = decidedOn(signalsOf(signal('ETH/USD')), BTC_AND_ETH);
    expect(alone).toEqual(decidedOn(signalsOf([signal('ETH/USD')]), BTC_AND_ETH));
    expect(alone.map(({ signals }) => signals)).toEqual([
      '',
      '{"symbol":"ETH/USD","reason":"because"}',
    ]);
  });

  it('keeps the order of signals on one symbol, and counts those on others before them', () => {
    const list = [signal('ETH/USD', 'a'), signal('BTC/USD', 'b'), signal('ETH/USD', 'c')];
    const [btc, eth] = decidedOn(list, BTC_AND_ETH);
    expect([btc?.turn, eth?.turn]).toEqual([1, 0]);
    expect(JSON.parse(eth?.signals ?? '')).toEqual([list[0], list[2]]);
  });

  it('counts what is no signal of theirs as said of the first', () => {
    for (const stray of ['buy', 7, signal('SOL/USD'), Promise.resolve()]) {
      const [first, second] = decidedOn(signalsOf(stray), BTC_AND_ETH);
      expect(first?.signals).not.toBe('');
      expect(second?.signals).toBe('');
    }
  });

  it('is some text even where it cannot be written down', () => {
    const endless: { symbol: string; self?: unknown } = { symbol: 'BTC/USD' };
    endless.self = endless;
    const [first] = decidedOn([endless], ['BTC/USD']);
    expect(first?.signals).toMatch(/^what cannot be written down: /);
  });

  it('is read from a list of its own', () => {
    const list = [signal('BTC/USD')];
    const taken = signalsOf(list);
    list.length = 0;
    expect(taken).toHaveLength(1);
  });
});
