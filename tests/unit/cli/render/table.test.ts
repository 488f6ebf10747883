import { describe, expect, it } from 'vitest';
import { renderTable } from '../../../../src/cli/render/table.ts';

describe('renderTable', () => {
  it('sets columns flush, two spaces apart, without borders', () => {
    const text = renderTable({
      head: ['Symbol', 'Bars'],
      align: ['left', 'right'],
      rows: [
        ['BTC/USD', '17,544'],
        ['A', '1'],
      ],
    });
    expect(text).toBe('Symbol     Bars\nBTC/USD  17,544\nA             1\n');
  });

  it('puts a margin before every line and leaves no space at its end', () => {
    const rows = [
      ['one', ''],
      ['three', 'x'],
    ];
    expect(renderTable({ align: ['left', 'left'], rows, indent: 2 })).toBe('  one\n  three  x\n');
  });

  it('counts signs as wide as they are shown', () => {
    const rows = [
      ['√365', '1'],
      ['abcd', '2'],
    ];
    expect(renderTable({ align: ['left', 'right'], rows })).toBe('√365  1\nabcd  2\n');
  });

  it('writes no colour codes', () => {
    const text = renderTable({ head: ['Head'], align: ['left'], rows: [['row']] });
    expect(text).toBe('Head\nrow\n');
  });
});
