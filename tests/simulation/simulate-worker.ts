import { runSeed, type SeedOutcome } from './seed-outcome.ts';
import type { ScenarioChoice } from './world/scenario.ts';
import { openWorldFiles, removeWorldFiles } from './world/world-files.ts';

interface Task {
  readonly seeds: readonly number[];
  readonly venue: ScenarioChoice['venue'];
}

/** One process of several that share the seeds of a simulation. */
async function work({ seeds, venue }: Task): Promise<void> {
  const files = await openWorldFiles();
  try {
    for (const seed of seeds) await tell(await runSeed({ seed, venue }, files));
  } finally {
    removeWorldFiles(files);
  }
}

function tell(outcome: SeedOutcome): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(outcome, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}

process.once('message', (message) => {
  void work(message as Task).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
