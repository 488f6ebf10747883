import { describe, expect, it } from 'vitest';
import { parityOfRun } from '../../../src/app/parity/parity-of-run.ts';
import type { ParityReport } from '../../../src/app/parity/parity-report.ts';
import { present } from '../../../src/core/assert.ts';
import type { Bar } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { formatTime } from '../../../src/core/time.ts';
import { barOf, cycleBars, WARM_UP } from '../../support/trading/cycles.ts';
import { catchUp, command, gate, quote, trade, warmUp } from '../../support/trading/scenes.ts';
import { TradingStage, type Scene } from '../../support/trading/trading-stage.ts';
import { temporaryFolder } from '../sqlite/fixtures.ts';

const BARS = cycleBars(6);

const bar = (index: number): Bar => present(BARS[index], 'a bar');
const traded = (from: number, to = BARS.length): readonly Scene[] =>
  BARS.slice(from, to).map((each) => trade(each));
/** So many seconds after a bar closed. */
const after = (index: number, seconds = 20): number => bar(index).closeTime + seconds * 1_000;

function newStage(settings: readonly string[] = []): TradingStage {
  const stage = new TradingStage({ folder: temporaryFolder(), settings });
  stage.store(BARS);
  return stage;
}

/** A paper run of one process that is warmed up with the quiet bars. */
async function parityAfter(
  scenes: readonly Scene[],
  tampering: readonly string[] = [],
  settings: readonly string[] = [],
): Promise<ParityReport> {
  const stage = newStage(settings);
  await stage.session([warmUp(...BARS.slice(0, WARM_UP)), ...scenes]);
  for (const sql of tampering) stage.tamper(sql);
  return parityOfRun(stage.options(), 'last');
}

const told = ({ differences }: ParityReport): readonly string[] =>
  differences.map(({ cause, backtest, run }) => `${cause}: ${backtest} | ${run}`);

/** Whether what is told of the account adds up, to the last digit. */
function expectSum({ sum, causes }: ParityReport): void {
  const { run, backtest, difference, costs, remainder } = present(sum, 'a sum');
  expect(run.minus(backtest).toString()).toBe(difference.toString());
  expect(remainder.minus(costs).toString()).toBe(difference.toString());
  const all = causes.reduce((total, { cost }) => total.plus(cost ?? Decimal.zero), Decimal.zero);
  expect(all.toString()).toBe(costs.toString());
}

describe('an operator', () => {
  it('who halts the engine is told as a refusal, once for the entry that was waiting', async () => {
    const report = await parityAfter([
      ...traded(WARM_UP, barOf(1, 0) + 1),
      command('halt', after(barOf(1, 0))),
      trade(bar(barOf(1, 1))),
      command('resume', after(barOf(1, 1))),
      ...traded(barOf(1, 2)),
    ]);
    expect(told(report)).toEqual([
      'refusal: buy 98.8131 at 101 (2024-01-01T08:00:00Z) | taken back: halt by test: a test',
    ]);
    expectSum(report);
  });

  it('who keeps it halted is told for every entry that the backtest may make', async () => {
    const report = await parityAfter([
      command('halt', after(WARM_UP - 1)),
      ...traded(WARM_UP, barOf(2, 0)),
      command('resume', after(barOf(1, 3))),
      ...traded(barOf(2, 0)),
    ]);
    expect(told(report)).toEqual([
      'refusal: orders to buy 99.0099 | refused: entry o1: trading is halted by operator: test: a test',
      'refusal: orders to buy 99.0099 | refused: entry o2: trading is halted by operator: test: a test',
    ]);
    expectSum(report);
  });

  it('who flattens is told for the position that the backtest keeps', async () => {
    const report = await parityAfter([
      ...traded(WARM_UP, barOf(1, 2)),
      command('flatten', after(barOf(1, 1))),
      trade(bar(barOf(1, 2))),
      command('resume', after(barOf(1, 2))),
      ...traded(barOf(1, 3)),
    ]);
    expect(told(report)).toEqual([
      'refusal: keeps the position | sell 98.8131: flatten by test: a test',
    ]);
    expectSum(report);
  });
});

describe('a closed gate', () => {
  const gated = (reason: string | null, time: number) =>
    gate({ gate: 'stale-data', symbol: null, reason }, time);

  it('is told as a refusal, in the words of the gate', async () => {
    const report = await parityAfter([
      gated('no data since noon', after(WARM_UP - 1)),
      trade(bar(WARM_UP)),
      gated(null, after(WARM_UP)),
      ...traded(WARM_UP + 1),
    ]);
    expect(told(report)).toEqual(['refusal: orders to buy 99.0099 | refused: no data since noon']);
    expectSum(report);
  });

  it('is no difference where a limit refuses the backtest as well', async () => {
    const limited = 'risk_limits.system.max_order_notional=5';
    const closed = await parityAfter(
      [gated('no data', after(WARM_UP - 1)), ...traded(WARM_UP)],
      [],
      [limited],
    );
    expect(closed.differences).toEqual([]);
    expect(closed.orders).toBe(0);
  });
});

describe('prices between bars', () => {
  it('are told to the cent, and how long after the open they came', async () => {
    const { symbol, close } = bar(WARM_UP);
    const report = await parityAfter([
      trade(bar(WARM_UP)),
      quote({ symbol, bid: close - 0.05, ask: close + 0.05, time: after(WARM_UP, 10) }),
      ...traded(WARM_UP + 1),
    ]);
    expect(told(report)).toEqual([
      'price: buy 99.0099 at 101 (2024-01-01T04:00:00Z) | ' +
        'buy 99.0099 at 101.05 (2024-01-01T04:00:10Z)',
    ]);
    // 99.0099 × 0.05, and 0.6 % of it.
    expect(report.differences[0]?.cost?.toString()).toBe('4.98019797');
    expect(report.delayMs).toEqual({ median: 0, most: 10_000 });
    expectSum(report);
  });

  it('that fill after the last bar are counted, and not judged', async () => {
    const { symbol, close } = bar(WARM_UP);
    const report = await parityAfter([
      trade(bar(WARM_UP)),
      quote({ symbol, bid: close, ask: close, time: after(WARM_UP, 10) }),
    ]);
    expect(report).toMatchObject({ differences: [], fills: 1, unjudgedFills: 1 });
  });
});

describe('bars that are not as the run had them', () => {
  it('are told where a decision or a fill hung on them, and counted where none did', async () => {
    const change = (what: string, index: number): string =>
      `UPDATE market_data SET ${what} WHERE open_time = ${bar(index).openTime}`;
    const report = await parityAfter(traded(WARM_UP), [
      change('open = open + 0.1', barOf(1, 1)),
      change('close = open + 0.1', barOf(2, 0)),
      change('volume = volume + 1', barOf(3, 0)),
      `DELETE FROM market_data WHERE open_time = ${bar(barOf(4, 0)).openTime}`,
    ]);
    expect(told(report)).toEqual([
      'missing-data: buy 98.8131 at 101.1 (2024-01-01T08:00:00Z) | ' +
        'buy 98.8131 at 101 (2024-01-01T08:00:00Z)',
      'missing-data: decides nothing | wishes to buy (it rose): this bar had other values then',
      'missing-data: decides nothing | wishes to buy (it rose): this bar is no longer in the database',
    ]);
    expect(report.bars.map(({ kind, mattered }) => [kind, mattered])).toEqual([
      ['revised', true],
      ['revised', true],
      ['revised', false],
      ['gone', true],
    ]);
    expectSum(report);
  });

  it('are told where they came while nothing ran, or too late', async () => {
    const stage = newStage();
    const second = barOf(1, 0);
    await stage.session([warmUp(...BARS.slice(0, WARM_UP)), ...traded(WARM_UP, second)]);
    await stage.session([
      warmUp(...BARS.slice(0, second)),
      catchUp(bar(second)),
      ...traded(second + 1),
    ]);
    const report = await parityOfRun(stage.options(), 'last');
    expect(report.sessions).toBe(2);
    expect(told(report)).toEqual([
      'missing-data: wishes to buy (it rose) | ' +
        'decides nothing: this bar came too late to decide on',
    ]);
    expectSum(report);
  });

  it('are to blame for a decision on a later bar, where the run’s own bars lead to it', async () => {
    // The mean of three closes stands above the close of a rising bar: half of the size.
    const before = barOf(1, 0) - 1;
    const report = await parityAfter(traded(WARM_UP), [
      `UPDATE market_data SET high = 400, close = 300 WHERE open_time = ${bar(before).openTime}`,
    ]);
    expect(report.differences[0]).toMatchObject({ cause: 'missing-data' });
    expect(told(report).filter((text) => text.includes('confidence 0.5'))).toEqual([
      'missing-data: wishes to buy, confidence 0.5 (it rose) | wishes to buy (it rose): ' +
        `the bar of BTC/USD at ${formatTime(bar(before).openTime)} had other values then`,
    ]);
  });
});
