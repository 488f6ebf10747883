import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parityOfRun } from '../../../src/app/parity/parity-of-run.ts';
import { PARITY_CAUSES } from '../../../src/app/parity/parity-difference.ts';
import { replayRecordedRun } from '../../../src/app/replay/replay-recorded-run.ts';
import { present } from '../../../src/core/assert.ts';
import type { Bar, Slice } from '../../../src/core/bar.ts';
import { hourBar } from '../../support/bars.ts';
import { command, gate, quote } from '../../support/trading/scenes.ts';
import { TradingStage, type Scene } from '../../support/trading/trading-stage.ts';
import { temporaryFolder } from '../sqlite/fixtures.ts';

const SYMBOLS = ['BTC/USD', 'ETH/USD'];
const WARM_UP = 4;
const DISTURBANCES = [
  'quote',
  'halt',
  'resume',
  'flatten',
  'gate',
  'no gate',
  'late',
  'straggler',
  'dropped',
  'restart',
] as const;
type Disturbance = (typeof DISTURBANCES)[number];

interface Hour {
  /** In cents, of each symbol. */
  readonly moves: readonly [number, number];
  readonly disturbance: Disturbance | null;
}

const hours: fc.Arbitrary<readonly Hour[]> = fc.array(
  fc.record({
    moves: fc.tuple(fc.integer({ min: -250, max: 250 }), fc.integer({ min: -250, max: 250 })),
    disturbance: fc.option(fc.constantFrom(...DISTURBANCES), { freq: 2 }),
  }),
  { minLength: WARM_UP + 14, maxLength: 28 },
);

function barsOf(day: readonly Hour[]): readonly (readonly Bar[])[] {
  const closes = SYMBOLS.map(() => 10_000);
  return day.map(({ moves }, index) =>
    SYMBOLS.map((symbol, which) => {
      const open = present(closes[which], 'a close');
      const close = open + present(moves[which], 'a move');
      closes[which] = close;
      return hourBar(index, { symbol, open: open / 100, close: close / 100 });
    }),
  );
}

const sliceOf = (bars: readonly Bar[]): Slice => ({ closeTime: bars[0]?.closeTime ?? 0, bars });

/** What happens around the bars of one hour. */
function scenesOf(bars: readonly Bar[], disturbance: Disturbance | null): readonly Scene[] {
  const slice = sliceOf(bars);
  const time = slice.closeTime + 20_000;
  const [first, second] = bars;
  const traded: Scene = ({ sink, at }) => {
    at(slice.closeTime + 5_000);
    if (disturbance === 'late') sink.catchUp(slice);
    else sink.trade(disturbance === 'straggler' ? sliceOf(bars.slice(0, 1)) : slice);
  };
  const gated = { gate: 'stale-data', symbol: null } as const;
  switch (disturbance) {
    case 'dropped':
      return [];
    case 'quote':
      return [
        traded,
        ...bars.map(({ symbol, close }) =>
          quote({ symbol, bid: close - 0.03, ask: close + 0.03, time }),
        ),
      ];
    case 'halt':
    case 'resume':
    case 'flatten':
      return [traded, command(disturbance, time)];
    case 'gate':
      return [traded, gate({ ...gated, reason: 'no data' }, time)];
    case 'no gate':
      return [traded, gate({ ...gated, reason: null }, time)];
    case 'straggler':
      return [
        traded,
        ({ sink, at }) => {
          at(time);
          if (first !== undefined && second !== undefined) sink.catchUp(sliceOf([second]));
        },
      ];
    case 'late':
    case 'restart':
    case null:
      return [traded];
  }
}

/** Plays a day in as many processes as it is restarted, each warmed up with what was before. */
async function play(stage: TradingStage, day: readonly Hour[]): Promise<void> {
  const bars = barsOf(day);
  stage.store(bars.flat());
  let scenes: Scene[] = [];
  let from = 0;
  const begin = (index: number): void => {
    from = index;
    scenes = [
      ({ sink }) => {
        for (const each of bars.slice(0, from)) sink.warmUp(sliceOf(each));
      },
    ];
  };
  begin(WARM_UP);
  for (const [index, { disturbance }] of day.entries()) {
    if (index < WARM_UP) continue;
    if (disturbance === 'restart' && index > from) {
      await stage.session(scenes);
      begin(index);
    }
    scenes.push(...scenesOf(present(bars[index], 'bars'), disturbance));
  }
  await stage.session(scenes);
}

describe('a paper run that all kinds of things happen to', () => {
  it('is replayed as it was, and what its causes cost adds up exactly', async () => {
    const causes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(hours, async (day) => {
        const settings = ['transaction_costs.slippage.bps=3'];
        const stage = new TradingStage({ folder: temporaryFolder(), symbols: SYMBOLS, settings });
        await play(stage, day);
        const replayed = await replayRecordedRun(stage.options(), 'last');
        expect(replayed).toMatchObject({ isIdentical: true });
        const report = await parityOfRun(stage.options(), 'last');
        for (const { cause } of report.differences) causes.add(cause);
        const { run, backtest, difference, costs, remainder } = present(report.sum, 'a sum');
        expect(run.minus(backtest).toString()).toBe(difference.toString());
        expect(remainder.minus(costs).toString()).toBe(difference.toString());
        // Whatever tells the two apart is told: nothing differs in silence.
        const isSilent = report.differences.length + report.unjudgedFills === 0;
        expect(isSilent && !difference.isZero).toBe(false);
        expect(report.bars.every(({ kind }) => kind === 'absent' || kind === 'missed')).toBe(true);
      }),
      { numRuns: 10, seed: 20_240_402, endOnFailure: true },
    );
    expect([...causes].filter((cause) => cause !== 'fee').toSorted()).toEqual(
      PARITY_CAUSES.filter((cause) => cause !== 'fee' && cause !== 'signal').toSorted(),
    );
  });
});
