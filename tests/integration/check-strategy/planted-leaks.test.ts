import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckRuns } from './check-runs.ts';

/** The last 600 bars of the sample market begin here. */
const FIRST = '2024-12-07T00:00:00Z';
const SLOW_MS = 600_000;

interface Leak {
  readonly file: string;
  readonly kind: string;
  readonly symbol: string | null;
  readonly bar: string | null;
  /** As it is, or what it matches. */
  readonly input: string | RegExp;
  /** Kinds that are found besides, the worst first; not looked at when absent. */
  readonly further?: readonly string[];
  /** Where the check cannot tell, null. */
  readonly source: string | null;
}

const LEAKS: readonly Leak[] = [
  {
    file: 'memory-of-the-next-close.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: '2024-12-07T02:00:00Z',
    input: 'close of BTC/USD 2024-12-07T03:00:00Z',
    source: null,
  },
  {
    file: 'memory-of-a-later-volume.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: 'volume of ETH/USD 2024-12-07T03:00:00Z',
    source: null,
  },
  {
    file: 'highest-of-all-runs.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: /^high of BTC\/USD 2024-12-/,
    source: null,
  },
  {
    file: 'array-that-begins-with-the-data.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: /^bars from 2024-12-07T01:00:00Z to /,
    further: ['warm_up', 'carried_state'],
    source: null,
  },
  {
    file: 'csv-beside-it.ts',
    kind: 'look_ahead',
    symbol: null,
    bar: FIRST,
    input: /^file .*prices\.csv$/,
    source: 'csv-beside-it.ts:5',
  },
  {
    file: 'market-database.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: /^file .*quantsage\.db$/,
    source: 'market-database.ts:8',
  },
  {
    file: 'random-threshold.ts',
    kind: 'randomness',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: 'Math.random()',
    source: 'random-threshold.ts:11',
  },
  {
    file: 'random-at-load.ts',
    kind: 'non_determinism',
    symbol: 'ETH/USD',
    bar: '2024-12-10T03:00:00Z',
    input: 'crypto.randomInt()',
    source: 'random-at-load.ts:4',
  },
  {
    file: 'wall-clock.ts',
    kind: 'clock',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: 'Date.now()',
    source: 'wall-clock.ts:10',
  },
  {
    file: 'stopwatch.ts',
    kind: 'clock',
    symbol: 'BTC/USD',
    bar: null,
    input: 'performance.now()',
    source: 'stopwatch.ts:8',
  },
  {
    file: 'timer-in-create.ts',
    kind: 'timer',
    symbol: 'BTC/USD',
    bar: null,
    input: 'setInterval()',
    source: 'timer-in-create.ts:8',
  },
  {
    file: 'settings-file-on-every-bar.ts',
    kind: 'file',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: /^fs\.readFileSync\(".*settings-file-on-every-bar\.ts"\)$/,
    source: 'settings-file-on-every-bar.ts:9',
  },
  {
    file: 'environment-on-every-bar.ts',
    kind: 'environment',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: 'environment variable PLANTED_OVERSOLD',
    source: 'environment-on-every-bar.ts:11',
  },
  {
    file: 'environment-at-load.ts',
    kind: 'environment',
    symbol: 'ETH/USD',
    bar: '2024-12-10T03:00:00Z',
    input: 'environment variable PLANTED_OVERSOLD',
    source: null,
  },
  {
    file: 'local-hours.ts',
    kind: 'environment',
    symbol: 'BTC/USD',
    bar: '2024-12-07T08:00:00Z',
    input: 'the time zone',
    source: null,
  },
  {
    file: 'local-language.ts',
    kind: 'environment',
    symbol: 'BTC/USD',
    bar: '2024-12-07T07:00:00Z',
    input: 'the language',
    source: null,
  },
  {
    file: 'changes-its-signal.ts',
    kind: 'repainting',
    symbol: 'ETH/USD',
    bar: '2024-12-10T03:00:00Z',
    input: 'a decision handed out earlier',
    source: null,
  },
  {
    file: 'changes-bars.ts',
    kind: 'repainting',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: 'close of a bar or signal',
    source: null,
  },
  {
    file: 'counting-rule.ts',
    kind: 'non_determinism',
    symbol: 'BTC/USD',
    bar: '2024-12-11T03:00:00Z',
    input: 'its own rules',
    source: null,
  },
  {
    file: 'one-entry-a-bar.ts',
    kind: 'symbol_dependence',
    symbol: 'ETH/USD',
    bar: '2024-12-12T03:00:00Z',
    input: 'BTC/USD',
    source: null,
  },
  {
    file: 'leader-by-map-order.ts',
    kind: 'symbol_dependence',
    symbol: 'ETH/USD',
    bar: '2024-12-10T03:00:00Z',
    input: 'BTC/USD',
    source: null,
  },
  {
    file: 'counts-bars.ts',
    kind: 'warm_up',
    symbol: 'BTC/USD',
    bar: '2024-12-16T23:00:00Z',
    input: 'where the data began',
    source: null,
  },
  {
    file: 'mean-since-the-start.ts',
    kind: 'warm_up',
    symbol: 'BTC/USD',
    bar: '2024-12-15T08:00:00Z',
    input: 'where the data began',
    source: null,
  },
  {
    file: 'cache-on-global-this.ts',
    kind: 'carried_state',
    symbol: 'ETH/USD',
    bar: '2024-12-10T08:00:00Z',
    input: 'globalThis.made BTC/USD, globalThis.made ETH/USD',
    source: null,
  },
  {
    file: 'throws-later.ts',
    kind: 'fault',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: /itself/,
    source: null,
  },
  {
    file: 'asks-for-nonsense.ts',
    kind: 'fault',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: /itself/,
    source: null,
  },
  { file: 'leaves.ts', kind: 'fault', symbol: null, bar: null, input: /itself/, source: null },
];

function isMet(expected: string | RegExp, input = ''): boolean {
  return typeof expected === 'string' ? input === expected : expected.test(input);
}

describe('a check of a strategy with a planted leak', () => {
  const runs = new CheckRuns();
  beforeAll(async () => runs.fill(), SLOW_MS);
  afterAll(() => runs.close());

  it.each(LEAKS)(
    'finds the $kind of $file, its bar and its input',
    async ({ file, kind, symbol, bar, input, source, further }) => {
      // What it imports is looked for beside it: the driver of the database is the project's.
      const here = file === 'market-database.ts';
      const { code, report } = await runs.check(
        here ? path.join(import.meta.dirname, 'planted', file) : file,
      );
      expect([code, report.is_clean]).toEqual([3, false]);
      const [finding, ...others] = report.findings;
      expect(finding).toMatchObject({ kind, symbol, bar, source });
      expect([finding?.input, isMet(input, finding?.input)]).toEqual([finding?.input, true]);
      const found = others.map((other) => other.kind);
      expect(found).toEqual(further ?? found);
    },
    SLOW_MS,
  );
});
