import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { BarStore } from '../../../src/ports/bar-store.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { START } from '../../support/bars.ts';
import { reportRun } from '../../support/engine-run.ts';
import { candles } from './candles.ts';
import { DATABASE, refusalOf, userDirectories, type UserDirectory } from './command-line.ts';

const makeDirectory = userDirectories();
const FROM = '2024-01-01T00:00:00Z';
const HOURS = 200;
const MINUTES_MS = 60_000;

/** Everything that bars are, or that is known of them; the count of changes goes its own way. */
const TABLES = ['market_data', 'data_issues', 'instruments', 'covered_spans', 'bar_revisions'];

/** Line 0 is the header, so that line 11 is hour 10. */
function without(csv: string, ...hours: readonly number[]): string {
  return csv
    .split('\n')
    .filter((_, line) => !hours.includes(line - 1))
    .join('\n');
}

const wave = (hour: number) => 100 + Math.sin(hour / 5);
const HOURLY = candles({ from: FROM, count: HOURS, close: wave });

/** Half hours whose second ones close where the hours do. */
const HALF_HOURS = candles({
  from: FROM,
  count: 2 * HOURS,
  stepMs: 30 * MINUTES_MS,
  close: (index) => wave((index - 1) / 2),
  volume: () => 50,
});

/** Hours 10, 11 and 50 to 79 are missing. */
const LONG = Array.from({ length: 30 }, (_, index) => 50 + index);
const GAPPY = without(HOURLY, 10, 11, ...LONG);

const BTC = ['--symbol', 'BTC/USD', '--timeframe', '1h'] as const;

async function withGaps(): Promise<UserDirectory> {
  const directory = makeDirectory({ 'gappy.csv': GAPPY, 'half.csv': HALF_HOURS });
  await directory.prepare('import', 'gappy.csv', ...BTC);
  return directory;
}

function inStore<T>(directory: UserDirectory, act: (store: BarStore) => T): T {
  const database = openDatabase(directory.at(DATABASE));
  try {
    return act(new SqliteBarStore(database));
  } finally {
    database.close();
  }
}

/** `10 99.8 0 2`: hour, close, volume and flags of the bars between two hours. */
function bars(directory: UserDirectory, from: number, to: number): readonly string[] {
  return inStore(directory, (store) => {
    const id = store.series().find(({ timeframe }) => timeframe === '1h')?.id ?? 0;
    const rows: string[] = [];
    for (const page of store.pages(id, START + from * HOUR_MS, START + to * HOUR_MS)) {
      for (let at = 0; at < page.length; at += 7) {
        const [open = 0, , , , close = 0, volume, flags] = page.subarray(at, at + 7);
        rows.push(`${(open - START) / HOUR_MS} ${close.toFixed(3)} ${volume} ${flags}`);
      }
    }
    return rows;
  });
}

async function missing(directory: UserDirectory): Promise<unknown> {
  const { stdout } = await directory.run('data', 'verify', '--timeframe', '1h', '--json');
  const [ledger] = JSON.parse(stdout) as { missing: number; notes: { repaired: object } }[];
  return [ledger?.missing, ledger?.notes.repaired];
}

const at9 = wave(9).toFixed(3);

describe('data repair --method flat', () => {
  it('fills short gaps at the last close, leaves long ones, and says how to undo', async () => {
    const directory = await withGaps();
    const before = directory.rows(...TABLES);
    const listed = await directory.run('data', 'list');
    const { code, stdout, stderr } = await directory.run('data', 'repair', '--method', 'flat');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'Series               Method  Gaps  Bars  Made  Left  Batch',
      'coinbase BTC/USD 1h  flat       2    32     2    30      1',
      'coinbase BTC/USD 1h: 30 bars of 1 gap left (2024-01-03 02:00 +30): a gap of more than 24 ' +
        'bars is no market at rest; refetch it, or allow it with --max-gap',
      'undo with: quantsage data repair --undo 1',
      '',
    ]);
    expect(bars(directory, 9, 13)).toEqual([
      `9 ${at9} 100 0`,
      `10 ${at9} 0 2`,
      `11 ${at9} 0 2`,
      `12 ${wave(12).toFixed(3)} 100 0`,
    ]);
    expect(await missing(directory)).toMatchObject([30, { count: 2 }]);

    const undone = await directory.run('data', 'repair', '--undo', '1');
    expect(undone).toEqual({
      code: 0,
      stdout: 'undone: repair 1 of coinbase BTC/USD 1h by flat, 2 bars as before it\n',
      stderr: '',
    });
    expect(directory.rows(...TABLES) === before, 'every row is as it was').toBe(true);
    expect(await directory.run('data', 'list')).toEqual(listed);
  });

  it('fills longer gaps where it is allowed to', async () => {
    const directory = await withGaps();
    await directory.prepare('data', 'repair', '--method', 'flat', '--max-gap', '30');
    expect(await missing(directory)).toMatchObject([0, { count: 32 }]);
    const { stdout } = await directory.run('data', 'repair', '--method', 'flat');
    expect(stdout).toBe('nothing to repair in 1 series\n');
  });

  it('changes nothing in a dry run, and says what it would do', async () => {
    const directory = await withGaps();
    const before = directory.rows(...TABLES, 'series', 'repair_batches');
    const { stdout } = await directory.run('data', 'repair', '--method', 'flat', '--dry-run');
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'Series               Method  Gaps  Bars  To make  Left  Batch',
      'coinbase BTC/USD 1h  flat       2    32        2    30',
    ]);
    expect(stdout).toMatch(/\nnothing was changed: without --dry-run it would be\n$/);
    expect(directory.rows(...TABLES, 'series', 'repair_batches') === before).toBe(true);
  });

  it('fills what lies in a range alone', async () => {
    const directory = await withGaps();
    const range = ['--timerange', '20240101T1100-20240102'] as const;
    await directory.prepare('data', 'repair', '--method', 'flat', ...range);
    expect(bars(directory, 9, 13).map((bar) => bar.split(' ')[0])).toEqual(['9', '11', '12']);
  });

  it('prints the model as JSON', async () => {
    const directory = await withGaps();
    const { stdout } = await directory.run('data', 'repair', '--method', 'flat', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      is_dry_run: false,
      series: [
        {
          exchange: 'coinbase',
          symbol: 'BTC/USD',
          timeframe: '1h',
          method: 'flat',
          gaps: 2,
          found: 32,
          made: 2,
          left: [{ bars: 30, gaps: 1 }],
          batch: 1,
        },
      ],
    });
  });
});

describe('data repair --method finer', () => {
  it('builds the missing bars from shorter ones that are stored', async () => {
    const directory = await withGaps();
    const half = ['--symbol', 'BTC/USD', '--timeframe', '30m'] as const;
    // Hour 60 has no half hours either, hour 61 only one.
    directory.write('half.csv', without(HALF_HOURS, 120, 121, 122));
    await directory.prepare('import', 'half.csv', ...half);
    const before = directory.rows(...TABLES);
    const { stdout } = await directory.run('data', 'repair', '--method', 'finer');
    expect(stdout.split('\n')).toEqual([
      'Series                Method  Gaps  Bars  Made  Left  Batch',
      'coinbase BTC/USD 30m  finer      1     3     0     3',
      'coinbase BTC/USD 1h   finer      2    32    31     1      1',
      'coinbase BTC/USD 30m: 3 bars of 1 gap left (2024-01-03 12:00 +3): no series of a shorter ' +
        'timeframe is stored that they are made of',
      'coinbase BTC/USD 1h: 1 bar of 1 gap left (2024-01-03 02:00 +30): there are 30m bars, but ' +
        'not of all that time',
      'coinbase BTC/USD 1h: 1 of the bars are made of fewer shorter ones than there could be',
      'undo with: quantsage data repair --undo 1',
      '',
    ]);
    expect(bars(directory, 10, 12)).toEqual(
      [10, 11].map((hour) => `${hour} ${wave(hour).toFixed(3)} 100 2`),
    );
    expect(bars(directory, 61, 62)).toEqual([`61 ${wave(61).toFixed(3)} 50 2`]);
    await directory.prepare('data', 'repair', '--undo', '1');
    expect(directory.rows(...TABLES) === before, 'every row is as it was').toBe(true);
  });

  it('gives the bars that were taken out, to the last digit', async () => {
    const directory = makeDirectory({ 'half.csv': HALF_HOURS, 'gappy.csv': GAPPY });
    const half = ['--symbol', 'BTC/USD', '--timeframe', '30m'] as const;
    await directory.prepare('import', 'half.csv', ...half);
    await directory.prepare('import', 'gappy.csv', ...BTC);
    await directory.prepare('data', 'repair', '--method', 'finer');
    const repaired = bars(directory, 0, HOURS).map((bar) => bar.replace(/ [02]$/, ''));
    const whole = makeDirectory({ 'whole.csv': HOURLY });
    await whole.prepare('import', 'whole.csv', ...BTC);
    expect(repaired).toEqual(bars(whole, 0, HOURS).map((bar) => bar.replace(/ 0$/, '')));
  });
});

describe('data repair --method revision', () => {
  /** The venue says later that hour 5 closed at 100 with more volume, and then with more still. */
  function revise(directory: UserDirectory): void {
    inStore(directory, (store) => {
      for (const volume of [150, 160]) {
        store.save({
          key: { exchange: 'coinbase', symbol: 'BTC/USD', timeframe: '1h', adjustment: 'raw' },
          assetClass: 'crypto',
          calendar: 'always',
          instrument: null,
          bars: [
            {
              openTime: START + 5 * HOUR_MS,
              open: 100,
              high: 101,
              low: 99,
              close: 100,
              volume,
              flags: 0,
            },
          ],
          covers: null,
          onConflict: 'revise',
          at: START + volume * HOUR_MS,
          issues: [],
          source: 'coinbase',
        });
      }
    });
  }

  it('puts the latest values in place of the first ones, and back again', async () => {
    const directory = await withGaps();
    revise(directory);
    const before = directory.rows(...TABLES);
    expect(bars(directory, 5, 6)).toEqual([`5 ${wave(5).toFixed(3)} 100 4`]);
    const { stdout } = await directory.run('data', 'repair', '--method', 'revision');
    expect(stdout.split('\n')).toEqual([
      'Series               Method    Gaps  Bars  Made  Left  Batch',
      'coinbase BTC/USD 1h  revision           1     1     0      1',
      'undo with: quantsage data repair --undo 1',
      '',
    ]);
    expect(bars(directory, 5, 6)).toEqual(['5 100.000 160 2']);
    await directory.prepare('data', 'repair', '--undo', '1');
    expect(directory.rows(...TABLES) === before, 'every row is as it was').toBe(true);
  });

  it('puts what the venue sent in place of a bar that was made up', async () => {
    const directory = await withGaps();
    await directory.prepare('data', 'repair', '--method', 'flat');
    directory.write('truth.csv', without(HOURLY, ...Array(10).keys(), ...range(12, HOURS)));
    await directory.prepare('import', 'truth.csv', ...BTC);
    await directory.prepare('data', 'repair', '--method', 'revision');
    expect(bars(directory, 10, 12)).toEqual(
      [10, 11].map((hour) => `${hour} ${wave(hour).toFixed(3)} 100 2`),
    );
    const early = await directory.run('data', 'repair', '--undo', '1');
    expect(refusalOf(early)).toMatch(
      /^repair 1: bars that no later repair changed were expected, /,
    );
  });
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe('data repair --list', () => {
  it('shows every batch with what it was made of, and which were undone', async () => {
    const directory = await withGaps();
    expect((await directory.run('data', 'repair', '--list')).stdout).toBe(
      'nothing was repaired yet\n',
    );
    await directory.prepare('data', 'repair', '--method', 'flat');
    await directory.prepare('data', 'repair', '--method', 'flat', '--max-gap', '99');
    await directory.prepare('data', 'repair', '--undo', '1');
    const { stdout } = await directory.run('data', 'repair', '--list');
    const times = stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME');
    expect(times.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | ').trim())).toEqual([
      'Batch | Series | Method | Bars | Made of | Repaired | Undone',
      '| 1 | coinbase BTC/USD 1h | flat | 2 | the last close before | TIME | TIME',
      '| 2 | coinbase BTC/USD 1h | flat | 30 | the last close before | TIME',
      '',
    ]);
    const { stdout: json } = await directory.run('data', 'repair', '--list', '--json');
    expect(JSON.parse(json)).toMatchObject([
      { id: 1, symbol: 'BTC/USD', method: 'flat', bars: 2 },
      { id: 2, bars: 30, undone_at: null },
    ]);
  });

  it('makes no database', async () => {
    const directory = makeDirectory();
    for (const flags of [['--list'], ['--method', 'flat']]) {
      expect((await directory.run('data', 'repair', ...flags)).code).toBe(0);
    }
    expect(directory.has(DATABASE)).toBe(false);
  });
});

describe('a backtest on repaired bars', () => {
  /** In at the close of hour 8 and 40, out at the close of hour 11 and 45. */
  const byTheClock = defineStrategy({
    id: 'by_the_clock',
    params: z.object({}),
    create: () => ({
      onBar: ({ openTime }, { enter, exit }) => {
        const hour = (openTime - START) / HOUR_MS;
        if (hour === 8 || hour === 40) return enter({ side: 'buy', reason: 'in' });
        return hour === 12 || hour === 45 ? exit({ reason: 'out' }) : null;
      },
    }),
  });

  const quality = (directory: UserDirectory) =>
    inStoreAsync(directory, (store) =>
      reportRun(store, {
        definition: byTheClock,
        range: { start: null, end: null },
        settings: ['data.symbols=[BTC/USD]', 'execution.max_volume_share=null'],
      }),
    );

  it('says which trades rest on them, and what these earned', async () => {
    const directory = await withGaps();
    const before = await quality(directory);
    expect(before.data_quality).toMatchObject({
      missing_bars: 32,
      repaired_bars: 0,
      trades_on_repaired_bars: 0,
      net_pnl_on_repaired_bars: 0,
    });
    await directory.prepare('data', 'repair', '--method', 'flat');
    const after = await quality(directory);
    expect(after.metrics.total_trades).toBe(2);
    expect(after.data_quality).toMatchObject({
      missing_bars: 30,
      repaired_bars: 2,
      trades_on_flagged_bars: 1,
      trades_on_outliers: 0,
      trades_on_repaired_bars: 1,
      trades_on_revised_bars: 0,
    });
    const onRepaired = after.data_quality['net_pnl_on_repaired_bars'] ?? 0;
    expect(onRepaired).not.toBe(0);
    expect(Math.abs(onRepaired)).toBeLessThan(Math.abs(after.per_symbol['BTC/USD']?.net_pnl ?? 0));
    expect(after.data_fingerprint).not.toBe(before.data_fingerprint);
    await directory.prepare('data', 'repair', '--undo', '1');
    expect(await quality(directory)).toEqual(before);
  });
});

async function inStoreAsync<T>(
  directory: UserDirectory,
  act: (store: BarStore) => Promise<T>,
): Promise<T> {
  const database = openDatabase(directory.at(DATABASE));
  try {
    return await act(new SqliteBarStore(database));
  } finally {
    database.close();
  }
}

describe('data repair', () => {
  it.each<[readonly string[], number, RegExp]>([
    [
      [],
      2,
      /was expected, was none; begin with "quantsage data repair --method refetch --dry-run"$/,
    ],
    [['--list', '--undo', '1'], 2, /was --list and --undo$/],
    [['--method', 'magic'], 2, /Allowed choices are refetch, flat, finer, revision;/],
    [
      ['--method', 'finer', '--max-gap', '5'],
      2,
      /^--max-gap: .* with --method flat, was with finer$/,
    ],
    [['--method', 'flat', '--max-gap', '0'], 2, /^--max-gap: a whole number of at least 1 /],
    [['--method', 'flat', '--max-gap', 'x'], 2, /^--max-gap: a whole number of at least 1 /],
    [['--list', '--symbols', 'BTC/USD'], 2, /^--symbols: .* with --method, was with --list$/],
    [['--undo', '1', '--dry-run'], 2, /^--dry-run: .* with --method, was with --undo$/],
    [['--undo', '0'], 2, /^--undo: a whole number of at least 1 was expected, was "0"$/],
    [['--undo', '7'], 5, /^repair 7: the number of a repair was expected; none was made yet;/],
    [['--method', 'flat', '--symbols', 'btc/usd'], 2, /^--symbols: .* did you mean "BTC\/USD"/],
    [['--method', 'flat', '--symbols', 'ETH/USD'], 5, /^a stored series of ETH\/USD was expected/],
    [['--method', 'flat', '--exchange', 'kraken'], 5, /at kraken was expected, there is none;/],
    [['--method', 'flat', '--timeframe', '7m'], 2, /^--timeframe: one of 1m, /],
    [['--method', 'flat', '--timerange', '20240230-'], 2, /20240230/],
  ])('refuses %j', async (flags, code, sentence) => {
    const directory = await withGaps();
    const before = directory.rows(...TABLES, 'repair_batches');
    const outcome = await directory.run('data', 'repair', ...flags);
    expect(outcome.code).toBe(code);
    expect(refusalOf(outcome)).toMatch(sentence);
    expect(directory.rows(...TABLES, 'repair_batches') === before).toBe(true);
  });
});
