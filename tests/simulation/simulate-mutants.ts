import { fork } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { plant } from './mutants/plant.ts';
import { PLANTED_BUGS, type PlantedBug } from './mutants/planted-bugs.ts';
import type { SeedOutcome } from './seed-outcome.ts';

/**
 * `npm run simulate:mutants`: plants bugs that trading engines had, one at a time, in a copy of the
 * compiled program, and counts how many seeds it takes until a world breaks over each. Exits with 1
 * where one is not found. `--only TEXT` takes those whose name has it.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
  },
});
const SEEDS = Number(values.seeds);
const ALL = Array.from({ length: SEEDS }, (_, at) => at + 1);
const WORKERS = 2;
/** `node_modules/.cache/quantsage-simulation`, where this was compiled to. */
const COMPILED = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

interface Found {
  readonly seed: number;
  readonly invariant: string;
  readonly message: string;
}

/** A world that loops never ends: a batch that takes longer than this is broken. Real milliseconds. */
const PATIENCE_MS = 300_000;

/** The first of some seeds whose world breaks; null where none does. */
function firstBroken(directory: string, seeds: readonly number[]): Promise<Found | null> {
  const worker = fork(join(directory, 'tests/simulation/simulate-worker.js'), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--max-semi-space-size=64'],
  });
  let said = '';
  worker.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const left = [...seeds];
  return new Promise((resolve) => {
    const died = (how: string): void => {
      const message = `the process ${how}: ${firstLine(said)}`;
      resolve({ seed: left[0] ?? NaN, invariant: 'I31', message });
      worker.kill('SIGKILL');
    };
    const late = setTimeout(() => died('came to no end'), PATIENCE_MS);
    worker.on('message', (message) => {
      const { seed, breach } = message as SeedOutcome;
      left.shift();
      if (breach === null) return;
      resolve({ seed, invariant: breach.invariant, message: firstLine(breach.message) });
      worker.kill('SIGKILL');
    });
    worker.once('error', ({ message }) => died(message));
    worker.once('exit', (code) => {
      clearTimeout(late);
      if (code === 0) resolve(null);
      else died(`ended with ${code}`);
    });
    worker.send({ seeds, venue: null });
  });
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

async function broken(edits: PlantedBug['edits'], name: string): Promise<Found | null> {
  const into = join(dirname(COMPILED), `quantsage-mutant-${name.replaceAll(/[^a-z]+/gi, '-')}`);
  const { directory, remove } = plant(COMPILED, edits, into);
  try {
    return await firstBroken(directory, ALL);
  } finally {
    remove();
  }
}

/** A seed that is broken anyway finds nothing. */
async function refuseBroken({ seed }: Found): Promise<void> {
  const anyway = await firstBroken(COMPILED, [seed]);
  if (anyway === null) return;
  throw new Error(`seed ${seed} breaks ${anyway.invariant} with nothing planted; mend that first`);
}

const tell = (line: string): void => void process.stdout.write(`${line}\n`);
const queue = PLANTED_BUGS.filter(({ name }) => name.includes(values.only));
const total = queue.length;
let caught = 0;
let isHarmless = true;

async function work(): Promise<void> {
  for (let bug = queue.shift(); bug !== undefined; bug = queue.shift()) {
    const { name, edits, isLastHarmless = false } = bug;
    const found = await broken(edits, name);
    if (found !== null) {
      await refuseBroken(found);
      caught += 1;
    }
    const what =
      found === null
        ? `not found in ${SEEDS} seeds`
        : `seed ${String(found.seed).padStart(3)}  ${found.invariant}: ${found.message}`;
    tell(`${name.padEnd(36)} ${what.slice(0, 160)}`);
    if (!isLastHarmless) continue;
    const beside = await broken(edits.slice(-1), `${name} beside`);
    if (beside === null) tell(`${''.padEnd(36)} (what was planted beside it breaks nothing alone)`);
    else {
      isHarmless = false;
      tell(`${name}: what was planted beside it breaks ${beside.invariant}: ${beside.message}`);
    }
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: WORKERS }, work));
const seconds = ((performance.now() - began) / 1000).toFixed(0);
tell(`${caught} of ${total} planted bugs caught within ${SEEDS} seeds each, ${seconds} s`);
process.exitCode = caught === total && isHarmless ? 0 : 1;
