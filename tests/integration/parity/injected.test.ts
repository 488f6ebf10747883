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
    expect(report.differences.map(({ cause }) => cause)).toEqual([
      'price',
      'fee',
      'latency',
      'refusal',
      'missing-data',
      'signal',
    ]);
  });
});
