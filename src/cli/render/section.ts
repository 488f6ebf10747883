import { renderTable } from './table.ts';

/** Holds the longest refusal, `refused: correlated-group` under its heading. */
const LABEL_WIDTH = 30;
/** Holds the shortened hashes. */
const VALUE_WIDTH = 24;

export type Row = readonly [label: string, value: string];

/** A heading with labelled values, in the same two columns in every section. */
export function section(title: string, rows: readonly Row[]): string {
  return `${title}\n${renderTable({ align: ['left', 'right'], rows: rows.map(padLabel), indent: 2 })}`;
}

function padLabel([label, value]: Row): Row {
  return [label.padEnd(LABEL_WIDTH), value.padStart(VALUE_WIDTH)];
}
