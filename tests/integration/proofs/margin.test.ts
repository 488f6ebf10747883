import { capitalShares } from '../../../src/portfolio/capital-shares.ts';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { backtestParts } from '../../../src/app/backtest-parts.ts';
import { barReader } from '../../../src/app/readable-series.ts';
import { wireEngine, type Engine } from '../../../src/app/wire-engine.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import type { Side } from '../../../src/core/order.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { hourBar, START } from '../../support/bars.ts';
import { reportRun, wireRun } from '../../support/engine-run.ts';
import { openMarket, type MarketDatabase } from '../../support/market-database.ts';
import { BTC, dec, strategyId } from '../../support/orders.ts';

const EMPTY = {
  title: 'hours at prices of the test’s own',
  isThere: true,
  range: { start: null, end: null },
  fill: async () => {},
};

const NO_LIMITS = [
  'risk_limits.position={max_fraction: null, stop_loss: {crypto: null, stock: null}, take_profit_ratio: null}',
  'risk_limits.symbol.max_exposure=null',
  'risk_limits.portfolio.max_invested=null',
  'risk_limits.system.max_daily_loss=null',
  'risk_limits.system.max_drawdown=null',
];
const NO_COSTS = [
  'transaction_costs.slippage={model: fixed_bps, bps: 0}',
  'transaction_costs.commission.crypto={maker: 0, taker: 0}',
  'execution.max_volume_share=null',
];
const ALL_IN = 'position_sizing={method: all_in}';
const CAPITAL = 100_000;

/** Decides at the close of an hour, by its number alone. */
function timetable(side: Side, ins: readonly number[], outs: readonly number[], id = 'timetable') {
  return defineStrategy({
    id,
    params: z.object({}),
    create: () => ({
      onBar: ({ openTime }, { enter, exit }) => {
        const hour = (openTime - START) / HOUR_MS;
        if (ins.includes(hour)) return enter({ side, reason: 'in' });
        return outs.includes(hour) ? exit({ reason: 'out' }) : null;
      },
    }),
  });
}

let market: MarketDatabase;

afterEach(() => market.close());

/** Hours with these closes; each opens at the close before. */
async function hours(closes: readonly number[]): Promise<void> {
  market = await openMarket(EMPTY);
  market.store.save({
    key: { exchange: 'coinbase', symbol: 'BTC/USD', timeframe: '1h', adjustment: 'raw' },
    assetClass: 'crypto',
    calendar: 'always',
    instrument: null,
    bars: closes.map((close, hour) => hourBar(hour, { open: closes[hour - 1] ?? close, close })),
    covers: null,
    onConflict: 'report',
    at: START,
    issues: [],
    source: 'test',
  });
  const instrument = { ...BTC, minNotional: dec('0') };
  market.store.recordInstrument('coinbase', { validFrom: START, instrument }, 'coinbase');
}

const flat = (count: number, price = 100) => Array.from({ length: count }, () => price);

function sketchOf(definition: ReturnType<typeof timetable>, settings: readonly string[]) {
  return {
    definition,
    range: { start: null, end: null },
    allowShort: true,
    settings: ['data.symbols=[BTC/USD]', ...NO_LIMITS, ...NO_COSTS, ...settings],
  };
}

async function run(definition: ReturnType<typeof timetable>, settings: readonly string[]) {
  const { engine, parts } = wireRun(market.store, sketchOf(definition, settings));
  const events: AnyEvent[] = [];
  engine.bus.tap((event) => void events.push(event));
  await engine.run(new AbortController().signal);
  parts.venue.closeSession();
  engine.portfolio.closeOut('end of data');
  expect(engine.portfolio.cash.toString()).toBe(parts.venue.cash.toString());
  return { engine, events, fills: () => fillsOf(events) };
}

function fillsOf(events: readonly AnyEvent[]): readonly string[] {
  return events.flatMap(({ type, payload }) => {
    if (type !== 'order.filled') return [];
    const hour = (payload.time - START) / HOUR_MS;
    return [
      `${hour} ${payload.side} ${payload.quantity.toString()} at ${payload.price.toString()}`,
    ];
  });
}

describe('a short', () => {
  it('over three midnights pays its borrow fee for three days', async () => {
    // Sold at 100; 110 at the end of day one, 120 of day two and three; bought back at 120.
    await hours([...flat(20), ...flat(20, 110), ...flat(40, 120)]);
    const { engine, events } = await run(timetable('sell', [0], [73]), [
      'position_sizing={method: fixed_quantity, quantity: 100}',
      'portfolio.margin.borrow_rate=0.365',
    ]);
    const { ledger } = engine.portfolio;
    // A thousandth a day of 11,000, 12,000 and 12,000.
    expect(ledger.financing.toString()).toBe('35');
    expect(ledger.realised.toString()).toBe('-2000');
    expect(ledger.cash.toString()).toBe('97965');
    const charges = events.filter(({ type }) => type === 'financing.charged');
    expect(
      charges.map(({ ts }) => (ts - START) / HOUR_MS),
      'when day two, three, four begin',
    ).toEqual(charges.map((_, index) => (index + 1) * 24 + 1));
    const states = events.flatMap((event) =>
      event.type === 'position.updated' ? [event.payload.financing.toString()] : [],
    );
    expect(states).toEqual(['0', '11', '23', '35', '35']);
  });

  it('costs nothing where the rates are zero, and its run is told by the same events', async () => {
    await hours(flat(60));
    const { events, engine } = await run(timetable('sell', [0], [50]), [
      ALL_IN,
      'portfolio.margin={borrow_rate: 0, interest_rate: 0}',
    ]);
    expect(events.filter(({ type }) => type === 'financing.charged')).toEqual([]);
    expect(engine.portfolio.cash.toString()).toBe('100000');
  });
});

describe('leverage', () => {
  const TWICE = [ALL_IN, 'portfolio.margin.initial=0.5', 'portfolio.margin.interest_rate=0.365'];

  it('of two buys twice the equity and pays interest on the debt, interest on it too', async () => {
    await hours([...flat(50), ...flat(10, 110)]);
    const { engine, fills } = await run(timetable('buy', [0], [55]), TWICE);
    expect(fills()).toEqual(['1 buy 2000 at 100', '56 sell 2000 at 110']);
    // A thousandth a day of 100,000, then of 100,100.
    expect(engine.portfolio.ledger.financing.toString()).toBe('200.1');
    expect(engine.portfolio.cash.toString()).toBe('119799.9');
  });

  it('is paid for beside the trades: capital, net result and interest make the equity', async () => {
    await hours([...flat(50), ...flat(10, 110)]);
    const report = await reportRun(market.store, sketchOf(timetable('buy', [0], [55]), TWICE));
    expect(report).toMatchObject({
      final_equity: 119_799.9,
      costs: { financing: 0, net: 20_000 },
      interest: 200.1,
    });
  });

  it('is said in the report, where credit is', async () => {
    await hours(flat(10));
    const report = await reportRun(market.store, sketchOf(timetable('buy', [0], [5]), TWICE));
    expect(report.labels).toContain('positions of up to 2 times equity, on credit');
  });
});

describe('a margin call', () => {
  const SHORT = timetable('sell', [0, 20], []);

  it('after a gap closes everything at the next open and refuses entries', async () => {
    await hours([...flat(10), 170, 175, ...flat(20, 100)]);
    const { engine, fills, events } = await run(SHORT, [ALL_IN]);
    // Equity 30,000 of 170,000 is less than a quarter.
    expect(fills()).toEqual(['1 sell 1000 at 100', '11 buy 1000 at 170']);
    expect(engine.portfolio.cash.toString()).toBe('30000');
    expect(engine.risk.halted).toMatchObject({ check: 'margin-call', onBreach: 'flatten' });
    const refused = events.flatMap((event) =>
      event.type === 'order.rejected' ? [event.payload.refusal.check] : [],
    );
    expect(refused).toEqual(['halted']);
  });

  it('stands in the report', async () => {
    await hours([...flat(10), 170, 175, ...flat(20, 100)]);
    const report = await reportRun(market.store, sketchOf(SHORT, [ALL_IN]));
    expect(report.labels).toContain(
      'MARGIN CALL at 2024-01-01T11:00:00Z: equity of at least 0.25 of the exposure was expected, ' +
        'was "0.176471" (30000 of 170000): margin call, all positions are closed',
    );
    expect(report.final_equity).toBe(30_000);
  });

  it('does not come where it is switched off', async () => {
    await hours([...flat(10), 170, 175, ...flat(10, 100)]);
    const settings = [ALL_IN, 'portfolio.margin.maintenance=null'];
    const { engine, fills } = await run(SHORT, settings);
    expect(fills()).toEqual(['1 sell 1000 at 100', '22 buy 1000 at 100']);
    expect(engine.risk.halted).toBeNull();
    const report = await reportRun(market.store, sketchOf(SHORT, settings));
    expect(report.labels).toContain('no margin calls');
  });

  it('never comes to longs that were paid for, however far they fall', async () => {
    await hours([...flat(10), 1, ...flat(10, 2)]);
    const { engine } = await run(timetable('buy', [0], [15]), [ALL_IN]);
    expect(engine.risk.halted).toBeNull();
    expect(engine.portfolio.cash.toString()).toBe('2000');
  });

  it('that comes too late leaves a debt: the run ends, and says so in numbers', async () => {
    await hours([...flat(30), 350, 350, ...flat(30, 360)]);
    const report = await reportRun(market.store, sketchOf(SHORT, [ALL_IN]));
    // 200,000 − 350,000; 100,000 × 0.03 / 365 were due for the first day, and then interest.
    expect(report.final_equity).toBeLessThan(-150_008);
    expect(report.final_equity).toBeGreaterThan(-150_050);
    expect(report.metrics.total_return).toBeLessThan(-1.5);
    expect(report.metrics.cagr).toBeNull();
    expect(nonFinite(report)).toEqual([]);
  });
});

describe('two strategies on one account', () => {
  /** The values that both strategies hold in the end, each all of what it may. */
  async function values(
    settings: readonly string[],
    shares: Readonly<Record<string, number>> = {},
  ): Promise<readonly number[]> {
    await hours(flat(10));
    const first = timetable('buy', [0], [], 'first');
    const second = timetable('buy', [0, 3], [], 'second');
    const { plan } = wireRun(market.store, sketchOf(first, settings));
    const strategies = [first, second].flatMap((definition) =>
      plan.strategies.map((each) => ({ ...each, definition, id: strategyId(definition.id) })),
    );
    const store = barReader(market.store, plan.series);
    const ids = strategies.map(({ id }) => id);
    const together = { ...plan, strategies, capitalShares: capitalShares(ids, shares) };
    const engine = wireEngine(backtestParts(together, { store, timer: () => 0 }));
    await engine.run(new AbortController().signal);
    return heldBy(engine);
  }

  const heldBy = ({ portfolio }: Engine) =>
    ['first', 'second'].map(
      (id) => (portfolio.positionOf(strategyId(id), 'BTC/USD')?.quantity.toNumber() ?? 0) * 100,
    );

  it.each([
    { name: 'equal parts', shares: {}, expected: [50_000, 50_000] },
    { name: 'named shares', shares: { first: 0.6, second: 0.4 }, expected: [60_000, 40_000] },
    { name: 'the rest', shares: { first: 0.7 }, expected: [70_000, 30_000] },
    {
      name: 'shares that leave some',
      shares: { first: 0.2, second: 0.3 },
      expected: [20_000, 30_000],
    },
  ])('keep to their capital shares: $name', async ({ shares, expected }) => {
    const sizing = 'position_sizing={method: fixed_fraction, fraction: 1}';
    const held = await values([sizing], shares);
    expect(held.map((value) => Math.round(value))).toEqual(expected);
  });

  it('share what is free where both are all in', async () => {
    const held = await values([ALL_IN], { first: 0.75 });
    expect(held.map((value) => Math.round(value))).toEqual([75_000, 25_000]);
  });

  it('leave the buffer of the account untouched', async () => {
    const held = await values([ALL_IN, 'portfolio.cash_buffer=0.1']);
    expect(held.map((value) => Math.round(value))).toEqual([45_000, 45_000]);
    expect(CAPITAL - 90_000).toBe(10_000);
  });
});

/** Paths of numbers that JSON has no word for. */
function nonFinite(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    nonFinite(inner, `${path}/${key}`),
  );
}
