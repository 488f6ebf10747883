import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileProgram, type CompiledProgram } from '../../support/compiled-program.ts';
import { KillDrill } from '../../support/processes/kill-drill.ts';
import { BOUNDARIES, planKills } from '../../support/processes/kill-plan.ts';
import { LapsedTime } from '../../support/processes/lapsed-time.ts';

/** A hundred by `npm run test:live-kills`. */
const KILLS = Number(process.env['LIVE_KILLS'] ?? 10);
/** A bar of a minute takes two seconds. */
const SPEED = 30;
const KILL_TIMEOUT_MS = 20_000;
const RUN = 'live-1';

interface Trade {
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
}

/** What was traded, whatever the orders were called: as text, so that lists of it can be compared. */
function tradesOf({ stage: { core } }: KillDrill): readonly string[] {
  return core
    .trades()
    .map(({ symbol, side, quantity, price, fee }): Trade => {
      return { symbol, side, quantity, price, fee: `${fee.amount} ${fee.asset}` };
    })
    .map((trade) => Object.values(trade).join(' '))
    .sort();
}

interface Books {
  readonly orders: ReadonlyMap<string, string>;
  readonly trades: readonly string[];
  readonly integrity: unknown;
  readonly foreign: readonly unknown[];
}

/** What the database says, read past the program. */
function booksOf({ stage }: KillDrill): Books {
  const database = new Database(stage.folder.database, { readonly: true });
  try {
    const orders = database
      .prepare<[], { client_id: string; stage: string }>(
        'SELECT client_id, stage FROM venue_orders',
      )
      .all();
    const trades = database
      .prepare<[], { id: string }>('SELECT venue_trade_id AS id FROM venue_trades ORDER BY number')
      .all();
    return {
      orders: new Map(orders.map(({ client_id, stage }) => [client_id, stage])),
      trades: trades.map(({ id }) => id).sort(),
      integrity: database.pragma('integrity_check', { simple: true }),
      foreign: database.prepare('PRAGMA foreign_key_check').all(),
    };
  } finally {
    database.close();
  }
}

function tableOf({ done }: KillDrill): string {
  const lines = BOUNDARIES.map((boundary) => {
    const times = done
      .filter((kill) => kill.boundary === boundary)
      .map((kill) => kill.readyAfterMs);
    const mean = times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length);
    const worst = Math.max(0, ...times);
    const numbers = [times.length, Math.round(mean), Math.round(worst)].map((each) =>
      String(each).padStart(8),
    );
    return `${boundary.padEnd(26)}${numbers.join('')}\n`;
  });
  const head = `${'killed at'.padEnd(26)}${['kills', 'mean ms', 'most ms'].map((each) => each.padStart(8)).join('')}\n`;
  return `\n${head}${lines.join('')}`;
}

describe(`live trading killed ${KILLS} times`, () => {
  let program: CompiledProgram;
  const time = new LapsedTime(SPEED);
  const drills: KillDrill[] = [];
  const make = (seed: number): KillDrill => {
    const drill = new KillDrill({ main: program.main, time, seed });
    drills.push(drill);
    return drill;
  };

  beforeAll(() => {
    program = compileProgram();
  });

  afterAll(async () => {
    await Promise.all(drills.map((drill) => drill.stage.close()));
    program.delete();
  });

  it(
    'sends nothing twice, loses nothing, and ends with the money of a run that was left alone',
    async () => {
      const killed = make(20_261_127);
      const calm = make(1);
      await Promise.all([killed.begin(), calm.begin()]);
      for (const leg of planKills(KILLS)) {
        await Promise.all([killed.ride(leg), calm.ride({ ...leg, kills: [] })]);
        // What the engine holds for its cash is, to the last digit, what the exchange holds for it.
        expect(killed.status?.cash).toBe(killed.stage.core.balances()['USDT']?.total);
        expect(killed.stage.core.balances()).toEqual(calm.stage.core.balances());
      }
      expect(killed.done).toHaveLength(KILLS);
      expect(await Promise.all([killed.end(), calm.end()])).toEqual([0, 0]);
      process.stdout.write(tableOf(killed));

      const books = booksOf(killed);
      const sent = [...killed.stage.auditor.posts()];
      expect(killed.unrecorded, 'an order leaves once its intent is on record').toEqual([]);
      expect(
        sent.filter(([, count]) => count > 1),
        'one request for one order',
      ).toEqual([]);
      expect(
        sent.filter(([id]) => !books.orders.has(id)),
        'no intent is lost',
      ).toEqual([]);
      const open = [...books.orders].filter(([, stage]) => stage !== 'over');
      expect(open, 'of every intent it is known what became of it').toEqual([]);
      expect(killed.stage.auditor.faults()).toEqual([]);
      expect(books.trades, 'each trade of the exchange is booked once').toEqual(
        killed.stage.core
          .trades()
          .map(({ id }) => id)
          .sort(),
      );
      expect(tradesOf(killed)).toEqual(tradesOf(calm));
      expect(killed.stage.core.balances()).toEqual(calm.stage.core.balances());
      expect(books.integrity).toBe('ok');
      expect(books.foreign).toEqual([]);
      const verified = await killed.stage.run('verify', RUN);
      expect(verified.stdout).toContain('every link holds');
      expect(await verified.ended).toEqual({ code: 0, signal: null });
    },
    60_000 + KILLS * KILL_TIMEOUT_MS,
  );
});
