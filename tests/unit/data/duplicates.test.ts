import { describe, expect, it } from 'vitest';
import { BarTable } from '../../../src/data/bar-table.ts';
import { dropDuplicates } from '../../../src/data/duplicates.ts';

const NAMES = { source: 'bars.csv', timeColumn: 'timestamp', rowNoun: 'line' } as const;
const NEW_YEAR = 1_514_764_800_000;

/** Rows of open time, close and volume, from line 2 on. */
function tableOf(rows: readonly (readonly [number, number, number])[]): BarTable {
  const table = new BarTable();
  rows.forEach(([time, close, volume], index) =>
    table.append(Float64Array.of(time, 10, 20, 5, close, volume, 0), 0, index + 2),
  );
  return table;
}

describe('dropDuplicates', () => {
  it('returns a table without repeats as it is', () => {
    const table = tableOf([
      [1, 10, 1],
      [2, 10, 1],
    ]);
    expect(dropDuplicates(table, NAMES)).toEqual({ table, repeats: [], conflicts: [] });
  });

  it('keeps one of two equal rows and records the other', () => {
    const result = dropDuplicates(
      tableOf([
        [NEW_YEAR, 10, 1],
        [NEW_YEAR, 10, 1],
      ]),
      NAMES,
    );
    expect(result.table.size).toBe(1);
    expect(result.conflicts).toEqual([]);
    expect(result.repeats).toEqual([
      {
        openTime: NEW_YEAR,
        rule: 'repeated-row',
        detail: 'bars.csv:3: same values as line 2',
        quarantined: false,
      },
    ]);
  });

  it('keeps the bar that traded more where values differ, whichever came first', () => {
    const early = dropDuplicates(
      tableOf([
        [NEW_YEAR, 11, 5],
        [NEW_YEAR, 12, 9],
      ]),
      NAMES,
    );
    const late = dropDuplicates(
      tableOf([
        [NEW_YEAR, 12, 9],
        [NEW_YEAR, 11, 5],
      ]),
      NAMES,
    );
    expect([...early.table.rows()]).toEqual([...late.table.rows()]);
    expect([...early.table.rows()]).toMatchObject([{ close: 12, volume: 9 }]);
    expect(early.conflicts[0]?.expected).toContain('(line 3 is the fuller of the two)');
    expect(late.conflicts[0]?.expected).toContain('(line 2 is the fuller of the two)');
  });

  it('blames the later line of a conflict and names the earlier one', () => {
    const { conflicts } = dropDuplicates(
      tableOf([
        [NEW_YEAR, 12, 9],
        [NEW_YEAR, 11, 5],
      ]),
      NAMES,
    );
    expect(conflicts[0]).toEqual({
      line: 3,
      column: 'timestamp',
      value: '2018-01-01T00:00:00Z',
      rule: 'duplicate-time',
      expected:
        'a time that line 2 does not have with other values (line 2 is the fuller of the two)',
      openTime: NEW_YEAR,
    });
  });

  it('leaves one of three', () => {
    const result = dropDuplicates(
      tableOf([
        [1, 11, 5],
        [1, 12, 9],
        [1, 12, 9],
        [2, 10, 1],
      ]),
      NAMES,
    );
    expect([...result.table.rows()].map(({ volume }) => volume)).toEqual([9, 1]);
    expect([result.repeats.length, result.conflicts.length]).toEqual([1, 1]);
  });
});
