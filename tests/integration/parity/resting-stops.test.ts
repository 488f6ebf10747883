import { describe, expect, it } from 'vitest';
import { parityOfRun } from '../../../src/app/parity/parity-of-run.ts';
import type { ParityReport } from '../../../src/app/parity/parity-report.ts';
import { present } from '../../../src/core/assert.ts';
import { hourBar } from '../../support/bars.ts';
import { WARM_UP } from '../../support/trading/cycles.ts';
import { PerfectVenue } from '../../support/trading/perfect-venue.ts';
import { trade, warmUp } from '../../support/trading/scenes.ts';
import { TradingStage, type Scene } from '../../support/trading/trading-stage.ts';
import { temporaryFolder } from '../sqlite/fixtures.ts';

/** Bought on the fourth bar at 101; the stop two percent below it is met in the bar after next. */
const BARS = [
  ...[100, 100, 100].map((close, index) => hourBar(index, { close })),
  hourBar(3, { open: 100, close: 101 }),
  hourBar(4, { open: 101, close: 101.2 }),
  hourBar(5, { open: 101.2, close: 100.9, low: 98 }),
  hourBar(6, { open: 100.9, close: 101 }),
];
const STRUCK = 5;

/** A run whose stops rest at the exchange, where they are struck in one bar, or never. */
async function parityOf(struckIn: number | null): Promise<ParityReport> {
  const stage = new TradingStage({
    folder: temporaryFolder(),
    mode: 'live',
    settings: ['risk_limits.position.take_profit_ratio=null'],
  });
  stage.store(BARS);
  const plan = await stage.plan();
  let venue: PerfectVenue | null = null;
  const scenes = BARS.slice(WARM_UP).flatMap((bar, at): readonly Scene[] => [
    ({ at: setClock }) => {
      const time = bar.openTime + 1_800_000;
      if (WARM_UP + at !== struckIn) return;
      setClock(time);
      present(venue, 'a venue').strike(time);
    },
    trade(bar),
    ({ at: setClock }) => {
      const time = bar.closeTime + 6_000;
      setClock(time);
      present(venue, 'a venue').answer(() => bar.close, time);
    },
  ]);
  await stage.session([warmUp(...BARS.slice(0, WARM_UP)), ...scenes], {
    venue: (links, engine) => {
      venue = new PerfectVenue({ plan, links, engine });
      return venue;
    },
  });
  return parityOfRun(stage.options(), 'last');
}

describe('a stop that rests at an exchange', () => {
  it('makes no difference where it is struck in the bar that reaches it', async () => {
    const report = await parityOf(STRUCK);
    expect(report).toMatchObject({ differences: [], fills: 2, orders: 2 });
    expect(report.sum?.difference.toString()).toBe('0');
  });

  it('is told as late where it is struck a bar later', async () => {
    const report = await parityOf(STRUCK + 1);
    expect(report.differences).toMatchObject([
      {
        cause: 'latency',
        backtest: 'sell 99.0099 at 98.98 (2024-01-01T05:00:00Z)',
        run: 'sell 99.0099 at 98.98 (2024-01-01T06:30:00Z), 1 h 30 min later',
      },
    ]);
    expect(report.differences[0]?.cost?.toString()).toBe('0');
  });

  it('is told as sooner where nothing in the bar reaches it', async () => {
    const report = await parityOf(STRUCK - 1);
    expect(report.differences.map(({ cause, run }) => `${cause}: ${run}`)).toEqual([
      'latency: sell 99.0099 at 98.98 (2024-01-01T04:30:00Z), sooner',
    ]);
  });

  it('is told where it was never struck', async () => {
    const report = await parityOf(null);
    expect(report.differences).toMatchObject([
      { cause: 'latency', run: 'not filled by the end of the record' },
    ]);
    const { difference, costs, remainder } = present(report.sum, 'a sum');
    expect(remainder.minus(costs).toString()).toBe(difference.toString());
    expect(remainder.toString(), 'the whole trade is told with it').toBe('0');
  });
});
