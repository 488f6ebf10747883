import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { DataError } from '../../../src/core/errors.ts';
import type { ImportOptions, PreparedImport } from '../../../src/data/import-bars.ts';
import { prepareImport } from '../../../src/data/import-bars.ts';
import type { RawRow } from '../../../src/ports/bar-file.ts';

const HEADER = 'timestamp,open,high,low,close,volume';

function rowsOf(lines: readonly string[]): readonly RawRow[] {
  return lines.map((text, index) => ({
    line: index + 1,
    fields: text.split(','),
    unterminated: false,
  }));
}

async function importLines(
  lines: readonly string[],
  options: Partial<ImportOptions> = {},
): Promise<PreparedImport> {
  return prepareImport({
    rows: [rowsOf(lines)],
    source: 'bars.csv',
    symbol: 'BTC/USD',
    assetClass: 'crypto',
    timeframe: '1h',
    policy: { outliers: 'keep', assumeUtc: false },
    maxBadRows: 0,
    ...options,
  });
}

function hour(index: number, rest = '10,12.5,9,11,100'): string {
  const [day, time] = [Math.floor(index / 24) + 1, index % 24];
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `2018-01-${pad(day)}T${pad(time)}:00:00Z,${rest}`;
}

describe('prepareImport', () => {
  it('leaves out the bar that is still forming, and says so', async () => {
    const now = Date.parse('2018-01-01T02:00:00Z') - 1;
    const lines = [HEADER, hour(0), hour(1)];
    const { bars, summary } = await importLines(lines, { now });
    expect([...bars].map(({ openTime }) => openTime)).toEqual([Date.parse('2018-01-01')]);
    expect(summary).toMatchObject({
      rows: 2,
      bars: 1,
      badRows: 0,
      notes: ['the bar of 2018-01-01T01:00:00Z is still forming; it was left out'],
    });
    const later = await importLines(lines, { now: now + 1 });
    expect(later.summary).toMatchObject({ bars: 2, notes: [] });
  });

  it('takes a bar of the future for a bad row', async () => {
    const now = Date.parse('2018-01-01T02:30:00Z');
    const lines = [HEADER, hour(0), hour(3), hour(1)];
    await expect(importLines(lines, { now })).rejects.toThrow(
      'bars.csv:3: a time before now (2018-01-01T02:30:00Z) was expected in column "timestamp", ' +
        'was "2018-01-01T03:00:00Z"',
    );
    const { summary, issues } = await importLines(lines, { now, maxBadRows: 1 });
    expect(summary).toMatchObject({ bars: 2, badRows: 1 });
    expect(issues).toMatchObject([{ rule: 'timestamp', quarantined: true }]);
  });

  it('turns rows into bars, an instrument and a summary', async () => {
    const prepared = await importLines([HEADER, hour(0), hour(1, '11,12,10.75,12,0')]);
    expect([...prepared.bars]).toEqual([
      {
        openTime: 1_514_764_800_000,
        open: 10,
        high: 12.5,
        low: 9,
        close: 11,
        volume: 100,
        flags: 0,
      },
      {
        openTime: 1_514_768_400_000,
        open: 11,
        high: 12,
        low: 10.75,
        close: 12,
        volume: 0,
        flags: 0,
      },
    ]);
    expect(prepared.instrument.tickSize.toString()).toBe('0.01');
    expect(prepared.issues).toEqual([]);
    expect(prepared.summary).toEqual({
      rows: 2,
      bars: 2,
      badRows: 0,
      repeatedRows: 0,
      outliers: 0,
      badPrints: 0,
      splits: 0,
      gaps: 0,
      missingBars: 0,
      firstOpen: 1_514_764_800_000,
      lastOpen: 1_514_768_400_000,
      timestampFormat: 'ISO date-times',
      notes: [],
    });
  });

  it('gives its bars as often as they are asked for', async () => {
    const { bars } = await importLines([HEADER, hour(0), hour(1)]);
    expect([...bars]).toEqual([...bars]);
    expect([...bars]).toHaveLength(2);
  });

  it('imports a single row', async () => {
    const { summary } = await importLines([HEADER, hour(0)]);
    expect(summary).toMatchObject({ bars: 1, firstOpen: summary.lastOpen });
  });

  it('takes rows of any number of batches, from an async source too', async () => {
    const rows = rowsOf([HEADER, hour(0), hour(1)]);
    const source = async function* (): AsyncGenerator<readonly RawRow[]> {
      for (const row of rows) yield await Promise.resolve([row]);
    };
    const { summary } = await importLines([], { rows: source() });
    expect(summary.bars).toBe(2);
  });

  it('skips the web address above the header of a CryptoDataDownload file', async () => {
    const { summary } = await importLines(['https://www.example.com', HEADER, hour(0)]);
    expect(summary).toMatchObject({ rows: 1, bars: 1 });
  });

  it.each([
    ['no rows at all', [], 'was empty'],
    ['a header only', [HEADER], 'was without any'],
  ])('refuses a file with %s', async (_, lines, was) => {
    const attempt = importLines(lines);
    await expect(attempt).rejects.toThrow(DataError);
    await expect(attempt).rejects.toThrow(
      `bars.csv: a header and at least one row of data were expected, ${was}`,
    );
  });

  it.each([
    [
      'low above open',
      hour(1, '8,12,9,11,1'),
      'low ≤ open (8) was expected in column "low", was "9"',
    ],
    [
      'text as price',
      hour(1, '10,abc,9,11,1'),
      'a plain decimal number was expected in column "high", was "abc"',
    ],
    [
      'a time off the grid',
      '2018-01-01T01:30:00Z,10,12,9,11,1',
      'an open time on the 1h grid of UTC (2018-01-01T01:00:00Z or one bar later) was expected in column "timestamp", was "2018-01-01T01:30:00Z"',
    ],
    [
      'a field too many',
      hour(1, '10,12,9,11,1,7'),
      '6 fields as in the header instead of 7 was expected, was "',
    ],
    [
      'a field too few',
      hour(1, '10,12,9,11'),
      '6 fields as in the header instead of 5 was expected, was "',
    ],
    [
      'another unit of time',
      '1514768400,10,12,9,11,1',
      'a time in ISO date-times like the rows before, not in epoch seconds, was expected in column "timestamp", was "1514768400"',
    ],
  ])('refuses %s, naming line, column, value and rule', async (_, bad, sentence) => {
    const attempt = importLines([HEADER, hour(0), bad, hour(2)]);
    await expect(attempt).rejects.toThrow(DataError);
    await expect(attempt).rejects.toThrow(`bars.csv:3: ${sentence}`);
    await expect(attempt).rejects.toThrow(
      /; mend the row, .*--max-bad-rows; nothing was imported$/,
    );
  });

  it('names the first bad row in file order even when a later rule found it', async () => {
    const lines = [HEADER, hour(0), hour(0, '10,12,9,12,50'), hour(1, 'x,12,9,11,1')];
    await expect(importLines(lines)).rejects.toThrow(
      'bars.csv:3: a time that line 2 does not have',
    );
  });

  it('sets bad rows aside as issues while they are few enough', async () => {
    const lines = [HEADER, hour(0), hour(1, '8,12,9,11,1'), hour(2), hour(3, 'x,12,9,11,1')];
    const { summary, issues } = await importLines(lines, { maxBadRows: 2 });
    expect(summary).toMatchObject({ rows: 4, bars: 2, badRows: 2, gaps: 1 });
    expect(issues.filter(({ quarantined }) => quarantined)).toEqual([
      {
        openTime: 1_514_768_400_000,
        rule: 'ohlc-order',
        detail: 'bars.csv:3: low ≤ open (8) was expected in column "low", was "9"',
        quarantined: true,
      },
      {
        openTime: 1_514_775_600_000,
        rule: 'decimal',
        detail: 'bars.csv:5: a plain decimal number was expected in column "open", was "x"',
        quarantined: true,
      },
    ]);
  });

  it('refuses one bad row more than allowed, naming the first', async () => {
    const lines = [HEADER, hour(0, 'x,12,9,11,1'), hour(1, 'y,12,9,11,1'), hour(2)];
    const attempt = importLines(lines, { maxBadRows: 1 });
    await expect(attempt).rejects.toThrow('bars.csv:2: ');
    await expect(attempt).rejects.toThrow('more than --max-bad-rows 1 allows');
  });

  it('refuses a file of which no row is good, however many may be bad', async () => {
    const attempt = importLines([HEADER, hour(0, 'x,12,9,11,1')], { maxBadRows: 10 });
    await expect(attempt).rejects.toThrow('at least one row of data were expected');
  });

  it('drops rows that repeat another one and counts them', async () => {
    const { summary, issues } = await importLines([HEADER, hour(0), hour(0), hour(1)]);
    expect(summary).toMatchObject({ rows: 3, bars: 2, repeatedRows: 1, badRows: 0, notes: [] });
    expect(issues).toMatchObject([{ rule: 'repeated-row', quarantined: false }]);
  });

  it('comes to the same bars and outliers whatever the order of the rows, and says it sorted', async () => {
    const lines = Array.from({ length: 100 }, (_, index) =>
      hour(index, index === 70 ? '10,30,9,30,5' : `10,12.5,9,${10 + (index % 2)},100`),
    );
    const straight = await importLines([HEADER, ...lines]);
    expect(straight.summary.outliers).toBeGreaterThan(0);
    const shuffled = fc.shuffledSubarray(lines, { minLength: 100, maxLength: 100 });
    const prop = fc.asyncProperty(shuffled, async (order) => {
      const other = await importLines([HEADER, ...order]);
      expect([...other.bars]).toEqual([...straight.bars]);
      expect(other.issues).toEqual(straight.issues);
    });
    await fc.assert(prop, { seed: 42, numRuns: 20 });
    const reversed = await importLines([HEADER, ...lines.toReversed()]);
    expect(reversed.summary.notes).toEqual(['rows were not in time order; they were sorted']);
  });

  it('flags outliers and keeps them, or sets them aside by policy', async () => {
    const lines = Array.from({ length: 50 }, (_, index) =>
      hour(index, index === 40 ? '10,99,9,11,1' : '10,12.5,9,10,100'),
    );
    const kept = await importLines([HEADER, ...lines]);
    expect([...kept.bars].map(({ flags }) => flags & BAR_FLAGS.outlier)[40]).toBe(1);
    const policy = { outliers: 'quarantine', assumeUtc: false } as const;
    const cleaned = await importLines([HEADER, ...lines], { policy });
    expect(cleaned.summary.bars).toBe(kept.summary.bars - kept.summary.outliers);
  });

  it('reads local times as UTC when told to', async () => {
    const lines = [HEADER, '2018-01-01 00:00:00,10,12,9,11,1'];
    await expect(importLines(lines)).rejects.toThrow('--assume-utc');
    const policy = { outliers: 'keep', assumeUtc: true } as const;
    const { summary } = await importLines(lines, { policy });
    expect(summary.firstOpen).toBe(1_514_764_800_000);
  });

  it('refuses hours read as minutes instead of calling the file full of gaps', async () => {
    const lines = Array.from({ length: 12 }, (_, index) => hour(index));
    await expect(importLines([HEADER, ...lines], { timeframe: '1m' })).rejects.toThrow(
      'bars.csv: bars of 1m were expected, was 60 minutes or more from each bar to the next',
    );
  });

  it('warns of a last line without a line break, which may have lost digits', async () => {
    const rows = rowsOf([HEADER, hour(0)]).map((row) => ({ ...row, unterminated: row.line === 2 }));
    const { summary } = await importLines([], { rows: [rows] });
    expect(summary.notes).toEqual([
      'line 2 ends without a line break; the file may be cut off there',
    ]);
  });

  it('refuses a last line that is cut off, and says so', async () => {
    const cut = { line: 3, fields: ['2018-01-01T01:00:00Z', '10', '12'], unterminated: true };
    const rows = [...rowsOf([HEADER, hour(0)]), cut];
    await expect(importLines([], { rows: [rows] })).rejects.toThrow(
      'bars.csv:3: 6 fields as in the header instead of 3 (the file seems cut off in its last line)',
    );
  });

  it('infers the tick from the finest price, trailing zeros not counted', async () => {
    const lines = [HEADER, hour(0, '10.1000,12.50,9.0,1.125e1,1')];
    const { instrument } = await importLines(lines);
    // 1.125e1 is 11.25: two decimals.
    expect(instrument.tickSize.toString()).toBe('0.01');
  });
});
