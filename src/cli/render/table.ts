import Table from 'cli-table3';

const BORDERLESS = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
};

export type Alignment = 'left' | 'right';

interface TableOptions {
  readonly head?: readonly string[];
  readonly align: readonly Alignment[];
  readonly rows: readonly (readonly string[])[];
  /** Spaces before every line. */
  readonly indent?: number;
}

/** Columns set flush without borders: easy to read, easy to cut with `awk`. */
export function renderTable({ head, align, rows, indent = 0 }: TableOptions): string {
  const table = new Table({ ...BORDERLESS, colAligns: [...align] });
  if (head !== undefined) table.push([...head]);
  for (const row of rows) table.push([...row]);
  const margin = ' '.repeat(indent);
  return `${table
    .toString()
    .split('\n')
    .map((line) => `${margin}${line}`.trimEnd())
    .join('\n')}\n`;
}
