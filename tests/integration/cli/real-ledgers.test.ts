import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { userDirectories } from './command-line.ts';

const FOLDER = path.resolve('../shared/data');
const makeDirectory = userDirectories();

const found = z.object({
  count: z.number(),
  examples: z.array(z.union([z.number(), z.looseObject({})])),
});
const instances = z.object({
  count: z.number(),
  examples: z.array(z.object({ open_time: z.number(), rule: z.string(), detail: z.string() })),
});
const runs = z.object({
  runs: z.number(),
  bars: z.number(),
  longest: z.object({ from: z.number(), bars: z.number(), close: z.number() }).nullable(),
});
const ledgers = z.tuple([
  z.object({
    bars: z.number(),
    expected: z.number().nullable(),
    missing: z.number().nullable(),
    uncovered: z.number(),
    status: z.enum(['clean', 'defects', 'broken']),
    defects: z.object({
      gaps: found,
      duplicates: instances,
      invariant_breaks: instances.extend({ stored: z.number() }),
      bad_prints: instances,
      outages: runs,
      off_session: found,
      conflicts: instances,
    }),
    notes: z.object({
      outliers: z.number(),
      large_moves: instances,
      flat_runs: runs,
      zero_volume_runs: runs,
      splits: z.object({
        count: z.number(),
        examples: z.array(
          z.looseObject({ open_time: z.number(), numerator: z.number(), denominator: z.number() }),
        ),
      }),
      repaired: found,
      revised: found,
      quarantined: instances,
      stitched_opens: z.object({ count: z.number(), is_rule: z.boolean() }),
    }),
  }),
]);
type Ledger = z.infer<typeof ledgers>[0];

/** `data verify` of a file that was imported into a database of its own. */
async function ledgerOf(file: string, ...flags: readonly string[]): Promise<Ledger> {
  const directory = makeDirectory();
  const { code, stderr } = await directory.run('import', path.join(FOLDER, file), ...flags);
  expect([code, stderr]).toEqual([0, '']);
  const { code: verdict, stdout } = await directory.run('data', 'verify', '--json');
  expect(verdict, 'no stored bar is broken').toBe(0);
  return ledgers.parse(JSON.parse(stdout))[0];
}

/** The kinds of defects that were found, with their numbers; nothing for a clean file. */
function defectsOf({ missing, defects }: Ledger): Readonly<Record<string, unknown>> {
  const { gaps, outages, ...rest } = defects;
  const { longest: run } = outages;
  const found: readonly (readonly [kind: string, amount: unknown])[] = [
    ['gaps', gaps.count],
    ['missing', missing ?? 0],
    ...Object.entries(rest).map(([kind, { count }]) => [kind, count] as const),
    ['outages', outages.runs],
    ['outage_bars', outages.bars],
    ['longest', run === null ? 0 : `${run.bars} from ${hour(run.from)}`],
  ];
  return Object.fromEntries(found.filter(([, amount]) => amount !== 0));
}

function hour(time: number): string {
  return new Date(time).toISOString().slice(0, 13);
}

function splitsOf({ notes }: Ledger): readonly string[] {
  return notes.splits.examples.map(
    ({ open_time, numerator, denominator }) =>
      `${hour(open_time).slice(0, 10)} ${numerator}:${denominator}`,
  );
}

const hours = (symbol: string) => ['--symbol', symbol, '--timeframe', '1h'];
const minutes = (symbol: string) => ['--symbol', symbol, '--timeframe', '1m'];
const days = (symbol: string) => ['--symbol', symbol, '--timeframe', '1d'];

/** What `README.md` beside the files says of them, and what a look at their prices adds to it. */
const FILES: readonly (readonly [
  file: string,
  flags: readonly string[],
  defects: Readonly<Record<string, unknown>>,
  splits: readonly string[],
])[] = [
  [
    'coinbase_BTC-USD_1h.csv.gz',
    hours('BTC/USD'),
    // The other one is the three hours of 2018-02-01.
    { outages: 2, outage_bars: 18, longest: '15 from 2018-08-10T01' },
    [],
  ],
  [
    'coinbase_ETH-USD_1h.csv.gz',
    hours('ETH/USD'),
    { outages: 1, outage_bars: 3, longest: '3 from 2018-02-01T05' },
    [],
  ],
  [
    'coinbase-ta4j_ETH-USD_4h.csv.gz',
    ['--symbol', 'ETH/USD', '--timeframe', '4h'],
    // The flash crash of 2017-06-21, and an opening at 74.98 on 2017-04-15 between 48.53 and 48.94.
    { gaps: 9, missing: 26, bad_prints: 2 },
    [],
  ],
  [
    'kraken_BTC-USD_1h.csv.gz',
    hours('BTC/USD'),
    // The upgrade of January 2018 made three of the others.
    { outages: 5, outage_bars: 109, longest: '59 from 2017-10-20T13' },
    [],
  ],
  [
    'binance-ninjabot_BTC-USDT_1h.csv',
    hours('BTC/USDT'),
    { gaps: 7, missing: 12, duplicates: 5 },
    [],
  ],
  [
    'bitmex_XBT-USD-PERP_5m.csv',
    ['--symbol', 'XBT/USD', '--timeframe', '5m', '--max-bad-rows', '5'],
    { invariant_breaks: 5, bad_prints: 1 },
    [],
  ],
  ['bitfinex-201811_BTC-USD_1m.csv.gz', minutes('BTC/USD'), { gaps: 1242, missing: 1501 }, []],
  ['bitfinex-201811_ETH-USD_1m.csv.gz', minutes('ETH/USD'), { gaps: 2743, missing: 3802 }, []],
  ['lean_SPY_1d.csv', days('SPY'), { bad_prints: 42 }, []],
  [
    'lean_AAPL_1d.csv',
    days('AAPL'),
    { bad_prints: 4 },
    ['2000-06-21 2:1', '2005-02-28 2:1', '2014-06-09 7:1', '2020-08-31 4:1'],
  ],
  ['lean_IBM_1d.csv', days('IBM'), { bad_prints: 5 }, ['1999-05-27 2:1']],
  ['backtestingpy_GOOG_1d.csv', days('GOOG'), {}, []],
  ['skender-default_SPY_1d.csv', days('SPY'), {}, []],
  // A low of 15 on 2008-09-19, between 18.75 and 20.07 on the days around.
  [
    'yahoo-backtrader_ORCL_1d.csv',
    [...days('ORCL'), '--adjustment', 'split'],
    { bad_prints: 1 },
    [],
  ],
  ['backtrader-2006_STOXX50_1d.csv', [...days('STOXX50'), '--calendar', 'unknown'], {}, []],
];

describe.skipIf(!existsSync(FOLDER))(`data verify (skipped where ${FOLDER} is absent)`, () => {
  it.each(FILES)('finds the defects of %s and no others', async (file, flags, defects, splits) => {
    const ledger = await ledgerOf(file, ...flags);
    expect(defectsOf(ledger)).toEqual(defects);
    expect(ledger.status).toBe(Object.keys(defects).length === 0 ? 'clean' : 'defects');
    expect(splitsOf(ledger)).toEqual(splits);
    const known = ledger.bars - ledger.uncovered + (ledger.missing ?? 0);
    expect(known, 'what is there and what is missing is what is expected').toBe(
      ledger.expected ?? 0,
    );
  });

  it('shows the bad prints of AAPL with their prices as traded', async () => {
    const { defects } = await ledgerOf('lean_AAPL_1d.csv', ...days('AAPL'));
    const lines = defects.bad_prints.examples.map(
      ({ open_time, detail }) => `${hour(open_time).slice(0, 10)} ${detail}`,
    );
    expect(lines).toEqual([
      '2009-09-21 low 10.59, -94.28 % from the close before, taken back (close 184.02)',
      '2010-08-31 low 25.3, -89.57 % from the close before, taken back (close 243.37)',
      '2011-01-03 low 32.65, -89.88 % from the close before, taken back (close 329.73)',
      '2017-02-02 low 121.03, -6.00 % from the close before, taken back (close 128.53)',
    ]);
  });

  it('shows the flash crash of 2017-06-21 and the low of 8 instead of 8000', async () => {
    const fourHours = ['--symbol', 'ETH/USD', '--timeframe', '4h'];
    const crash = await ledgerOf('coinbase-ta4j_ETH-USD_4h.csv.gz', ...fourHours);
    expect(crash.defects.bad_prints.examples[1]).toMatchObject({
      open_time: Date.parse('2017-06-21T16:00:00Z'),
      detail: 'low 0.1, -99.97 % from the close before, taken back (close 298)',
    });
    const bitmex = ['--symbol', 'XBT/USD', '--timeframe', '5m', '--max-bad-rows', '5'];
    const { defects } = await ledgerOf('bitmex_XBT-USD-PERP_5m.csv', ...bitmex);
    expect(defects.bad_prints.examples[0]?.detail).toMatch(/^low 8, -99\.90 % /);
    expect(defects.invariant_breaks.examples[0]?.detail).toMatch(/:133: low ≤ open /);
  });

  it('calls real crashes and earnings large moves', async () => {
    const spy = await ledgerOf('lean_SPY_1d.csv', ...days('SPY'));
    expect([spy.notes.outliers, spy.notes.large_moves.count]).toEqual([98, 56]);
    const google = await ledgerOf('backtestingpy_GOOG_1d.csv', ...days('GOOG'));
    expect(google.notes.large_moves.count).toBe(19);
    expect(google.notes.large_moves.examples[0]?.detail).toBe(
      'close 172.43, 15.43 % from the close before (high 180.17)',
    );
  });

  it.each([
    ['coinbase_BTC-USD_1h.csv.gz', hours('BTC/USD'), 20_100],
    ['coinbase_ETH-USD_1h.csv.gz', hours('ETH/USD'), 27_136],
    ['kraken_BTC-USD_1h.csv.gz', hours('BTC/USD'), 18_292],
  ])('notes that %s opens at the close before, the vendor having made it so', async (...row) => {
    const [file, flags, count] = row;
    const { notes } = await ledgerOf(file, ...flags);
    expect(notes.stitched_opens).toEqual({ count, is_rule: true });
  });

  it('counts the runs of one price in minutes without making outages of them', async () => {
    const { notes, defects } = await ledgerOf(
      'bitfinex-201811_ETH-USD_1m.csv.gz',
      ...minutes('ETH/USD'),
    );
    expect(notes.flat_runs).toMatchObject({ runs: 326, bars: 1233, longest: { bars: 12 } });
    expect([notes.zero_volume_runs.runs, defects.outages.runs]).toEqual([0, 0]);
  });

  it('finds European holidays in a European index where the calendar is taken for American', async () => {
    const { defects, missing } = await ledgerOf(
      'backtrader-2006_STOXX50_1d.csv',
      ...days('STOXX50'),
    );
    // Easter Monday, Labour Day, Boxing Day; New York's seven holidays that Europe works on.
    expect([defects.gaps.count, missing, defects.off_session.count]).toEqual([3, 3, 7]);
  });

  it('says that years before 1998 are outside the known calendar', async () => {
    const flags = [...days('ORCL'), '--adjustment', 'split'];
    const ledger = await ledgerOf('yahoo-backtrader_ORCL_1d.csv', ...flags);
    expect(ledger).toMatchObject({ bars: 5036, expected: 4277, missing: 0, uncovered: 759 });
  });
});
