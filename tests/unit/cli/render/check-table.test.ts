import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../../src/app/check-strategy/check-strategy.ts';
import { renderCheck } from '../../../../src/cli/render/check-table.ts';

const CLEAN: CheckReport = {
  strategy: 'pair',
  exchange: 'sample',
  symbols: ['ETH/USD'],
  informative_symbols: [],
  timeframe: '1h',
  start: '2024-12-07T00:00:00Z',
  end: '2025-01-01T00:00:00Z',
  bars: 600,
  warmup_bars: 30,
  runs: 11,
  compared_bars: 4_770,
  decisions: 40,
  is_clean: true,
  findings: [],
  notes: [],
};

describe('the verdict on a strategy', () => {
  it('says over what it was run, how often, and that nothing was found', () => {
    expect(renderCheck(CLEAN)).toBe(
      'pair on ETH/USD 1h of sample, 2024-12-07 00:00 to 2025-01-01 00:00, 600 bars\n' +
        '40 decisions; 11 runs, 4,770 bars compared\n\n' +
        'Clean: no look-ahead, no repainting, no hidden state and no outside input found.\n',
    );
  });

  it('names the symbols that the strategy looks at apart from those it trades', () => {
    const [head] = renderCheck({ ...CLEAN, informative_symbols: ['BTC/USD'] }).split(',');
    expect(head).toBe('pair on ETH/USD 1h of sample looking at BTC/USD');
  });

  it('tells of a finding that is of no one symbol', () => {
    const finding = {
      kind: 'randomness',
      symbol: null,
      bar: '2024-12-07T00:00:00Z',
      input: 'Math.random()',
      message: 'Math.random() was used in onBars',
      source: 'mine.ts:14',
    } as const;
    const text = renderCheck({ ...CLEAN, is_clean: false, findings: [finding], notes: ['so'] });
    expect(text.split('\n\n').slice(1)).toEqual([
      '1 finding:',
      '1. randomness, first on 2024-12-07 00:00\n   input: Math.random() (mine.ts:14)\n' +
        '   Math.random() was used in onBars',
      'note: so\n',
    ]);
  });
});
