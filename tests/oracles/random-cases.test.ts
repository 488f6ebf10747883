import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/time.ts';
import type { Trade } from '../../src/quantsage.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { near, nextOpenConfig, runEngine, strategyIn } from './engine-case.ts';
import { NextOpenBroker } from './reference/next-open-broker.ts';
import { caseNumbers, randomStretch, type Stretch } from './reference/random-case.ts';
import { randomScript, randomTerms } from './reference/random-script.ts';
import type { ReferenceResult, ReferenceTrade, Script, Terms } from './reference/script.ts';

const FOLDER = '../shared/data';

interface Case extends Stretch {
  readonly terms: Terms;
  readonly script: Script;
}

function drawnCase(number: number): Case {
  const random = seededRandom(number * 7919);
  const stretch = randomStretch(random);
  const terms = randomTerms(random);
  return { ...stretch, terms, script: randomScript(random, stretch.candles, terms) };
}

const theirs = ({ candles, terms, script }: Case): ReferenceResult =>
  new NextOpenBroker(candles, terms).run(script);

async function ours({ symbol, candles, terms, script }: Case) {
  return runEngine({
    symbol,
    candles,
    config: nextOpenConfig(symbol, terms),
    strategy: {
      definition: await strategyIn('scripted.ts'),
      allowShort: true,
      params: {
        reverses: terms.opposite === 'reverse',
        steps: [...script].map(([bar, step]) => ({ bar, ...step })),
      },
    },
  });
}

/** A trade with its bars by number: a fill at a close has the time of that close. */
function tradeOf(trade: Trade, theirTrade: ReferenceTrade | undefined, drawn: Case) {
  const barOf = (time: number, bar: number | undefined) => {
    const open = drawn.candles[bar ?? -1]?.openTime ?? Number.NaN;
    const isThatClose = drawn.terms.fillAt === 'close' && time === open + DAY_MS;
    return isThatClose ? bar : drawn.candles.findIndex(({ openTime }) => openTime === time);
  };
  return {
    side: trade.side,
    quantity: trade.quantity,
    entryBar: barOf(trade.entryTime, theirTrade?.entryBar),
    entryPrice: trade.entryPrice,
    exitBar: barOf(trade.exitTime, theirTrade?.exitBar),
    exitPrice: trade.exitPrice,
  };
}

function matching(trade: ReferenceTrade) {
  return {
    ...trade,
    entryPrice: near(trade.entryPrice),
    exitPrice: near(trade.exitPrice),
  };
}

const NUMBERS = caseNumbers(60);

describe.skipIf(!existsSync(FOLDER))(`random scripts (skipped without ${FOLDER})`, () => {
  it.each(NUMBERS)('come out as under the rules of backtesting.py: case %i', async (number) => {
    const drawn = drawnCase(number);
    const expected = theirs(drawn);
    if (expected.dispute !== null) return;
    const { trades, report } = await ours(drawn);
    expect(trades.map((trade, index) => tradeOf(trade, expected.trades[index], drawn))).toEqual(
      expected.trades.map(matching),
    );
    expect(report.final_equity / expected.finalEquity).toBeCloseTo(1, 6);
  });

  it('are of every kind, and few are left out', () => {
    const drawn = Array.from({ length: 60 }, (_, index) => drawnCase(index + 1));
    const results = drawn.map(theirs);
    const leftOut = results.filter(({ dispute }) => dispute !== null);
    expect(leftOut.length).toBeLessThan(6);
    expect(results.flatMap(({ trades }) => trades).length).toBeGreaterThan(300);
    const kinds = (of: (each: Case) => unknown) => new Set(drawn.map(of)).size;
    expect({
      symbols: kinds(({ symbol }) => symbol),
      margins: kinds(({ terms }) => terms.margin),
      fills: kinds(({ terms }) => terms.fillAt),
      opposites: kinds(({ terms }) => terms.opposite),
      sizes: kinds(({ terms }) => terms.sizedAt),
    }).toEqual({ symbols: 4, margins: 3, fills: 2, opposites: 2, sizes: 3 });
  });
});
