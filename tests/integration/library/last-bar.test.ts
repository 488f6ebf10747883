import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/core/time.ts';
import { defineStrategy, runBacktest, z, type BacktestOptions } from '../../../src/quantsage.ts';
import { BASIC, days, MONDAY, PLAIN, scheduled } from './scheduled-run.ts';

describe('the last bar of a run', () => {
  /** Bought at the open of the last but one day (110), which closes at 120; the last goes to 90. */
  const held = (config: BacktestOptions['config']) =>
    runBacktest({
      ...BASIC,
      strategy: { definition: scheduled, params: { on: 1, off: 9 } },
      bars: { 'BTC/USD': days(100, 110, 120, 90) },
      ...(config === undefined ? {} : { config }),
    });

  it('closes what is left at its close', async () => {
    const { trades } = await held(PLAIN);
    expect(trades.map(({ exitPrice, exitTime }) => [exitPrice, exitTime])).toEqual([
      [90, MONDAY + 4 * DAY_MS],
    ]);
  });

  it('closes it as of its open where asked to, and says so', async () => {
    const execution = { ...PLAIN.execution, close_at_end_price: 'open' } as const;
    const { trades, report, equity } = await held({ ...PLAIN, execution });
    expect(trades.map(({ exitPrice, exitTime }) => [exitPrice, exitTime])).toEqual([
      [120, MONDAY + 3 * DAY_MS],
    ]);
    expect(report.labels.join()).toContain("closed at the last bar's open");
    // The fall of the last bar never was in the account.
    expect(report.metrics.max_drawdown).toBe(0);
    expect(equity.at(-1)).toMatchObject({ time: MONDAY + 4 * DAY_MS, drawdown: 0, exposure: 0 });
    expect(equity.at(-1)?.equity).toBe(report.final_equity);
  });

  it('closes it at the close before, as where orders fill at the close', async () => {
    const execution = {
      ...PLAIN.execution,
      fill_at: 'close',
      close_at_end_price: 'previous_close',
    } as const;
    const { trades, report } = await runBacktest({
      ...BASIC,
      strategy: { definition: scheduled, params: { on: 1, off: 9 } },
      bars: { 'BTC/USD': days(100, 110, 120, 90) },
      config: { ...PLAIN, execution },
    });
    // Bought at the close of the second day, sold at that of the third.
    expect(
      trades.map(({ entryPrice, exitPrice, exitTime }) => [entryPrice, exitPrice, exitTime]),
    ).toEqual([[110, 120, MONDAY + 3 * DAY_MS]]);
    expect(report.labels.join()).toContain('closed at the close before the last bar');
  });

  it('is none where the run was interrupted: what is held is closed where it stopped', async () => {
    const stop = new AbortController();
    const stopping = defineStrategy({
      id: 'stopping',
      params: z.object({}),
      create: () => ({
        onBar(bar, { position, enter }) {
          if (bar.close === 90) stop.abort();
          return position === null ? enter({ side: 'buy', reason: 'on' }) : null;
        },
      }),
    });
    const { trades, report } = await runBacktest({
      ...BASIC,
      strategy: stopping,
      signal: stop.signal,
      bars: { 'BTC/USD': days(100, 110, 120, 90) },
      config: { ...PLAIN, execution: { ...PLAIN.execution, close_at_end_price: 'open' } },
    });
    expect(report.status).toBe('interrupted');
    expect(trades.map(({ exitPrice, exitReason }) => [exitPrice, exitReason])).toEqual([
      [90, 'interrupted'],
    ]);
  });

  it('takes its stops and targets first: what they close is not closed again', async () => {
    const stopped = defineStrategy({
      id: 'stopped',
      params: z.object({}),
      create: () => ({
        onBar: (bar, { position, enter }) =>
          position === null && bar.close === 110
            ? enter({
                side: 'buy',
                reason: 'on',
                protection: { stopLoss: { kind: 'price', price: 95 } },
              })
            : null,
      }),
    });
    const { trades } = await runBacktest({
      ...BASIC,
      strategy: stopped,
      bars: { 'BTC/USD': days(100, 110, 120, 90) },
      config: { ...PLAIN, execution: { ...PLAIN.execution, close_at_end_price: 'open' } },
    });
    expect(trades.map(({ exitPrice, exitReason }) => [exitPrice, exitReason])).toEqual([
      [95, 'stop-loss'],
    ]);
  });

  it('closes at its open what was bought there', async () => {
    const execution = { ...PLAIN.execution, close_at_end_price: 'open' } as const;
    const { trades } = await runBacktest({
      ...BASIC,
      strategy: { definition: scheduled, params: { on: 2, off: 9 } },
      bars: { 'BTC/USD': days(100, 110, 120, 90) },
      config: { ...PLAIN, execution },
    });
    const [trade] = trades;
    expect([trade?.entryPrice, trade?.exitPrice, trade?.netPnl]).toEqual([120, 120, 0]);
    expect(trade?.exitTime).toBe(trade?.entryTime);
  });
});
