import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import { present } from '../../../src/core/assert.ts';
import type { Condition } from '../../../src/core/condition.ts';
import {
  MARKETS,
  openMarket,
  OPENING_MS,
  type MarketDatabase,
} from '../../support/market-database.ts';
import { recordRun } from '../../support/recorded-run.ts';
import { shuffled } from '../../support/seeded-random.ts';
import { explainLast, explainOne, storedBars } from './explaining.ts';
import { firstFailingOf, meanReversionFigures } from './mean-reversion-oracle.ts';

const SEED = 20_240_305;
const SILENT_BARS = 100;
const SIGNAL_BARS = 20;
/** A hundred explanations, each with a fingerprint of all bars. */
const LONG_MS = 180_000;

for (const market of MARKETS) {
  describe.skipIf(!market.isThere)(`explaining a run of mean reversion ${market.title}`, () => {
    let opened: MarketDatabase;
    let database: Database;

    beforeAll(async () => {
      opened = await openMarket(market);
      await recordRun({
        file: opened.file,
        strategyId: 'mean_reversion_crypto',
        settings: ['risk_limits.system.max_drawdown=null'],
        range: market.range,
      });
      database = openDatabase(opened.file, { readonly: true });
    }, OPENING_MS);

    afterAll(() => {
      database.close();
      opened.close();
    });

    /** Times and symbols of bars in the period without a signal, warm ones only, at random. */
    function silentBars() {
      const signals = database
        .prepare<[], string>(`SELECT symbol || bar_open_time FROM signals`)
        .pluck()
        .all();
      const spoken = new Set(signals);
      const all = ['BTC/USD', 'ETH/USD'].flatMap((symbol) => {
        const bars = storedBars(database, symbol);
        return bars.map(({ openTime }, at) => ({
          symbol,
          openTime,
          at,
          upTo: () => bars.slice(0, at + 1),
        }));
      });
      const silent = all.filter(
        ({ symbol, openTime, at }) =>
          at >= 1_000 &&
          openTime >= (market.range.start ?? 0) &&
          openTime < (market.range.end ?? Infinity) &&
          !spoken.has(`${symbol}${openTime}`),
      );
      return shuffled(silent, SEED).slice(0, SILENT_BARS);
    }

    it(
      `names the first failing condition of ${SILENT_BARS} random bars without a signal`,
      async () => {
        const found = silentBars();
        expect(found).toHaveLength(SILENT_BARS);
        const failing = new Set<string | null>();
        for (const { symbol, openTime, upTo } of found) {
          const figures = meanReversionFigures(upTo());
          const told = await explainOne(opened.file, openTime + 1_234, symbol);
          expect(told.signals).toEqual([]);
          for (const name of ['long_entry', 'short_entry'] as const) {
            const rule = present(
              told.rules?.find((each) => each.rule === name),
              name,
            );
            const expected = firstFailingOf(figures[name]);
            failing.add(expected);
            expect([symbol, openTime, rule.firstFailing]).toEqual([symbol, openTime, expected]);
            expect(rule.holds).toBe(expected === null);
            expect(rule.conditions).toMatchObject(
              figures[name].map(([condition, value, comparison, threshold]) => ({
                name: condition,
                value: expect.closeTo(value, 6) as number,
                comparison,
                threshold: expect.closeTo(threshold, 4) as number,
              })),
            );
            const sentence = expected === null ? 'holds' : `: ${expected} `;
            expect(rule.sentence).toContain(sentence);
          }
          const asked = told.position === null ? 'entry' : 'exit';
          expect(told.verdict).toMatch(new RegExp(`^no signal: .*long ${asked}`));
        }
        // Were it always the first condition, the test would know no better than a guess.
        expect(failing.size).toBeGreaterThanOrEqual(2);
      },
      LONG_MS,
    );

    it(
      'computes for bars with a signal what the signal recorded, to the last bit',
      async () => {
        const signals = database
          .prepare<[], { symbol: string; at: number; conditions: string }>(
            `SELECT symbol, bar_open_time AS at, conditions FROM signals ORDER BY seq`,
          )
          .all();
        const chosen = shuffled(signals, SEED).slice(0, SIGNAL_BARS);
        expect(chosen).toHaveLength(SIGNAL_BARS);
        for (const { symbol, at, conditions } of chosen) {
          const told = await explainOne(opened.file, at, symbol);
          const recorded = JSON.parse(conditions) as readonly Condition[];
          const recomputed = (told.rules ?? []).flatMap((rule) => rule.conditions);
          expect(recomputed).toEqual(expect.arrayContaining([...recorded]));
          expect(told.rulesNote).toBe(
            'computed again; they are what the signal recorded, to the last bit',
          );
          expect(told.signals.map((signal) => signal.conditions)).toContainEqual(recorded);
        }
      },
      LONG_MS,
    );

    it('says that the data are those of the run', async () => {
      const at = present(storedBars(database, 'BTC/USD').at(-100), 'a bar').openTime;
      const { data, notes } = await explainLast(opened.file, {
        at: Math.min(at, (market.range.end ?? Infinity) - 1),
      });
      expect(data.fingerprint).toBe(data.recordedFingerprint);
      expect([data.isSame, notes]).toEqual([true, []]);
    });
  });
}
