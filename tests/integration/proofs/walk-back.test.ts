import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import {
  MARKETS,
  openMarket,
  OPENING_MS,
  type MarketDatabase,
} from '../../support/market-database.ts';
import { recordRun } from '../../support/recorded-run.ts';
import { LINKS, MEAN_REVERSION_NUMBERS, WALK, type WalkLink } from '../../support/walk-links.ts';

const RUNS = [
  { strategyId: 'mean_reversion_crypto', settings: [] },
  { strategyId: 'momentum_crypto', settings: [] },
  // Trades to the last bar of a year that loses.
  { strategyId: 'mean_reversion_crypto', settings: ['risk_limits.system.max_drawdown=null'] },
].map((run) => ({ ...run, title: [run.strategyId, ...run.settings].join(' ') }));

/** Trades of which the fact does not hold; NULL is no truth. */
function breaches(database: Database, run: string, { about, holds }: WalkLink): readonly string[] {
  return database
    .prepare<[{ run: string }], string>(
      `${WALK} SELECT trade_id FROM walk WHERE (${about}) AND ((${holds}) IS NOT TRUE)`,
    )
    .pluck()
    .all({ run });
}

/** A trade the fact is about, near the end so that earlier ones may not stand in for it. */
function exampleOf(database: Database, run: string, { about }: WalkLink): string | undefined {
  return database
    .prepare<[{ run: string }], string>(
      `${WALK} SELECT trade_id FROM walk WHERE ${about} ORDER BY seq DESC LIMIT 1 OFFSET 2`,
    )
    .pluck()
    .get({ run });
}

/** What the fact finds wrong once one record is spoilt; the database stays as it was. */
function breachesOnceSpoilt(database: Database, run: string, link: WalkLink) {
  const trade = exampleOf(database, run, link);
  database.exec('BEGIN; PRAGMA defer_foreign_keys = ON');
  try {
    database.prepare<[object]>(link.spoil).run({ run, trade });
    return { trade, found: breaches(database, run, link) };
  } finally {
    database.exec('ROLLBACK');
  }
}

for (const market of MARKETS) {
  describe.skipIf(!market.isThere)(`the record of a run ${market.title}`, () => {
    let opened: MarketDatabase;
    let database: Database;

    beforeAll(async () => {
      opened = await openMarket(market);
      database = openDatabase(opened.file);
    }, OPENING_MS);

    afterAll(() => {
      database.close();
      opened.close();
    });

    describe.each(RUNS)('$title', ({ strategyId, settings }) => {
      let run: string;

      beforeAll(async () => {
        const { file } = opened;
        const report = await recordRun({ file, strategyId, settings, range: market.range });
        run = report.run_id;
      }, OPENING_MS);

      const links =
        strategyId === 'mean_reversion_crypto' ? [...LINKS, ...MEAN_REVERSION_NUMBERS] : LINKS;

      it.each(links)('says of every trade that it $fact', (link) => {
        expect(breaches(database, run, link)).toEqual([]);
        const { trade, found } = breachesOnceSpoilt(database, run, link);
        expect(trade, 'a trade it is about').toBeDefined();
        expect(found).toContain(trade);
      });

      it('holds many trades, those of stop-losses among them', () => {
        const counts = database
          .prepare<[{ run: string }], [string, number]>(
            `${WALK} SELECT role, count(*) FROM walk GROUP BY role ORDER BY role`,
          )
          .raw()
          .all({ run });
        const roles = counts.map(([role]) => role);
        expect(roles).toEqual(expect.arrayContaining(['entry', 'exit', 'stop-loss']));
        expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(100);
      });

      it('offers the same way back as a view, one row a trade', () => {
        const chain = database
          .prepare<[string], string>(
            `SELECT trade_id FROM trade_chain WHERE run_id = ? AND bar_close IS NOT NULL`,
          )
          .pluck()
          .all(run);
        const trades = database
          .prepare<[string], string>('SELECT trade_id FROM trades WHERE run_id = ?')
          .pluck()
          .all(run);
        expect(chain.toSorted()).toEqual(trades.toSorted());
      });
    });
  });
}
