import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, userDirectories, type Outcome } from './command-line.ts';

const makeDirectory = userDirectories();
const YEAR = [
  'backtest',
  '--strategy',
  'mean_reversion_crypto',
  '--timerange',
  '20230601-20240601',
];

/** What differs from one run to the next, whatever they were asked to show. */
const OF_THE_RUN = { run_id: null, bars_per_second: null };

type Document = Readonly<Record<string, unknown>>;

function documentOf({ stdout }: Outcome): Document {
  return objectOf(JSON.parse(stdout));
}

function objectOf(value: unknown): Document {
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value));
  throw new Error(`an object was expected, was ${JSON.stringify(value)}`);
}

describe('the fills of a backtest', () => {
  const directory = makeDirectory();
  let plain: Document;
  let all: Document;
  let optimistic: Document;
  let pessimistic: Document;
  let shown: Outcome;

  const json = async (...args: readonly string[]) =>
    documentOf(await directory.run(...YEAR, '--json', ...args));

  beforeAll(async () => {
    await directory.prepare('data', 'sample');
    plain = await json();
    all = await json('--fills', 'all');
    optimistic = await json('--fills', 'optimistic');
    pessimistic = await json('--fills', 'pessimistic', '--export', 'out');
    shown = await directory.run('runs', 'show', 'last');
  }, 60_000);

  it('are those of the run where nothing is said', async () => {
    expect(plain).toMatchObject({ fill_scenario: 'base', fills: null });
    expect({ ...(await json('--fills', 'base')), ...OF_THE_RUN }).toEqual({
      ...plain,
      ...OF_THE_RUN,
    });
  });

  it('stand side by side without changing anything else', () => {
    expect({ ...all, ...OF_THE_RUN, fills: null }).toEqual({ ...plain, ...OF_THE_RUN });
    const fills = objectOf(all['fills']);
    expect(Object.keys(fills)).toEqual(['optimistic', 'base', 'pessimistic', 'edge_survives']);
    expect(objectOf(fills['base'])['final_equity']).toBe(plain['final_equity']);
  });

  it.each(['optimistic', 'pessimistic'] as const)(
    'of the %s kind make a whole report, which says so',
    (kind) => {
      const report = kind === 'optimistic' ? optimistic : pessimistic;
      const column = objectOf(objectOf(all['fills'])[kind]);
      const metrics = objectOf(report['metrics']);
      expect(report['fill_scenario']).toBe(kind);
      expect(JSON.stringify(report['labels'])).toContain(`"FILLS: ${kind}: the orders of the base`);
      expect(report['final_equity']).toBe(column['final_equity']);
      expect(metrics['total_return']).toBe(column['total_return']);
      expect(metrics['total_fees']).toBe(column['fees']);
      expect(metrics['total_slippage']).toBe(column['slippage']);
      expect(objectOf(report['costs'])['net']).toBe(column['net_pnl']);
    },
  );

  it('keep the decisions, and with them their hash', () => {
    for (const report of [all, optimistic, pessimistic]) {
      expect(report['result_hash']).toBe(plain['result_hash']);
      expect(objectOf(report['risk'])).toEqual(plain['risk']);
      expect(objectOf(report['metrics'])['total_trades']).toBe(
        objectOf(plain['metrics'])['total_trades'],
      );
    }
  });

  it('are in order', () => {
    const [best, own, worst] = [optimistic, plain, pessimistic].map((report) =>
      Number(report['final_equity']),
    );
    expect(worst).toBeLessThan(own ?? 0);
    expect(own).toBeLessThan(best ?? 0);
    expect(objectOf(optimistic['metrics'])['total_slippage']).toBe(0);
  });

  it('add up in the files that are exported with them', () => {
    const rows = (name: string, column: string) => {
      const [head = '', ...lines] = directory.read(`out/${name}`).trimEnd().split('\n');
      const index = head.split(',').indexOf(column);
      return lines.map((line) => Number(line.split(',')[index]));
    };
    const sum = (name: string, column: string) => rows(name, column).reduce((a, b) => a + b, 0);
    const metrics = objectOf(pessimistic['metrics']);
    const gain = Number(pessimistic['final_equity']) - Number(pessimistic['initial_capital']);
    expect(sum('trades.csv', 'net_pnl')).toBeCloseTo(gain, 6);
    expect(sum('fills.csv', 'fee')).toBeCloseTo(Number(metrics['total_fees']), 6);
    expect(sum('fills.csv', 'slippage')).toBeCloseTo(Number(metrics['total_slippage']), 6);
    expect(sum('orders.csv', 'fees')).toBeCloseTo(Number(metrics['total_fees']), 6);
    expect(rows('equity.csv', 'equity').at(-1)).toBeCloseTo(Number(pessimistic['final_equity']), 6);
    expect(rows('signals.csv', 'signal').length).toBe(
      Number(objectOf(pessimistic['signals'])['raised']),
    );
  });

  it('are shown again as they were shown, while the run is recorded as it was', () => {
    expect(shown.stdout).toContain(
      '\n! FILLS: pessimistic: the orders of the base run with 2 times',
    );
    const [recorded] = directory.runs().slice(-1);
    expect(recorded?.finalEquity).toBe(plain['final_equity']);
    expect(recorded?.metrics).toEqual(plain['metrics']);
  });

  it('of a kind nobody knows are refused', async () => {
    const outcome = await directory.run(...YEAR, '--fills', 'worst');
    expect(outcome.code).toBe(2);
    expect(refusalOf(outcome)).toBe(
      '--fills: one of optimistic, base, pessimistic, all was expected, was "worst"',
    );
  });
});
