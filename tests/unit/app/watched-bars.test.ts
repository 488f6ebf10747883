import { describe, expect, it } from 'vitest';
import { WatchedBars } from '../../../src/app/watched-bars.ts';
import type { Bar, Slice } from '../../../src/core/bar.ts';
import { barAt } from '../strategies/market-fixtures.ts';

function sinkThatTells() {
  const told: string[] = [];
  const names = (bars: readonly Bar[]) => bars.map(({ symbol }) => symbol).join(' ');
  const tell = (what: string) => (slice: Slice) => {
    told.push(`${what} ${names(slice.bars)}`);
  };
  const watched = new WatchedBars(['SPY', 'QQQ'], {
    sink: { warmUp: tell('warm up'), trade: tell('trade'), catchUp: tell('catch up') },
    strategies: { warmUp: tell('strategies warm up') },
    market: { watch: (bars) => void told.push(`watch ${names(bars)}`) },
  });
  return { told, watched };
}

const slice = (...symbols: readonly string[]): Slice => ({
  closeTime: 1,
  bars: symbols.map((symbol) => barAt(0, { symbol })),
});

describe('bars that are only looked at', () => {
  it('reach strategies ahead of the bars that are traded at that instant', () => {
    const { told, watched } = sinkThatTells();
    watched.trade(slice('AAPL', 'QQQ', 'SPY', 'TSLA'));
    expect(told).toEqual(['watch QQQ SPY', 'trade AAPL TSLA']);
  });

  it('mark nothing where nothing is traded', () => {
    const { told, watched } = sinkThatTells();
    watched.trade(slice('SPY'));
    watched.warmUp(slice('SPY'));
    expect(told).toEqual(['watch SPY', 'strategies warm up SPY']);
  });

  it('warm strategies up, and risk and portfolio with what is traded alone', () => {
    const { told, watched } = sinkThatTells();
    watched.warmUp(slice('AAPL', 'SPY'));
    watched.warmUp(slice('AAPL'));
    expect(told).toEqual([
      'strategies warm up SPY',
      'warm up AAPL',
      'strategies warm up ',
      'warm up AAPL',
    ]);
  });
});
