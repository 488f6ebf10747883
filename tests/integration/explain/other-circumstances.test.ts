import { rmSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import type { RunExplanation } from '../../../src/app/explain-run.ts';
import { refusalOf, DATABASE, userDirectories, type UserDirectory } from '../cli/command-line.ts';
import { explainLast } from './explaining.ts';

const makeDirectory = userDirectories();
const MONTHS = ['--timerange', '20230101-20230401'] as const;

/** Buys below the mean of ten bars, leaves above it; its rule may compare with something else. */
function source(extra: { readonly rule?: string; readonly warmup?: string } = {}): string {
  const value = extra.rule ?? 'mean.value';
  return `import { defineStrategy, rule, z } from 'quantsage';
let asked = 0;
export default defineStrategy({
  id: 'own',
  params: z.object({ period: z.int().default(10), at: z.iso.date().default('2020-01-01').transform((text) => ({ year: Number(text.slice(0, 4)) })) }),
  create({ params, indicators }) {
    if (params.at.year !== 2020) throw new Error('the parameters are not those of the run');
    const mean = indicators.sma({ period: params.period });
    ${extra.warmup ?? ''}
    const entry = rule('below', (bar) => bar.close, '<', () => ${value});
    return {
      rules: { entry },
      onBar(bar, context) {
        asked += 1;
        if (context.position !== null) return bar.close > mean.value ? context.exit({ reason: 'back' }) : null;
        return bar.close < mean.value ? context.enter({ side: 'buy', reason: 'dip', rules: entry }) : null;
      },
    };
  },
});
`;
}

async function ran(directory: UserDirectory, text: string): Promise<void> {
  directory.write('own.ts', text);
  await directory.prepare('backtest', '--strategy', './own.ts', '--symbols', 'BTC/USD', ...MONTHS);
}

/** What the last run is told to have done on a bar with a signal whose conditions are on record. */
async function explained(directory: UserDirectory, offset = 0) {
  const at = firstSignal(directory) + offset;
  const told = await explainLast(directory.at(DATABASE), { at });
  const [own] = told.strategies;
  if (own === undefined) throw new Error('the strategy must be told of');
  return { told, own };
}

function firstSignal(directory: UserDirectory): number {
  return inDatabase(
    directory,
    `SELECT bar_open_time FROM signals WHERE conditions <> '[]'
     ORDER BY run_id DESC, seq LIMIT 1 OFFSET 20`,
  );
}

function inDatabase(directory: UserDirectory, sql: string): number {
  const database = openDatabase(directory.at(DATABASE));
  try {
    return Number(database.prepare<[], number>(sql).pluck().get());
  } finally {
    database.close();
  }
}

function change(directory: UserDirectory, sql: string): void {
  const database = openDatabase(directory.at(DATABASE));
  database.exec(sql);
  database.close();
}

describe('a strategy from the user’s own file', () => {
  const directory = makeDirectory();

  beforeAll(() => directory.prepare('data', 'sample'));

  it('is made again from the recorded file and parameters, also where a schema transforms them', async () => {
    await ran(directory, source());
    const { own } = await explained(directory);
    expect(own.rulesNote).toBe(
      'computed again; they are what the signal recorded, to the last bit',
    );
    expect(own.rules).toMatchObject([{ rule: 'entry', holds: true }]);
    expect(own.verdict).toMatch(/^signal to enter buy \(dip\): /);
  });

  it('is explained from the record alone once the file has changed', async () => {
    await ran(directory, source());
    directory.write('own.ts', `${source()}// another word\n`);
    const { own, told } = await explained(directory);
    expect(own.rules).toBeNull();
    expect(own.rulesNote).toMatch(
      /^from the record alone: its file \S*own\.ts was changed since \(SHA-256 [0-9a-f]{12}… then/,
    );
    expect(own.signals[0]?.conditions).toMatchObject([{ name: 'below', holds: true }]);
    expect(own.signals[0]?.orders[0]?.checks.length).toBeGreaterThan(5);
    expect(told.data.isSame, 'not taken: where the run began to read is not known').toBeNull();
  });

  it('is explained from the record alone once the file is gone', async () => {
    await ran(directory, source());
    rmSync(directory.at('own.ts'));
    const { own } = await explained(directory);
    expect(own.rulesNote).toMatch(/^from the record alone: its file \S*own\.ts is gone$/);
  });

  it('is read from all bars where an indicator needs more of them than it says', async () => {
    const seen = '{ firstValue: 1, warmup: 1, count: 0, update() { this.count += 1; } }';
    const warmup = `const seen = indicators.onValues(${seen});`;
    await ran(directory, source({ warmup, rule: '1e6 + seen.count' }));
    const { own } = await explained(directory);
    expect(own.rulesNote).toBe(
      'computed again from all bars of the run; they are what the signal recorded, to the last bit',
    );
  });

  it('is not given numbers that differ from the record: it decides by more than bars', async () => {
    await ran(directory, source({ rule: '1e6 + asked' }));
    for (const offset of [0, 3_600_000]) {
      const { own } = await explained(directory, offset);
      expect(own.rules).toBeNull();
      expect(own.rulesNote).toMatch(
        /^they cannot be computed again: below was recorded as \S+ < \S+, is \S+ < \S+ now; the data are those of the run, so the strategy or the program changed since, or it decides by more than bars$/,
      );
    }
  });

  it('without rules says so, and tells what its signals recorded', async () => {
    await ran(directory, source().replace('rules: { entry },', ''));
    const { own } = await explained(directory);
    expect([own.rules, own.rulesNote]).toEqual([
      [],
      'the strategy names no rules; what its signals recorded is all there is',
    ]);
    expect(own.signals[0]?.conditions).toHaveLength(1);
  });
});

describe('data that are no longer those of the run', () => {
  let directory: UserDirectory;

  beforeEach(async () => {
    directory = makeDirectory();
    await directory.prepare('data', 'sample');
    await ran(directory, source());
  });

  const shift = (at: number): string =>
    `UPDATE market_data SET close = low WHERE open_time = ${at} AND close > low;
     UPDATE market_data SET close = high WHERE open_time = ${at} AND close = low`;

  it('are told by their fingerprint, and no wrong number is shown', async () => {
    const at = firstSignal(directory);
    change(directory, shift(at - 2 * 3_600_000));
    const { told, own } = await explained(directory);
    expect(told.data.isSame).toBe(false);
    expect(told.data.fingerprint).not.toBe(told.data.recordedFingerprint);
    expect(told.notes).toEqual([
      'THE DATA CHANGED since the run: what is computed again may not be what it saw',
    ]);
    expect(own.rules).toBeNull();
    expect(own.rulesNote).toContain('the data changed since the run (their fingerprints differ)');
  });

  it('are told also where the bars in question are the same', async () => {
    change(directory, shift(Date.UTC(2023, 2, 30)));
    const { told, own } = await explained(directory);
    expect(told.data.isSame).toBe(false);
    expect(own.rules).toHaveLength(1);
  });

  it('leave a gap, which is told with what is before and after', async () => {
    const at = firstSignal(directory);
    change(directory, `DELETE FROM market_data WHERE open_time = ${at}`);
    const outcome = await directory.run('explain', 'last', '--at', String(at));
    expect(outcome.code).toBe(5);
    const [before, after] = [at, at + 3_600_000].map((time) =>
      new Date(time).toISOString().replace('.000Z', 'Z'),
    );
    expect(refusalOf(outcome)).toBe(
      `no bar of BTC/USD 1h of sample holds ${before}: the last one before closed at ${before}, ` +
        `the next one opens at ${after}`,
    );
  });

  it('may be gone altogether, which is told with what to do', async () => {
    change(directory, 'DELETE FROM market_data');
    const outcome = await directory.run('explain', 'last', '--at', '2023-03-05');
    expect(outcome.code).toBe(5);
    expect(refusalOf(outcome)).toMatch(
      /^bars of BTC\/USD 1h of sample, which run bt-1 was made of/,
    );
  });
});

describe('a run of an earlier version', () => {
  it('is told as far as it was recorded', async () => {
    const directory = makeDirectory();
    await directory.prepare('data', 'sample');
    await ran(directory, source());
    change(
      directory,
      `UPDATE orders SET steps = NULL; DELETE FROM risk_checks;
       UPDATE strategies SET symbols = NULL, allow_short = NULL, source_file = NULL;
       UPDATE runs SET version = '0.0.1'`,
    );
    const { told, own } = await explained(directory);
    expect(told.notes).toMatchObject([
      expect.stringMatching(/^run bt-1 was made by version 0\.0\.1/),
    ]);
    expect(own.rulesNote).toBe(
      'from the record alone: this version has no strategy of the kind "own", and no file of it ' +
        'is on record',
    );
    expect(statesOf(own.signals)).toEqual(['requested', 'filled']);
    const at = String(firstSignal(directory));
    const { stdout } = await directory.run('explain', 'last', '--at', at);
    expect(stdout).toContain('no risk checks on record');
  });
});

function statesOf(signals: RunExplanation['strategies'][number]['signals']): readonly string[] {
  return (signals[0]?.orders[0]?.path ?? []).map(({ state }) => state);
}
