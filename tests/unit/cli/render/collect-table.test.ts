import { describe, expect, it } from 'vitest';
import type { CollectedSeries } from '../../../../src/app/collect-report.ts';
import { nextStep, renderCollected } from '../../../../src/cli/render/collect-table.ts';

function collected(change: Partial<CollectedSeries> = {}): CollectedSeries {
  return {
    exchange: 'alpaca',
    symbol: 'AAPL',
    timeframe: '1d',
    adjustment: 'raw',
    status: 'completed',
    inserted: 251,
    unchanged: 0,
    revised: 0,
    quarantined: 0,
    outliers: 0,
    gaps: 0,
    from: '2024-01-02T00:00:00Z',
    to: '2024-12-31T00:00:00Z',
    notes: [],
    ...change,
  };
}

describe('the table of collect', () => {
  it('tells adjusted prices from those as traded, in its notes too', () => {
    const split = collected({ adjustment: 'split', notes: ['alpaca gave no bars'] });
    const [, raw, adjusted, note] = renderCollected([collected(), split]).split('\n');
    expect(raw).toMatch(/^alpaca +AAPL +1d {2,}251 /);
    expect(adjusted).toMatch(/^alpaca +AAPL +1d split {2,}251 /);
    expect(note).toBe('note: AAPL 1d split: alpaca gave no bars');
  });
});

describe('nextStep', () => {
  it('names exchange and database where the user did', () => {
    expect(nextStep([collected()], { exchange: 'kraken', db: 'my.db' })).toBe(
      'next: quantsage data verify --db my.db\n' +
        '      quantsage backtest --strategy mean_reversion_crypto --symbols AAPL ' +
        '--timeframe 1d --exchange kraken --db my.db\n',
    );
  });

  it('asks the backtest for the prices that were collected', () => {
    expect(nextStep([collected({ adjustment: 'split' })], {})).toContain(
      '--timeframe 1d --set data.adjustment=split\n',
    );
  });

  it.each([
    ['nothing came', [collected({ inserted: 0 })]],
    ['bars were there before', [collected({ unchanged: 3 })]],
    ['a series is empty beside a full one', [collected(), collected({ inserted: 0 })]],
    ['there are no series', []],
  ])('is empty where %s', (_, series) => {
    expect(nextStep(series, {})).toBe('');
  });
});
