import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import { LimitAudit, type AuditedLimits } from '../../support/limit-audit.ts';
import {
  MARKETS,
  openMarket,
  OPENING_MS,
  type MarketDatabase,
} from '../../support/market-database.ts';
import { recordRun } from '../../support/recorded-run.ts';

/** The defaults of `DESIGN.md` section 6, written out again. */
const SHIPPED: AuditedLimits = {
  maxFraction: 0.1,
  maxExposure: 0.15,
  maxInvested: 0.8,
  threshold: 0.8,
  lookbackBars: 100,
  maxGroupExposure: 0.2,
  maxDailyLoss: 0.05,
  maxDrawdown: 0.2,
  maxOrdersPerDay: 1000,
};

const TIGHT: AuditedLimits = {
  ...SHIPPED,
  maxExposure: 0.07,
  maxInvested: 0.1,
  threshold: 0.3,
  maxGroupExposure: 0.08,
  maxDailyLoss: 0.001,
  maxDrawdown: 0.9,
  maxOrdersPerDay: 1,
};

/** Sizes that differ from entry to entry, so that some are above a limit and some below. */
const VARYING_SIZES = [
  'position_sizing.method=volatility_target',
  'position_sizing.risk_per_trade=0.0015',
];

const MEAN_REVERSION = 'mean_reversion_crypto';

const RUNS = [
  { title: 'mean reversion within the limits as shipped', limits: SHIPPED, sizing: [] },
  {
    title: 'mean reversion to the last bar',
    limits: { ...SHIPPED, maxDrawdown: 0.9 },
    sizing: [],
  },
  {
    title: 'mean reversion within tight limits',
    limits: TIGHT,
    sizing: VARYING_SIZES,
    reached: ['correlated-group', 'halted', 'orders-per-day', 'symbol-exposure'],
  },
  {
    title: 'momentum within tight limits',
    strategyId: 'momentum_crypto',
    limits: TIGHT,
    sizing: VARYING_SIZES,
  },
];

function settingsOf(limits: AuditedLimits): readonly string[] {
  return [
    `risk_limits.position.max_fraction=${limits.maxFraction}`,
    `risk_limits.symbol.max_exposure=${limits.maxExposure}`,
    `risk_limits.portfolio.max_invested=${limits.maxInvested}`,
    `risk_limits.portfolio.correlation.threshold=${limits.threshold}`,
    `risk_limits.portfolio.correlation.lookback_bars=${limits.lookbackBars}`,
    `risk_limits.portfolio.correlation.max_group_exposure=${limits.maxGroupExposure}`,
    `risk_limits.system.max_daily_loss=${limits.maxDailyLoss}`,
    `risk_limits.system.max_drawdown=${limits.maxDrawdown}`,
    `risk_limits.system.max_orders_per_day=${limits.maxOrdersPerDay}`,
  ];
}

for (const market of MARKETS) {
  describe.skipIf(!market.isThere)(`the limits of risk ${market.title}`, () => {
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

    describe.each(RUNS)('$title', ({ strategyId = MEAN_REVERSION, ...asked }) => {
      const { limits, sizing, reached = [] } = asked;
      let run: string;
      let audit: LimitAudit;

      beforeAll(async () => {
        const settings = [...settingsOf(limits), ...sizing];
        const { file } = opened;
        const report = await recordRun({ file, strategyId, settings, range: market.range });
        run = report.run_id;
        audit = new LimitAudit(database, run, limits);
      }, OPENING_MS);

      it('are kept by every entry that was approved', () => {
        const approved = audit.entries.filter(({ approved_seq }) => approved_seq !== null);
        expect(approved.length).toBeGreaterThan(20);
        const broken = approved.flatMap((entry) =>
          [...audit.breaches(entry)].map(([check, actual]) => ({ ...entry, check, actual })),
        );
        expect(broken).toEqual([]);
      });

      it('are broken by every entry that was refused, by the check that is named', () => {
        const refused = audit.entries.filter(({ approved_seq }) => approved_seq === null);
        const checks = new Set(refused.map(({ check_name }) => check_name));
        expect([...checks]).toEqual(expect.arrayContaining(reached));
        for (const entry of refused) {
          const { check_name: check, limit_value: limit, actual_value: actual } = entry;
          const breaches = audit.breaches(entry);
          expect([...breaches.keys()]).toContain(check);
          expect(actual).toBeGreaterThan(limit ?? Infinity);
          const own = check === 'halted' ? actual : breaches.get(check ?? '');
          expect(actual).toBeCloseTo(own ?? Number.NaN, 9);
        }
      });

      it('hold each stop-loss within two percent of the entry', () => {
        const stops = database
          .prepare<[string], { stop: number; entry: number; reference: number }>(
            `SELECT CAST(o.stop_price AS REAL) AS stop, CAST(p.entry_price AS REAL) AS entry,
               n.reference_price AS reference
             FROM orders AS o
             JOIN positions AS p ON p.run_id = o.run_id AND p.position_id = o.position_id
             JOIN orders AS n ON n.run_id = o.run_id AND n.position_id = o.position_id
               AND n.role = 'entry'
             WHERE o.run_id = ? AND o.role = 'stop-loss'
               AND o.quantity = p.entered`,
          )
          .all(run);
        expect(stops.length).toBeGreaterThan(20);
        const tick = 0.01;
        const loose = stops.filter(
          ({ stop, entry, reference }) => entry - stop > 0.02 * Math.max(entry, reference) + tick,
        );
        expect(loose).toEqual([]);
      });
    });
  });
}
