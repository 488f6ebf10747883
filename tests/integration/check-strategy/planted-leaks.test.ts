import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS_ALL, CheckRuns } from './check-runs.ts';

/** The last 600 bars of the sample market begin here. */
const FIRST = '2024-12-07T00:00:00Z';
const SLOW_MS = 600_000;

/** One of each kind in every run; `npm run test:leaks` plants all of them. */
const IN_EVERY_RUN: ReadonlySet<string> = new Set([
  'memory-of-the-next-close.ts',
  'csv-beside-it.ts',
  'random-threshold.ts',
  'wall-clock.ts',
  'environment-on-every-bar.ts',
  'changes-its-signal.ts',
  'one-entry-a-bar.ts',
  'counts-bars.ts',
  'cache-on-global-this.ts',
  'ranks-by-the-next-close.ts',
  'leader-of-an-earlier-run.ts',
  'throws-later.ts',
]);

interface Leak {
  readonly file: string;
  readonly flags?: readonly string[];
  readonly kind: string;
  readonly symbol: string | null;
  readonly bar: string | null;
  /** A text, or what matches one. */
  readonly input: unknown;
  readonly source?: string;
}

const LEAKS: readonly Leak[] = [
  {
    file: 'memory-of-the-next-close.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: '2024-12-07T02:00:00Z',
    input: 'close of BTC/USD 2024-12-07T03:00:00Z',
  },
  {
    file: 'memory-of-a-later-volume.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: 'volume of ETH/USD 2024-12-07T03:00:00Z',
  },
  {
    file: 'highest-of-all-runs.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: expect.stringMatching(/^high of BTC\/USD 2024-12-/),
  },
  {
    file: 'array-that-begins-with-the-data.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: expect.stringMatching(/^bars from 2024-12-07T01:00:00Z to /),
  },
  {
    file: 'csv-beside-it.ts',
    kind: 'look_ahead',
    symbol: null,
    bar: FIRST,
    input: expect.stringMatching(/^file .*prices\.csv$/),
    source: 'csv-beside-it.ts:5',
  },
  {
    file: 'market-database.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: expect.stringMatching(/^file .*quantsage\.db$/),
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
    input: expect.stringMatching(/^fs\.readFileSync\(".*settings-file-on-every-bar\.ts"\)$/),
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
  },
  {
    file: 'local-hours.ts',
    kind: 'environment',
    symbol: 'BTC/USD',
    bar: '2024-12-07T08:00:00Z',
    input: 'the time zone',
  },
  {
    file: 'local-language.ts',
    kind: 'environment',
    symbol: 'BTC/USD',
    bar: '2024-12-07T07:00:00Z',
    input: 'the language',
  },
  {
    file: 'changes-its-signal.ts',
    kind: 'repainting',
    symbol: 'ETH/USD',
    bar: '2024-12-10T03:00:00Z',
    input: 'a decision handed out earlier',
  },
  {
    file: 'changes-bars.ts',
    kind: 'repainting',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: 'close of a bar or signal',
  },
  {
    file: 'counting-rule.ts',
    kind: 'non_determinism',
    symbol: 'BTC/USD',
    bar: '2024-12-11T03:00:00Z',
    input: 'its own rules',
  },
  {
    file: 'one-entry-a-bar.ts',
    kind: 'symbol_dependence',
    symbol: 'ETH/USD',
    bar: '2024-12-12T03:00:00Z',
    input: 'BTC/USD',
  },
  {
    file: 'leader-by-map-order.ts',
    kind: 'symbol_dependence',
    symbol: 'ETH/USD',
    bar: '2024-12-10T03:00:00Z',
    input: 'BTC/USD',
  },
  {
    file: 'counts-bars.ts',
    kind: 'warm_up',
    symbol: 'BTC/USD',
    bar: '2024-12-16T23:00:00Z',
    input: 'where the data began',
  },
  {
    file: 'mean-since-the-start.ts',
    kind: 'warm_up',
    symbol: 'BTC/USD',
    bar: '2024-12-15T08:00:00Z',
    input: 'where the data began',
  },
  {
    file: 'cache-on-global-this.ts',
    kind: 'carried_state',
    symbol: 'ETH/USD',
    bar: '2024-12-10T08:00:00Z',
    input: 'globalThis.made BTC/USD, globalThis.made ETH/USD',
  },
  {
    file: 'ranks-by-the-next-close.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: '2024-12-07T02:00:00Z',
    input: 'close of BTC/USD 2024-12-07T03:00:00Z',
  },
  {
    file: 'best-first.ts',
    kind: 'look_ahead',
    symbol: 'BTC/USD',
    bar: '2024-12-07T01:00:00Z',
    input: 'close of BTC/USD 2024-12-07T03:00:00Z',
  },
  {
    file: 'drawn-lots.ts',
    kind: 'randomness',
    symbol: null,
    bar: FIRST,
    input: 'Math.random()',
    source: 'drawn-lots.ts:14',
  },
  {
    file: 'changes-a-signal-of-its-list.ts',
    kind: 'repainting',
    symbol: 'ETH/USD',
    bar: '2024-12-10T03:00:00Z',
    input: 'a decision handed out earlier',
  },
  {
    file: 'rebalances-by-count.ts',
    kind: 'warm_up',
    symbol: 'BTC/USD',
    bar: '2024-12-15T11:00:00Z',
    input: 'where the data began',
  },
  {
    file: 'leader-of-an-earlier-run.ts',
    flags: ['--symbols', 'ETH/USD'],
    kind: 'look_ahead',
    symbol: 'ETH/USD',
    bar: '2024-12-07T03:00:00Z',
    input: 'close of BTC/USD 2024-12-07T06:00:00Z',
  },
  {
    file: 'leader-of-the-environment.ts',
    flags: ['--symbols', 'ETH/USD'],
    kind: 'environment',
    symbol: null,
    bar: null,
    input: 'environment variable PLANTED_LEADER',
    source: 'leader-of-the-environment.ts:6',
  },
  {
    file: 'throws-later.ts',
    kind: 'fault',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: expect.stringMatching(/itself/),
  },
  {
    file: 'asks-for-nonsense.ts',
    kind: 'fault',
    symbol: 'BTC/USD',
    bar: FIRST,
    input: expect.stringMatching(/itself/),
  },
  {
    file: 'leaves.ts',
    kind: 'fault',
    symbol: null,
    bar: null,
    input: expect.stringMatching(/itself/),
  },
];

describe('a check of a strategy with a planted leak', () => {
  const runs = new CheckRuns();
  beforeAll(async () => runs.fill(), SLOW_MS);
  afterAll(() => runs.close());

  it.each(LEAKS.filter(({ file }) => CHECKS_ALL || IN_EVERY_RUN.has(file)))(
    'finds the $kind of $file, its bar and its input',
    async ({ file, flags = [], kind, symbol, bar, input, source }) => {
      // What it imports is looked for beside it: the driver of the database is the project's.
      const here = file === 'market-database.ts';
      const { code, report } = await runs.check(
        here ? path.join(import.meta.dirname, 'planted', file) : file,
        ...flags,
      );
      expect([code, report.is_clean]).toEqual([3, false]);
      const [finding] = report.findings;
      const where = source === undefined ? {} : { source };
      expect(finding).toMatchObject({ kind, symbol, bar, input, ...where });
    },
    SLOW_MS,
  );

  it(
    'names every further kind it finds, the worst first',
    async () => {
      const { report } = await runs.check('array-that-begins-with-the-data.ts');
      const kinds = report.findings.map(({ kind }) => kind);
      expect(kinds).toEqual(['look_ahead', 'warm_up', 'carried_state']);
    },
    SLOW_MS,
  );
});
