import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { csvLines } from '../../../src/reporting/csv.ts';
import type { CsvCell } from '../../../src/reporting/csv.ts';

function cell(value: CsvCell): string {
  const [, line = ''] = [...csvLines({ value: (row: CsvCell) => row }, [value])];
  return line.replace(/\n$/, '');
}

describe('csvLines', () => {
  it('writes the header first and ends every line with a line feed, as every tool reads it', () => {
    const columns = { a: (row: number) => row, b: () => 'x' };
    expect([...csvLines(columns, [1, 2])]).toEqual(['a,b\n', '1,x\n', '2,x\n']);
  });

  it('writes the header of no rows', () => {
    expect([...csvLines({ a: () => null }, [])]).toEqual(['a\n']);
  });

  it('takes rows one at a time, so that a file of any size can be streamed', () => {
    let taken = 0;
    function* endless() {
      for (;;) yield ++taken;
    }
    const lines = csvLines({ a: (row: number) => row }, endless());
    expect([lines.next().value, lines.next().value]).toEqual(['a\n', '1\n']);
    expect(taken).toBe(1);
  });

  it.each([
    ['plain text', 'entry signal', 'entry signal'],
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'say "no"', '"say ""no"""'],
    ['a line feed', 'a\nb', '"a\nb"'],
    ['a carriage return', 'a\rb', '"a\rb"'],
    ['nothing', null, ''],
    ['a number', -5, '-5'],
    ['a small number', 1e-7, '1e-7'],
    ['a decimal', Decimal.parse('-0.00000001'), '-0.00000001'],
    ['a sign within', 'a=b', 'a=b'],
  ])('writes %s', (_, value, expected) => {
    expect(cell(value)).toBe(expected);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['\0=1', "'\0=1"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ])('disarms the text %j, which a spreadsheet would run', (text, expected) => {
    expect(cell(text)).toBe(expected);
  });

  it('is read back by a CSV reader as it was written', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', '=') });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 8 }), (rows) => {
        const columns = { first: (row: readonly string[]) => row[0] ?? '', second: () => 'z' };
        const lines = [...csvLines(columns, rows)].join('');
        const disarmed = rows.map(([first]) => [/^[=\r]/.test(first) ? `'${first}` : first, 'z']);
        expect(parse(lines, { recordDelimiter: '\n' })).toEqual([['first', 'second'], ...disarmed]);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
});
