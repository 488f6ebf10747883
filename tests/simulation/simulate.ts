import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCorpus } from './corpus.ts';
import type { SeedOutcome } from './seed-outcome.ts';
import { Tally } from './tally.ts';
import { WORLD_VENUES, type WorldVenue } from './world/world-exchange.ts';

/** Seeds at a time: a worker that hangs or dies takes no more than these with it. */
const BATCH_MAX = 1_000;
/** Longest that a batch may take. Real milliseconds. */
const BATCH_MS = 600_000;
/** Of so many seeds, one is run again to be compared with itself. */
const AGAIN_EVERY = 20;

/** Worlds leave much behind that is young: it is collected seldom. */
const NODE_FLAGS = ['--max-semi-space-size=64'];

interface Task {
  readonly seeds: readonly number[];
  readonly venue: WorldVenue | null;
}

interface Request {
  readonly seeds: readonly number[];
  readonly venue: WorldVenue | null;
  readonly workers: number;
}

/** A command line error: what was expected, and what it was. */
class UsageError extends Error {}

/** `--seed S` alone is that one, with `--seeds N` so many from there on; else the corpus, then 1, 2, … */
function requestOf(args: readonly string[]): Request {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      venue: { type: 'string' },
      workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    },
  });
  const venue = WORLD_VENUES.find((id) => id === values.venue) ?? null;
  if (values.venue !== undefined && venue === null) {
    throw new UsageError(`--venue: one of ${WORLD_VENUES.join(', ')} was expected`);
  }
  const workers = Math.max(1, whole('--workers', values.workers));
  if (values.seed !== undefined) {
    const first = whole('--seed', values.seed);
    const count = whole('--seeds', values.seeds ?? '1');
    return { seeds: Array.from({ length: count }, (_, at) => first + at), venue, workers };
  }
  const count = whole('--seeds', values.seeds ?? '100');
  const known = readCorpus().slice(0, count);
  const taken = new Set(known);
  const fresh: number[] = [];
  for (let seed = 1; known.length + fresh.length < count; seed += 1) {
    if (!taken.has(seed)) fresh.push(seed);
  }
  return { seeds: [...known, ...fresh], venue, workers };
}

function whole(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`${flag}: a whole number was expected, was "${text}"`);
}

/** Runs tasks one after another in a process of its own, as long as there are any. */
async function work(next: () => Task | undefined, onOutcome: (outcome: SeedOutcome) => void) {
  const file = fileURLToPath(new URL('./simulate-worker.js', import.meta.url));
  for (let task = next(); task !== undefined; task = next()) {
    const worker = fork(file, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: NODE_FLAGS,
    });
    await run(worker, task, onOutcome);
  }
}

function run(
  worker: ChildProcess,
  task: Task,
  onOutcome: (outcome: SeedOutcome) => void,
): Promise<void> {
  const missing = new Set(task.seeds);
  const hang = setTimeout(() => worker.kill('SIGKILL'), BATCH_MS);
  return new Promise((resolve, reject) => {
    worker.on('message', (message) => {
      const outcome = message as SeedOutcome;
      missing.delete(outcome.seed);
      onOutcome(outcome);
    });
    worker.once('error', reject);
    worker.once('exit', (code, signal) => {
      clearTimeout(hang);
      const [seed] = missing;
      if (seed === undefined) resolve();
      else reject(new Error(`the worker of seed ${seed} ended with ${signal ?? code}`));
    });
    worker.send(task);
  });
}

async function simulate(args: readonly string[]): Promise<number> {
  const { seeds, venue, workers } = requestOf(args);
  const tasksOf = (all: readonly number[]): readonly Task[] => {
    const size = Math.min(BATCH_MAX, Math.ceil(all.length / workers));
    return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => {
      return { seeds: all.slice(at * size, (at + 1) * size), venue };
    });
  };
  const again = seeds.length === 1 ? seeds : seeds.filter((_, index) => index % AGAIN_EVERY === 0);
  const queue = [...tasksOf(seeds), ...tasksOf(again)];
  const toErr = (line: string): void => void process.stderr.write(`${line}\n`);
  const tally = new Tally({ seeds: seeds.length, venue, toErr });
  const began = performance.now();
  await Promise.all(
    Array.from({ length: workers }, () =>
      work(
        () => queue.shift(),
        (outcome) => tally.add(outcome),
      ),
    ),
  );
  process.stdout.write(tally.report(performance.now() - began));
  return tally.isClean ? 0 : 1;
}

try {
  process.exitCode = await simulate(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
