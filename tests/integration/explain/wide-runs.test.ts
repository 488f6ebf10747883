import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import type { StrategyExplanation } from '../../../src/app/explain-run.ts';
import { present } from '../../../src/core/assert.ts';
import { DATABASE, refusalOf, userDirectories } from '../cli/command-line.ts';
import { explainLast } from './explaining.ts';

const HOUR_MS = 3_600_000;
const AGREES = 'computed again; they are what the signal recorded, to the last bit';
const QUARTER = ['--timerange', '20230101-20230401'] as const;
const FILES = [
  '../strategies/pair.ts',
  '../check-strategy/clean/always-the-strongest.ts',
  '../check-strategy/clean/ranked-beside-a-leader.ts',
];

const makeDirectory = userDirectories();

/** A directory in which that strategy ran last. */
function ranIn(file: string, ...flags: readonly string[]) {
  const directory = makeDirectory(
    Object.fromEntries(
      FILES.map((name) => [
        present(name.split('/').at(-1), 'a name'),
        readFileSync(new URL(name, import.meta.url)),
      ]),
    ),
  );
  beforeAll(async () => {
    await directory.prepare('data', 'sample');
    await directory.prepare('backtest', '--strategy', file, ...QUARTER, ...flags);
  }, 120_000);
  return directory;
}

/** Open times of bars with a signal that recorded its conditions, of the last run. */
function signalsIn(file: string, symbol: string): readonly number[] {
  const database = openDatabase(file, { readonly: true });
  try {
    return database
      .prepare<[string], { at: number }>(
        `SELECT bar_open_time AS at FROM signals
         WHERE symbol = ? AND conditions <> '[]' ORDER BY seq`,
      )
      .all(symbol)
      .map(({ at }) => at);
  } finally {
    database.close();
  }
}

function valueOf({ rules }: StrategyExplanation, condition: string): number | undefined {
  return rules?.flatMap(({ conditions }) => conditions).find(({ name }) => name === condition)
    ?.value;
}

describe('a run that looks at a symbol it does not trade', () => {
  const directory = ranIn('pair.ts', '--symbols', 'ETH/USD');

  it('is explained with the bars of that symbol, which are part of its fingerprint', async () => {
    const file = directory.at(DATABASE);
    const signals = signalsIn(file, 'ETH/USD');
    expect(signals.length).toBeGreaterThan(10);
    const told = await Promise.all(signals.slice(0, 5).map((at) => explainLast(file, { at })));
    for (const { data, strategies, bars, notes } of told) {
      expect(data.isSame).toBe(true);
      expect(bars.map(({ symbol }) => symbol)).toEqual(['ETH/USD']);
      expect(strategies.map(({ rulesNote }) => rulesNote)).toEqual([AGREES]);
      expect(notes).toEqual(['run bt-1 looks at BTC/USD without trading there']);
    }
  });

  it('is explained on a bar without a signal too, by what the leader was worth then', async () => {
    const file = directory.at(DATABASE);
    const [at = 0] = signalsIn(file, 'ETH/USD');
    const one = present((await explainLast(file, { at: at - HOUR_MS })).strategies[0], 'one');
    const next = present((await explainLast(file, { at: at - 2 * HOUR_MS })).strategies[0], 'next');
    expect(valueOf(one, 'leader_rises')).toEqual(expect.any(Number));
    expect(valueOf(one, 'leader_rises')).not.toBe(valueOf(next, 'leader_rises'));
    expect(one.verdict).toMatch(/^no signal: /);
  });

  it('does not take the symbol it looks at for one it trades', async () => {
    const outcome = await directory.run(
      'explain',
      'last',
      '--at',
      '20230201',
      '--symbol',
      'BTC/USD',
    );
    expect(refusalOf(outcome)).toBe(
      '--symbol: a symbol of run bt-1 (ETH/USD) was expected, was "BTC/USD"',
    );
    expect(outcome.code).toBe(2);
  });

  it('says that it was still warming up where the symbol it looks at was', async () => {
    const at = Date.UTC(2023, 0, 1, 5);
    const [told] = (await explainLast(directory.at(DATABASE), { at })).strategies;
    expect(told?.warmup?.isWarm).toBe(false);
    expect(told?.warmup?.decidesFrom).toBe('2023-01-02T05:00:00Z');
  });
});

describe('a symbol that a run looked at', () => {
  const directory = ranIn('pair.ts', '--symbols', 'ETH/USD');

  it('is missed where its bars changed since the run', async () => {
    const file = directory.at(DATABASE);
    const [at = 0] = signalsIn(file, 'ETH/USD');
    const database = openDatabase(file);
    database
      .prepare(
        `UPDATE market_data SET close = low WHERE open_time = ? AND series_id =
         (SELECT id FROM series WHERE symbol = 'BTC/USD' AND timeframe = '1h')`,
      )
      .run(at);
    database.close();
    const { data, strategies } = await explainLast(file, { at });
    expect(data.isSame).toBe(false);
    expect(strategies[0]?.rulesNote).toMatch(
      /^they cannot be computed again: leader_rises was recorded as .*the data changed since the run/,
    );
  });
});

describe('a run that decides on all symbols together', () => {
  const directory = ranIn('always-the-strongest.ts');

  it('is explained by the rules of each symbol', async () => {
    const file = directory.at(DATABASE);
    for (const symbol of ['BTC/USD', 'ETH/USD']) {
      const at = present(signalsIn(file, symbol)[3], 'a signal');
      const { data, strategies } = await explainLast(file, { at });
      expect(data.isSame).toBe(true);
      expect(strategies.map((told) => told.symbol)).toEqual(['BTC/USD', 'ETH/USD']);
      const told = present(
        strategies.find((each) => each.symbol === symbol),
        symbol,
      );
      expect(told.rulesNote).toBe(AGREES);
      expect(told.verdict).toMatch(/^signal to enter buy \(the strongest\)/);
      const values = strategies.map((each) => valueOf(each, 'rises'));
      expect(values[0]).not.toBe(values[1]);
    }
  });

  it('is explained on a bar without a signal', async () => {
    const file = directory.at(DATABASE);
    const times = new Set(signalsIn(file, 'ETH/USD'));
    const hours = Array.from({ length: 48 }, (_, hour) => Date.UTC(2023, 1, 1, hour));
    const at = present(
      hours.find((hour) => !times.has(hour)),
      'an hour without a signal',
    );
    const [told] = (await explainLast(file, { at, symbol: 'ETH/USD' })).strategies;
    expect(told?.rules?.map(({ rule }) => rule)).toEqual(['rises']);
    expect(told?.rulesNote).toMatch(/^computed again; on the bar of the nearest signal, /);
  });
});

describe('a run that decides on all symbols by one that it does not trade', () => {
  const directory = ranIn('ranked-beside-a-leader.ts', '--symbols', 'ETH/USD');

  it('is explained though it names no rules', async () => {
    const at = Date.UTC(2023, 1, 1);
    const { data, strategies } = await explainLast(directory.at(DATABASE), { at });
    expect(data.isSame).toBe(true);
    expect(strategies.map(({ symbol, rules }) => ({ symbol, rules }))).toEqual([
      { symbol: 'ETH/USD', rules: [] },
    ]);
    expect(strategies[0]?.warmup?.isWarm).toBe(true);
  });
});
