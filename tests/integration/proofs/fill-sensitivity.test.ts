import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fillLedgers } from '../../../src/app/fill-ledgers.ts';
import { observeLedger, type LedgerObserver } from '../../../src/app/run-observer.ts';
import type { Decimal } from '../../../src/core/decimal.ts';
import type { EquityMark } from '../../../src/core/equity.ts';
import type { EventBus } from '../../../src/core/event-bus.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import type { BarStore } from '../../../src/ports/bar-store.ts';
import { attributeCosts } from '../../../src/reporting/cost-attribution.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { garbledAfter } from '../../support/altered-store.ts';
import { wireRun, type RunSketch } from '../../support/engine-run.ts';
import { FillBooks, fine, unitsOf } from '../../support/fill-books.ts';
import {
  openMarket,
  OPENING_MS,
  SAMPLE_MARKET,
  type MarketDatabase,
} from '../../support/market-database.ts';
import { seededRandom } from '../../support/seeded-random.ts';

/** In and out by lot, long and short, with and without protection of any width. */
const gambler = (seed: number) =>
  defineStrategy({
    id: 'gambler',
    params: z.strictObject({}),
    create({ symbol, allowShort }) {
      const random = seededRandom(seed + symbol.length + symbol.charCodeAt(0));
      const width = () => ({ kind: 'fraction', fraction: 0.0005 + 0.03 * random() }) as const;
      return {
        onBar(_, { position, enter, exit }) {
          if (position !== null) return random() < 0.1 ? exit({ reason: 'drawn by lot' }) : null;
          if (random() > 0.5) return null;
          return enter({
            side: allowShort && random() < 0.5 ? 'sell' : 'buy',
            confidence: 0.2 + 0.8 * random(),
            reason: 'drawn by lot',
            protection: {
              stopLoss: random() < 0.8 ? width() : null,
              takeProfit: random() < 0.8 ? width() : null,
            },
          });
        },
      };
    },
  });

const slippage = fc.oneof(
  fc.constant('{ model: volume_based }'),
  fc.constant('{ model: volume_based, applies_to: entries }'),
  fc.constant('{ model: fixed_bps, bps: 0 }'),
  fc.constant('{ model: fixed_bps, bps: 30 }'),
  fc.constant('{ model: spread, fraction: 0.004 }'),
  fc.constant('{ model: volume_share, impact: 1 }'),
);
const commission = fc.oneof(
  fc.constant('{}'),
  fc.constant('{ crypto: { maker: -0.0005, taker: 0.001 } }'),
  // A maker that pays more than a taker.
  fc.constant('{ crypto: { maker: 0.005, taker: 0.001 } }'),
  fc.constant('{ crypto: { maker: 0, taker: 0 }, per_order: 3 }'),
  fc.constant('{ minimum: 20 }'),
  fc.constant('{ model: per_share, per_share: 0.1, minimum: 2, max_fraction: 0.01 }'),
  fc.constant('{ model: none }'),
);
const scenario = fc.record({
  seed: fc.nat(100_000),
  startDay: fc.integer({ min: 30, max: 600 }),
  allowShort: fc.boolean(),
  isGarbled: fc.boolean(),
  slippage,
  commission,
  multiple: fc.constantFrom(1, 1.5, 2, 10),
  overshoot: fc.constantFrom(0, 0.5, 1),
  fillAt: fc.constantFrom('next_open', 'close'),
  limitFill: fc.constantFrom('through', 'touch'),
  volumeShare: fc.constantFrom('null', '0.025', '0.0001'),
  enforceTicks: fc.boolean(),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** Nothing of risk in the way, so that every lot drawn is played. */
const UNLIMITED = [
  'risk_limits.position.max_fraction=0.5',
  'risk_limits.position.stop_loss.crypto=null',
  'risk_limits.position.take_profit_ratio=null',
  'risk_limits.symbol.max_exposure=1',
  'risk_limits.portfolio.max_invested=1',
  'risk_limits.portfolio.correlation.threshold=null',
  'risk_limits.system.max_daily_loss=null',
  'risk_limits.system.max_drawdown=null',
  'position_sizing={ method: fixed_fraction, fraction: 0.3 }',
];

function sketchOf(drawn: Scenario): RunSketch {
  const start = Date.UTC(2023, 0) + drawn.startDay * DAY_MS;
  return {
    definition: gambler(drawn.seed),
    range: { start, end: start + 20 * DAY_MS },
    allowShort: drawn.allowShort,
    settings: [
      ...UNLIMITED,
      `transaction_costs.slippage=${drawn.slippage}`,
      `transaction_costs.commission=${drawn.commission}`,
      `transaction_costs.sensitivity.slippage_multiple=${drawn.multiple}`,
      `transaction_costs.sensitivity.stop_overshoot=${drawn.overshoot}`,
      `execution.fill_at=${drawn.fillAt}`,
      `execution.limit_fill=${drawn.limitFill}`,
      `execution.max_volume_share=${drawn.volumeShare}`,
      `execution.enforce_ticks=${drawn.enforceTicks}`,
    ],
  };
}

interface Books {
  readonly marks: EquityMark[];
  readonly fills: FillBooks;
  readonly observer: LedgerObserver;
}

/** Three sets of books over one run, closed at its end. */
async function playRun(store: BarStore, sketch: RunSketch) {
  const { engine, parts, plan } = wireRun(store, sketch);
  const ledgers = fillLedgers(engine.bus, plan, 'all').all;
  const booksOn = (bus: Pick<EventBus, 'on'>, observer: LedgerObserver): Books => {
    const marks: EquityMark[] = [];
    const fills = new FillBooks(plan.initialCapital);
    bus.on('equity.marked', ({ payload }) => void marks.push(payload));
    bus.on('order.requested', ({ payload }) => fills.requested(payload) as undefined);
    bus.on('order.filled', ({ payload }) => fills.filled(payload) as undefined);
    return { marks, fills, observer };
  };
  const base = booksOn(engine.bus, observeLedger(engine.bus, plan));
  const [optimistic, pessimistic] = ledgers.map(({ run, observer }) => booksOn(run, observer));
  if (optimistic === undefined || pessimistic === undefined) throw new Error('two ledgers');
  await engine.run(new AbortController().signal);
  parts.venue.closeSession();
  engine.portfolio.closeOut('end of data');
  const mark = engine.portfolio.finalMark();
  if (mark === null) throw new Error('a run with bars');
  base.marks.push(mark);
  ledgers.forEach(({ run }, index) => {
    (index === 0 ? optimistic : pessimistic).marks.push(run.markOf(mark));
  });
  return { base, optimistic, pessimistic, ledger: engine.portfolio.ledger };
}

type PlayedRun = Awaited<ReturnType<typeof playRun>>;

/** Throws at the first mark that breaks the order. */
function checkOrder({ base, optimistic, pessimistic }: PlayedRun): void {
  base.marks.forEach(({ time, equity, exposure }, index) => {
    const [best, worst] = [optimistic.marks[index], pessimistic.marks[index]];
    const inOrder =
      best !== undefined &&
      worst !== undefined &&
      worst.equity <= equity &&
      equity <= best.equity &&
      worst.exposure === exposure &&
      best.exposure === exposure;
    if (!inOrder) {
      throw new Error(`at ${time}: ${worst?.equity} ≤ ${equity} ≤ ${best?.equity} was expected`);
    }
  });
}

/** Throws where a trade or the total is not gross less its costs, or not what cash says. */
function checkCosts({ fills, observer }: Books, initial: Decimal, isOnSteps: boolean): void {
  const trades = observer.roundTrips.rows;
  for (const trade of trades) {
    const left = trade.grossPnl.minus(trade.slippage).minus(trade.fees).minus(trade.financing);
    if (!left.equals(trade.netPnl)) throw new Error('gross − costs = net of a trade');
    if (trade.impactCost.isNegative) throw new Error('impact never helps');
    if (trade.impactCost.greaterThan(trade.slippage)) throw new Error('impact ≤ slippage');
  }
  const total = attributeCosts(trades);
  const costs = [total.spread, total.impact, total.fees, total.financing];
  const net = costs.reduce((left, cost) => left.minus(cost), total.gross);
  if (!net.equals(total.net)) throw new Error('gross − costs = net in total');
  const { statistics } = observer;
  if (!statistics.fees.equals(total.fees)) throw new Error('fees of trades = fees of fills');
  const gained = fills.cash - fine(unitsOf(initial));
  // What loans cost is charged beside the fills.
  const byFills = fine(unitsOf(net.plus(total.financing)));
  if (isOnSteps && byFills !== gained) throw new Error('net of trades = gain in cash');
}

describe('fills of the same orders', () => {
  let database: MarketDatabase;

  beforeAll(async () => {
    database = await openMarket(SAMPLE_MARKET);
  }, OPENING_MS);

  afterAll(() => database.close());

  it('are never better when pessimistic nor worse when optimistic, at any mark', async () => {
    let fills = 0;
    let apart = 0;
    const property = fc.asyncProperty(scenario, async (drawn) => {
      const { store } = database;
      const sketch = sketchOf(drawn);
      const { start } = sketch.range;
      const tape = drawn.isGarbled ? garbledAfter(store, start ?? 0, drawn.seed) : store;
      const run = await playRun(tape, sketch);
      checkOrder(run);
      const { initialCash } = run.ledger;
      for (const books of [run.base, run.optimistic, run.pessimistic]) {
        // Exact books beside the ledger need products of few decimals: prices on ticks.
        checkCosts(books, initialCash, drawn.enforceTicks && !drawn.isGarbled);
      }
      fills += run.base.observer.roundTrips.rows.length;
      const ends = [run.pessimistic, run.optimistic].map(({ marks }) => marks.at(-1)?.equity ?? 0);
      if ((ends[0] ?? 0) < (ends[1] ?? 0)) apart++;
    });
    await fc.assert(property, { seed: 42, numRuns: 60 });
    expect(fills, 'the property saw plenty of trades').toBeGreaterThan(1000);
    expect(apart, 'and scenarios that differ').toBeGreaterThan(40);
  }, 120_000);
});
