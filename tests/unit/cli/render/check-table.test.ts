import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../../src/app/check-strategy/check-strategy.ts';
import { renderCheck } from '../../../../src/cli/render/check-table.ts';

const CLEAN: CheckReport = {
  strategy: 'mine',
  exchange: 'sample',
  symbols: ['BTC/USD', 'ETH/USD'],
  informative_symbols: [],
  timeframe: '1h',
  start: '2024-06-06T16:00:00Z',
  end: '2025-01-01T00:00:00Z',
  bars: 5_000,
  warmup_bars: 513,
  runs: 14,
  compared_bars: 109_816,
  decisions: 1,
  is_clean: true,
  findings: [],
  notes: [],
};

describe('the verdict of a check', () => {
  it('says what was run, and that nothing was found', () => {
    expect(renderCheck(CLEAN)).toBe(
      `mine on BTC/USD, ETH/USD 1h of sample, 2024-06-06 16:00 to 2025-01-01 00:00, 5,000 bars
1 decision; 14 runs, 109,816 bars compared

Clean: no look-ahead, no repainting, no hidden state and no outside input found.
`,
    );
  });

  it('calls nothing clean that decided nothing', () => {
    const [, , , verdict] = renderCheck({ ...CLEAN, decisions: 0 }).split('\n');
    expect(verdict).toBe('Nothing found, in a run without a decision.');
  });

  it('gives every finding its bar, input and line, and notes at the end', () => {
    const report: CheckReport = {
      ...CLEAN,
      is_clean: false,
      findings: [
        {
          kind: 'look_ahead',
          symbol: 'BTC/USD',
          bar: '2024-06-06T17:00:00Z',
          input: 'close of BTC/USD 2024-06-06T18:00:00Z',
          message: 'the decision changed',
          source: null,
        },
        {
          kind: 'clock',
          symbol: null,
          bar: null,
          input: 'Date.now()',
          message: 'it was called',
          source: 'mine.ts:12',
        },
      ],
      notes: ['something to know'],
    };
    expect(renderCheck(report).split('\n').slice(3)).toEqual([
      '2 findings:',
      '',
      '1. look-ahead, first on BTC/USD 2024-06-06 17:00',
      '   input: close of BTC/USD 2024-06-06T18:00:00Z',
      '   the decision changed',
      '',
      '2. clock',
      '   input: Date.now() (mine.ts:12)',
      '   it was called',
      '',
      'note: something to know',
      '',
    ]);
  });
});
