import { describe, expect, it } from 'vitest';
import type { BacktestPlan } from '../../../src/app/backtest-plan.ts';
import { firstDecision, runNotes } from '../../../src/app/run-notes.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { Readiness } from '../../../src/strategies/strategy-runner.ts';
import { START } from '../../support/bars.ts';
import { strategyId } from '../../support/orders.ts';

const END = START + 10 * HOUR_MS;
const SERIES = {
  id: 1,
  exchange: 'coinbase',
  symbol: 'BTC/USD',
  timeframe: '1h',
  assetClass: 'crypto',
  bars: 10,
  firstOpen: START,
  lastOpen: END - HOUR_MS,
} as const;
const READY: Readiness = {
  strategy: strategyId('reverter'),
  symbol: 'BTC/USD',
  warmupBars: 3,
  barsSeen: 10,
  isWarm: true,
  further: [],
  informative: [],
  decidesSince: START + 2 * HOUR_MS,
};

function notes(series: Partial<BacktestPlan['series'][number]>, readiness = READY, cut = false) {
  return notesOf(series, { readiness: [readiness], isInterrupted: cut });
}

function notesOf(
  series: Partial<BacktestPlan['series'][number]>,
  progress: Partial<Parameters<typeof runNotes>[1]>,
) {
  const own = { series: [{ ...SERIES, ...series }], informative: [] };
  const plan = { ...own, start: START, end: END, timeframe: '1h' };
  return runNotes(plan as unknown as BacktestPlan, {
    readiness: [READY],
    isInterrupted: false,
    lastClose: START + HOUR_MS,
    marginCall: null,
    ...progress,
  });
}

describe('runNotes', () => {
  it('has nothing to say of a run over whole series by warm strategies', () => {
    expect(notes({})).toEqual([]);
  });

  it('puts a margin call before everything else', () => {
    const marginCall = { since: START, message: 'equity was too small' };
    expect(notesOf({}, { marginCall })).toEqual([
      'MARGIN CALL at 2024-01-01T00:00:00Z: equity was too small',
    ]);
  });

  it('names a series that begins late or ends early', () => {
    expect(notes({ firstOpen: START + HOUR_MS, lastOpen: END - 3 * HOUR_MS })).toEqual([
      'BTC/USD has bars only from 2024-01-01T01:00:00Z on',
      'BTC/USD has bars only until 2024-01-01T08:00:00Z',
    ]);
  });

  it('names a strategy that was never warm, with the bars it lacked', () => {
    expect(notes({}, { ...READY, decidesSince: null, warmupBars: 646 }).join('')).toMatch(
      /^reverter never decided on BTC\/USD: its indicators need 646 bars to warm up, there were 10;/,
    );
  });

  it('names the further timeframe that was not warm, in its own bars', () => {
    const further = [
      { timeframe: '4h', warmupBars: 2, barsSeen: 2 },
      { timeframe: '1d', warmupBars: 50, barsSeen: 12 },
    ] as const;
    expect(notes({}, { ...READY, decidesSince: null, further }).join('')).toMatch(
      /^reverter never decided on BTC\/USD: its indicators need 50 1d bars to warm up, there were 12;/,
    );
  });

  it('says how far an interrupted run came, and not that a series ended', () => {
    expect(notes({ lastOpen: START }, READY, true)).toEqual([
      'INTERRUPTED at 2024-01-01T01:00:00Z: the result covers the bars up to there',
    ]);
  });
});

describe('firstDecision', () => {
  it('is the earliest of all strategies, or null', () => {
    const later = { ...READY, decidesSince: START + 5 * HOUR_MS };
    const never = { ...READY, decidesSince: null };
    expect(firstDecision([later, READY, never])).toBe(START + 2 * HOUR_MS);
    expect(firstDecision([never])).toBeNull();
  });
});
