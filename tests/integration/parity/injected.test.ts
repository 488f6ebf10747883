import { describe, expect, it } from 'vitest';
import { parityOfRun } from '../../../src/app/parity/parity-of-run.ts';
import type { ParityReport } from '../../../src/app/parity/parity-report.ts';
import { present } from '../../../src/core/assert.ts';
import { barOf, cycleBars, lived } from '../../support/trading/cycles.ts';
import { PerfectVenue, type Spoiler } from '../../support/trading/perfect-venue.ts';
import { TradingStage } from '../../support/trading/trading-stage.ts';
import { temporaryFolder } from '../sqlite/fixtures.ts';

const BARS = cycleBars(8);
/** Nobody protects a position: what a strategy wishes is all that happens. */
const UNPROTECTED = ['risk_limits.position.stop_loss.crypto=null'];

interface Day {
  readonly spoiler?: Spoiler;
  /** Bars that the run never sees. */
  readonly without?: readonly number[];
  readonly playedSettings?: readonly string[];
}

async function paritiesOf({ spoiler, without, playedSettings }: Day): Promise<ParityReport> {
  const stage = new TradingStage({
    folder: temporaryFolder(),
    mode: 'live',
    settings: UNPROTECTED,
  });
  stage.store(BARS);
  const plan = await stage.plan();
  let venue: PerfectVenue | null = null;
  await stage.session(
    lived(BARS, () => present(venue, 'a venue'), without),
    {
      ...(playedSettings === undefined ? {} : { playedSettings }),
      venue: (links, engine) => {
        venue = new PerfectVenue({
          plan,
          links,
          engine,
          ...(spoiler === undefined ? {} : { spoiler }),
        });
        return venue;
      },
    },
  );
  return parityOfRun(stage.options(), 'last');
}

describe('a run on a perfect venue', () => {
  it('differs in nothing from its backtest, to the last digit of its equity', async () => {
    const report = await paritiesOf({});
    expect(report).toMatchObject({ differences: [], orders: 16, fills: 16, bars: [] });
    expect(report.sum?.difference.toString()).toBe('0');
  });
});

describe('six differences in one day', () => {
  it('are all named with their causes, and nothing else is', async () => {
    const deaf = present(BARS[barOf(5, 0)], 'a bar').openTime;
    const spoiled: Readonly<Record<number, ReturnType<Spoiler>>> = {
      1: { kind: 'worse', by: '0.5' },
      4: { kind: 'dearer', by: '1.25' },
      5: { kind: 'late', answers: 1 },
      7: { kind: 'refused' },
    };
    const report = await paritiesOf({
      spoiler: (nth) => spoiled[nth] ?? null,
      without: [barOf(4, 0)],
      playedSettings: [`params.deaf=[${deaf}]`],
    });
    const { strategy, symbol } = { strategy: 'jumper', symbol: 'BTC/USD' };
    const told = report.differences.map(({ cause, order, backtest, run, cost, ...which }) => {
      expect(which).toMatchObject({ strategy, symbol });
      return [cause, order, backtest, run, cost?.toString()];
    });
    expect(told).toEqual([
      [
        'price',
        'o1',
        'buy 9.9009 at 101 (2024-01-01T04:00:00Z)',
        'buy 9.9009 at 101.5 (2024-01-01T04:00:06Z)',
        // 9.9009 × 0.5, and the fee of 0.6 % on it.
        '4.9801527',
      ],
      ['fee', 'o4', 'fee 5.9509782', 'fee 7.2009782', '1.25'],
      [
        'latency',
        'o5',
        'buy 9.8964 at 101 (2024-01-01T12:00:00Z)',
        'buy 9.8964 at 101.2 (2024-01-01T13:00:06Z), 1 h 6 s later',
        // 9.8964 × 0.2, and the fee on it.
        '1.99115568',
      ],
      [
        'refusal',
        'o7',
        'buy 9.8942 at 101 (2024-01-01T16:00:00Z)',
        'rejected: post only, or whatever exchanges say',
        expect.stringMatching(/^-19\.8/),
      ],
      [
        'missing-data',
        null,
        'wishes to buy (it rose)',
        'decides nothing: the run never saw this bar',
        expect.stringMatching(/^-19\.8/),
      ],
      [
        'signal',
        null,
        'wishes to buy (it rose)',
        'decides nothing',
        expect.stringMatching(/^-19\.8/),
      ],
    ]);
    expect(report.bars).toEqual([
      { symbol, openTime: BARS[barOf(4, 0)]?.openTime, kind: 'absent', mattered: true },
    ]);
    const { difference, costs, remainder } = present(report.sum, 'a sum');
    expect(remainder.minus(costs).toString()).toBe(difference.toString());
    expect(remainder.abs().toNumber(), 'sizes differ by what was lost, and no more').toBeLessThan(
      0.1,
    );
  });
});
