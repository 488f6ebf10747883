import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import { SqliteRunArchive } from '../../../src/adapters/sqlite/sqlite-run-archive.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import { Standing, type HeldPosition } from '../../../src/app/explain/standing.ts';
import { runBacktest } from '../../../src/app/run-backtest.ts';
import { present } from '../../../src/core/assert.ts';
import type { Bar } from '../../../src/core/bar.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import type { StrategyContext } from '../../../src/strategies/strategy.ts';
import { wireRun } from '../../support/engine-run.ts';
import {
  openMarket,
  OPENING_MS,
  SAMPLE_MARKET,
  type MarketDatabase,
} from '../../support/market-database.ts';
import { seededRandom, shuffled } from '../../support/seeded-random.ts';

type Held = Pick<HeldPosition, 'id' | 'side' | 'quantity' | 'entryPrice'>;

/** What a strategy saw of its own when it was asked about a bar. */
interface Sight {
  readonly bar: Bar;
  readonly position: Held | null;
  readonly orders: readonly object[];
}

const RANGE = { start: Date.UTC(2023, 0), end: Date.UTC(2023, 6) };
const SAMPLES = 150;
const SEED = 11;

/**
 * Enters and leaves at random, long and short, and writes down what it sees at every bar. It sees to
 * holding something at the end, and is silent on the last bar.
 */
function noting(sights: Sight[]) {
  return defineStrategy({
    id: 'noting',
    params: z.object({}),
    create: ({ symbol }) => {
      const random = seededRandom(symbol.length + symbol.charCodeAt(0));
      return {
        onBar(bar, context) {
          sights.push({ bar, ...sightOf(context) });
          const isEnding = bar.closeTime > RANGE.end - 4 * HOUR_MS;
          const [act, side, cut] = [isEnding ? 0.15 : random(), random(), random()];
          if (bar.closeTime === RANGE.end) return null;
          if (context.position !== null && act < 0.1) return context.exit({ reason: 'enough' });
          if (act > 0.2) return null;
          return context.enter({
            side: side < 0.5 ? 'buy' : 'sell',
            reason: 'a whim',
            protection: {
              stopLoss: { kind: 'fraction', fraction: 0.002 + 0.015 * cut },
              takeProfit: { kind: 'fraction', fraction: 0.01 },
            },
          });
        },
      };
    },
  });
}

function sightOf({ position, orders }: StrategyContext): Omit<Sight, 'bar'> {
  return {
    position:
      position === null
        ? null
        : {
            id: position.id,
            side: position.side,
            quantity: position.quantity.toNumber(),
            entryPrice: position.entryPrice.toNumber(),
          },
    orders: orders.map(({ id, role, quantity, filled }) => {
      return { id, role, quantity: quantity.toNumber(), filled: filled.toNumber() };
    }),
  };
}

const SITUATIONS = [
  { title: 'filled at the next open', settings: [], halts: false },
  { title: 'filled at the close', settings: ['execution.fill_at=close'], halts: false },
  { title: 'kept open at the end', settings: ['execution.close_at_end=false'], halts: false },
  { title: 'filled in parts', settings: ['execution.max_volume_share=0.0005'], halts: false },
  {
    title: 'halted now and then',
    settings: ['risk_limits.system.max_daily_loss=0.004', 'risk_limits.system.on_breach=flatten'],
    halts: true,
  },
];

describe.each(SITUATIONS)('how things stood, $title', ({ settings, halts }) => {
  const sights: Sight[] = [];
  let opened: MarketDatabase;
  let database: Database;
  let archive: SqliteRunArchive;

  beforeAll(async () => {
    opened = await openMarket(SAMPLE_MARKET);
    database = openDatabase(opened.file);
    const { plan } = wireRun(opened.store, {
      definition: noting(sights),
      range: RANGE,
      settings: ['risk_limits.system.max_drawdown=null', ...settings],
      allowShort: true,
    });
    sights.length = 0;
    await runBacktest(plan, {
      bars: opened.store,
      runs: new SqliteRunStore(database),
      exportDirectory: null,
      signal: new AbortController().signal,
      timer: () => 0,
      now: () => 0,
    });
    archive = new SqliteRunArchive(database);
  }, OPENING_MS);

  afterAll(() => {
    database.close();
    opened.close();
  });

  it('is told as the strategy saw it, position and open orders', () => {
    const last = sights.slice(-4);
    const final = sights.at(-1);
    expect(final?.position !== null && final?.orders.length !== 0).toBe(!halts);
    const chosen = [...shuffled(sights, SEED).slice(0, SAMPLES), ...last];
    expect(chosen.filter(({ position }) => position !== null).length).toBeGreaterThan(5);
    expect(chosen.filter(({ orders }) => orders.length > 0).length).toBeGreaterThan(5);
    for (const { bar, position, orders } of chosen) {
      const standing = new Standing(archive, 'bt-1', bar);
      const business = { strategy: 'noting', symbol: bar.symbol };
      const told = standing.position(business);
      const open = standing.openOrders(business).map(({ id, role, quantity, filled }) => {
        return { id, role, quantity, filled };
      });
      const where = [bar.symbol, bar.openTime];
      expect([...where, shortened(told), open]).toEqual([...where, shortened(position), orders]);
    }
  });

  it('tells a halt where risk refused an entry for one, and none where it let one pass', () => {
    const entries = database
      .prepare<[], { at: number; symbol: string; refused: number }>(
        `SELECT s.bar_open_time AS at, o.symbol, o.state_reason IS 'halted' AS refused
         FROM orders AS o JOIN signals AS s ON s.run_id = o.run_id AND s.seq = o.signal_seq
         WHERE o.role = 'entry' AND (o.state <> 'rejected' OR o.state_reason = 'halted')`,
      )
      .all();
    expect(entries.length).toBeGreaterThan(50);
    expect(entries.some(({ refused }) => refused === 1)).toBe(halts);
    for (const { at, symbol, refused } of shuffled(entries, SEED).slice(0, SAMPLES)) {
      const sight = sights.find(({ bar }) => bar.openTime === at && bar.symbol === symbol);
      const { bar } = present(sight, `the bar ${at}`);
      const halt = new Standing(archive, 'bt-1', bar).halt();
      expect([at, symbol, halt !== null]).toEqual([at, symbol, refused === 1]);
    }
  });
});

/** Mean prices are divided as doubles here, as decimals by the ledger. */
function shortened(position: Held | null): Held | null {
  if (position === null) return null;
  const { id, side, quantity, entryPrice } = position;
  return { id, side, quantity, entryPrice: Number(entryPrice.toFixed(6)) };
}
