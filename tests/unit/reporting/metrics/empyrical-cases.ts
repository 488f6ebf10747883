import { existsSync, readFileSync } from 'node:fs';

/** A series of returns; null where the table has NaN. */
export type Series = readonly (number | null)[];

export interface OracleCase {
  readonly test: string;
  readonly line: number;
  readonly args: Readonly<Record<string, string>>;
}

interface OracleFile {
  readonly series: Readonly<Record<string, Series>>;
  readonly cases: readonly OracleCase[];
}

const PERIODS_PER_YEAR: Readonly<Record<string, number>> = {
  'empyrical.DAILY': 252,
  'empyrical.WEEKLY': 52,
  'empyrical.MONTHLY': 12,
  "'yearly'": 1,
};

/** The test table of empyrical with its series, and readers for the little Python in its cells. */
export class EmpyricalCases {
  readonly cases: readonly OracleCase[];
  readonly #series: Readonly<Record<string, Series>>;

  constructor(path: string) {
    const file = readTable(path);
    const ramp = (step: number): Series => Array.from({ length: 1000 }, (_, i) => (i * step) / 999);
    this.cases = file.cases;
    this.#series = {
      ...file.series,
      flat_line_0: Array.from({ length: 1000 }, () => 0),
      flat_line_1_tz: Array.from({ length: 1000 }, () => 0.01),
      pos_line: ramp(1),
      neg_line: ramp(-1),
    };
  }

  /** A named series, or `pd.Series(np.array([10, -10]) / 100, …)`. */
  series(text: string | undefined): Series {
    const named = this.#series[text ?? ''];
    if (named !== undefined) return named;
    const literal = /^pd\.Series\(np\.array\((\[.*?\])\) \/ 100,/.exec(text ?? '');
    if (literal === null) throw new Error(`a series was expected, was "${text}"`);
    return numbersIn(literal[1] ?? '').map((value) => value / 100);
  }

  /** The columns of `df_simple`, `df_week` and `df_month`, which differ in their dates alone. */
  frame(text: string | undefined): readonly Series[] {
    if (text?.startsWith('df_') !== true) return [this.series(text)];
    return [this.series('df.one'), this.series('df.two')];
  }

  /** `returns − other`, where the other is a number or a series; NaN on either side drops the day. */
  excess(returns: Series, other: string | undefined): readonly number[] {
    const fixed = Number(other);
    const others = Number.isNaN(fixed) ? this.series(other) : null;
    return returns.flatMap((value, index) => {
      const less = others === null ? fixed : (others[index] ?? null);
      return value === null || less === null ? [] : [value - less];
    });
  }
}

/** No cases when the file is absent: whoever reads them says so in a title. */
function readTable(path: string): OracleFile {
  if (!existsSync(path)) return { series: {}, cases: [] };
  return JSON.parse(readFileSync(path, 'utf8')) as OracleFile;
}

/** The numbers of `[1, 2.5]`, `pd.Series([1, 2], index=[…])` or a lone `0.5`. */
export function numbersIn(text: string | undefined): readonly number[] {
  const listed = /\[(.*?)\]/.exec(text ?? '')?.[1] ?? text ?? '';
  return listed
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
}

/** What the table expects: null for NaN and the infinities, which are undefined here. */
export function expectedOf(text: string | undefined): readonly (number | null)[] {
  return text === 'np.nan' || text === 'np.inf' ? [null] : numbersIn(text);
}

export function periodsPerYear(text: string | undefined): number {
  const periods = PERIODS_PER_YEAR[text ?? 'empyrical.DAILY'];
  if (periods === undefined) throw new Error(`a period was expected, was "${text}"`);
  return periods;
}

/** Days with a value. */
export function known(returns: Series): readonly number[] {
  return returns.filter((value) => value !== null);
}

/** Equity from 1 through the returns, NaN standing still; one level a return. */
export function compounded(returns: Series): readonly number[] {
  let level = 1;
  return returns.map((value) => (level *= 1 + (value ?? 0)));
}
