import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFile } from '../../../src/app/import-file.ts';
import { present } from '../../../src/core/assert.ts';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import type { BarRow } from '../../../src/ports/bar-store.ts';
import { generateSampleMarket } from '../../../src/data/sample-market.ts';
import { builtinStrategies } from '../../../src/strategies/strategy-registry.ts';
import { reportRun } from '../../support/engine-run.ts';
import { backtestProof, type Proof } from '../../support/fresh-process.ts';
import { openMarket, SAMPLE_MARKET, type Market } from '../../support/market-database.ts';
import { shuffled } from '../../support/seeded-random.ts';

/** By strategy: five for the one that trades most, two are enough to see that the other agrees. */
const PROCESSES: Readonly<Record<string, number>> = { mean_reversion: 5, momentum: 2 };
const SEED = 7;
/** Ten processes on a busy machine. */
const HOOK_MS = 120_000;
/** Rewritten by `npm run test:golden`: results change only where a change of them is meant. */
const GOLDEN = './golden.json';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quantsage-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the same backtest of the sample market', () => {
  const strategies = builtinStrategies.map(({ id }) => ({
    kind: id,
    id: `${id}_crypto`,
    processes: PROCESSES[id] ?? 2,
  }));
  const proofs = new Map<string, readonly Proof[]>();

  /** Where the shipped defaults count, whatever the project's own `config` says by now. */
  function defaultsOnly(): string {
    const configured = path.join(folder, 'config', 'strategies');
    mkdirSync(configured, { recursive: true });
    for (const { kind, id } of strategies) {
      writeFileSync(path.join(configured, `${id}.yaml`), `strategy: ${kind}\n`);
    }
    return folder;
  }

  beforeAll(async () => {
    const cwd = defaultsOnly();
    // Each database is filled by a process of its own, too; two processes at a time.
    for (const { id, processes } of strategies) {
      const runs = Array.from(
        { length: processes },
        (_, index) => () =>
          backtestProof(['--strategy', id, '--db', path.join(cwd, `${index}.db`)], { cwd }),
      );
      proofs.set(id, await inPairs(runs));
    }
  }, HOOK_MS);

  it.each(strategies)(
    'gives one result in $processes fresh processes: $id',
    ({ id, processes }) => {
      const [first, ...others] = proofs.get(id) ?? [];
      expect(others).toHaveLength(processes - 1);
      expect(others).toEqual(others.map(() => first));
    },
  );

  it('gives the result on record', async () => {
    const record = Object.fromEntries(
      strategies.map(({ id }) => {
        const proof = present(proofs.get(id)?.[0], `proof of ${id}`);
        const { result_hash, data_fingerprint, final_equity } = proof;
        return [id, { result_hash, data_fingerprint, final_equity }];
      }),
    );
    await expect(`${JSON.stringify(record, null, 2)}\n`).toMatchFileSnapshot(GOLDEN);
  });
});

type Split = (rows: readonly string[], bars: readonly BarRow[]) => readonly (readonly string[])[];

/** The sample market, imported from CSV files one after the other, the last symbol first. */
function imported(title: string, split: Split): Market {
  const fill: Market['fill'] = async (store) => {
    for (const { key, instrument, bars } of generateSampleMarket().toReversed()) {
      const rows = bars.map(({ openTime, open, high, low, close, volume }) =>
        [new Date(openTime).toISOString(), open, high, low, close, volume].join(','),
      );
      for (const piece of split(rows, bars)) {
        const file = path.join(folder, 'piece.csv');
        writeFileSync(file, `timestamp,open,high,low,close,volume\n${piece.join('\n')}\n`);
        const policy = { outliers: 'keep', assumeUtc: false } as const;
        const { assetClass } = instrument;
        await importFile({ ...key, file, assetClass, policy, maxBadRows: 0 }, () => store);
      }
    }
  };
  return { ...SAMPLE_MARKET, title, fill };
}

const cutAt = (rows: readonly string[], index: number) =>
  [rows.slice(index), rows.slice(0, index)] as const;

const ORDERS = [
  imported('in order', (rows) => [rows]),
  imported('backwards', (rows) => [rows.toReversed()]),
  imported('shuffled', (rows) => [shuffled(rows, SEED)]),
  imported('in two pieces, the later one first', (rows) => cutAt(rows, 8_000)),
  imported('in two pieces that overlap, shuffled', (rows) => [
    shuffled(rows.slice(8_000), SEED),
    shuffled(rows.slice(0, 9_000), SEED),
  ]),
];

/** A piece that begins with an outlier cannot know it for one: its flags differ, nothing else. */
const CUT_AT_AN_OUTLIER = imported('in two pieces, cut at an outlier', (rows, bars) =>
  cutAt(
    rows,
    bars.findIndex(({ flags }) => flags === BAR_FLAGS.outlier),
  ),
);

describe('the same rows in the database', () => {
  let generated: Results;

  beforeAll(async () => {
    generated = await resultsOf(SAMPLE_MARKET);
  });

  it.each(ORDERS)(
    'imported $title give the results and fingerprint of the generated ones',
    async (market) => {
      expect(await resultsOf(market)).toEqual(generated);
    },
  );

  it('imported in two pieces cut at an outlier give the results of the generated ones', async () => {
    const results = await resultsOf(CUT_AT_AN_OUTLIER);
    expect(results.map(decisionsOf)).toEqual(generated.map(decisionsOf));
  });
});

const decisionsOf = ({ result_hash, final_equity }: Results[number]) => ({
  result_hash,
  final_equity,
});

type Results = Awaited<ReturnType<typeof resultsOf>>;

async function resultsOf(market: Market) {
  const { store, close } = await openMarket(market);
  try {
    const reports = builtinStrategies.map((definition) =>
      reportRun(store, { definition, range: market.range }),
    );
    return (await Promise.all(reports)).map(
      ({ strategy, result_hash, data_fingerprint, final_equity }) => ({
        strategy,
        result_hash,
        data_fingerprint,
        final_equity,
      }),
    );
  } finally {
    close();
  }
}

async function inPairs<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results: T[] = [];
  for (let next = 0; next < tasks.length; next += 2) {
    results.push(...(await Promise.all(tasks.slice(next, next + 2).map((task) => task()))));
  }
  return results;
}
