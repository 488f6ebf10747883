import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parityOfRun } from '../../../src/app/parity/parity-of-run.ts';
import { replayRecordedRun } from '../../../src/app/replay/replay-recorded-run.ts';
import type { Bar } from '../../../src/core/bar.ts';
import { hourBar } from '../../support/bars.ts';
import { trade, warmUp } from '../../support/trading/scenes.ts';
import { TradingStage } from '../../support/trading/trading-stage.ts';
import { temporaryFolder } from '../sqlite/fixtures.ts';

const WARM_UP = 5;

interface Move {
  readonly gap: number;
  readonly move: number;
  readonly up: number;
  readonly down: number;
}

const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record({
    gap: fc.integer({ min: -100, max: 100 }),
    move: fc.integer({ min: -300, max: 300 }),
    up: fc.nat({ max: 200 }),
    down: fc.nat({ max: 200 }),
  }),
  { minLength: WARM_UP + 10, maxLength: 30 },
);

/** In cents, so that every price is on a tick. */
function barsOf(all: readonly Move[]): readonly Bar[] {
  let cents = 10_000;
  return all.map(({ gap, move, up, down }, index) => {
    const open = cents + gap;
    const close = open + move;
    cents = close;
    return hourBar(index, {
      open: open / 100,
      close: close / 100,
      high: (Math.max(open, close) + up) / 100,
      low: (Math.min(open, close) - down) / 100,
      volume: 1_000_000,
    });
  });
}

describe('a paper run that fills against whole bars', () => {
  it('is replayed and equals its backtest, wherever it was stopped and whatever is protected', async () => {
    let fills = 0;
    await fc.assert(
      fc.asyncProperty(
        moves,
        fc.array(fc.nat({ max: 25 }), { maxLength: 2 }),
        fc.constantFrom('null', '0.02', '0.01'),
        async (all, stops, stopLoss) => {
          const bars = barsOf(all);
          const stage = new TradingStage({
            folder: temporaryFolder(),
            settings: [
              `risk_limits.position.stop_loss.crypto=${stopLoss}`,
              'execution.max_volume_share=0.0001',
              'transaction_costs.slippage.bps=7',
            ],
          });
          stage.store(bars);
          const cuts = [
            ...new Set(stops.map((stop) => WARM_UP + 1 + (stop % (bars.length - WARM_UP - 1)))),
          ];
          const ends = [...cuts.sort((one, other) => one - other), bars.length];
          for (const [index, end] of ends.entries()) {
            const from = index === 0 ? WARM_UP : (ends[index - 1] ?? WARM_UP);
            const scenes = bars.slice(from, end).map((bar) => trade(bar));
            await stage.session([warmUp(...bars.slice(0, from)), ...scenes]);
          }
          const replayed = await replayRecordedRun(stage.options(), 'last');
          expect(replayed).toMatchObject({ isIdentical: true });
          const report = await parityOfRun(stage.options(), 'last');
          expect(report).toMatchObject({ differences: [], bars: [], unjudgedFills: 0 });
          expect(report.sum?.difference.toString()).toBe('0');
          fills += report.fills;
        },
      ),
      { numRuns: 12, seed: 20_240_301, endOnFailure: true },
    );
    expect(fills).toBeGreaterThan(60);
  });
});
