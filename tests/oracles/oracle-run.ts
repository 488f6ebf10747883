import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { UserDirectory } from '../integration/cli/command-line.ts';

const SHARED = path.resolve('../shared');
const STRATEGIES = path.resolve('tests/oracles/strategies');

/** Rows of a CSV file, each cell by the name of its column. */
export type Row = Readonly<Record<string, string>>;

export function csvRows(text: string): readonly Row[] {
  return parse(text, { columns: true, skip_empty_lines: true }) as Row[];
}

/** What another program made of a case. */
export function oracleRows(name: string, file: string): readonly Row[] {
  return csvRows(readFileSync(path.join(SHARED, 'oracles/backtests', name, file), 'utf8'));
}

export interface OracleCase {
  /** File name in the folder of candles. */
  readonly candles: string;
  readonly symbol: string;
  /** File name in the folder of strategies. */
  readonly strategy: string;
  /** File name of the configuration beside it. */
  readonly config: string;
  readonly timerange?: string;
  readonly set?: readonly string[];
}

export interface OracleResult {
  readonly finalEquity: number;
  readonly labels: readonly string[];
  readonly trades: readonly Row[];
  readonly fills: readonly Row[];
  readonly orders: readonly Row[];
}

/** The case as a user runs it: the candles are imported, the strategy is a file, costs are YAML. */
export async function runCase(user: UserDirectory, wanted: OracleCase): Promise<OracleResult> {
  const candles = path.join(SHARED, 'data', wanted.candles);
  const market = ['--symbol', wanted.symbol, '--timeframe', '1d', '--asset-class', 'stock'];
  await user.prepare('import', candles, ...market);
  const range = wanted.timerange === undefined ? [] : ['--timerange', wanted.timerange];
  const settings = (wanted.set ?? []).flatMap((each) => ['--set', each]);
  const { code, stdout, stderr } = await user.run(
    'backtest',
    '--strategy',
    path.join(STRATEGIES, wanted.strategy),
    '-c',
    path.join(STRATEGIES, wanted.config),
    '--symbols',
    wanted.symbol,
    '--timeframe',
    '1d',
    '--json',
    '--export',
    'out',
    ...range,
    ...settings,
  );
  if (code !== 0) throw new Error(`exit 0 was expected, was ${code}: ${stderr}`);
  const report = JSON.parse(stdout) as { final_equity: number; labels: readonly string[] };
  const rows = (file: string) => csvRows(user.read(`out/${file}`));
  return {
    finalEquity: report.final_equity,
    labels: report.labels,
    trades: rows('trades.csv'),
    fills: rows('fills.csv'),
    orders: rows('orders.csv'),
  };
}
