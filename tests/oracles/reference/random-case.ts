import { candlesOf, type DatedCandle } from './candles.ts';
import type { Random } from './random-script.ts';

const FILES = {
  GOOG: 'backtestingpy_GOOG_1d.csv',
  ORCL: 'yahoo-backtrader_ORCL_1d.csv',
  SPY: 'skender-default_SPY_1d.csv',
  // An index: its bars have no volume.
  STOXX: 'backtrader-2006_STOXX50_1d.csv',
} as const;
type Name = keyof typeof FILES;
const NAMES: readonly Name[] = ['GOOG', 'ORCL', 'SPY', 'STOXX'];

const read = new Map<Name, readonly DatedCandle[]>();

function seriesOf(name: Name): readonly DatedCandle[] {
  const candles = read.get(name) ?? candlesOf(FILES[name]);
  read.set(name, candles);
  return candles;
}

export interface Stretch {
  readonly symbol: string;
  readonly candles: readonly DatedCandle[];
}

/** Some hundred bars in a row of one of the series. */
export function randomStretch(random: Random): Stretch {
  const symbol = NAMES[Math.floor(random() * NAMES.length)] ?? 'GOOG';
  const all = seriesOf(symbol);
  const length = Math.min(all.length, 120 + Math.floor(random() * 300));
  const from = Math.floor(random() * (all.length - length + 1));
  return { symbol, candles: all.slice(from, from + length) };
}

/** Numbers of the cases to try: `ORACLE_CASES` of them from `ORACLE_FIRST` on. */
export function caseNumbers(usual: number): readonly number[] {
  const count = Number(process.env['ORACLE_CASES'] ?? usual);
  const first = Number(process.env['ORACLE_FIRST'] ?? 1);
  return Array.from({ length: count }, (_, index) => first + index);
}
