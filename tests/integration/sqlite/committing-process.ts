import { writeSync } from 'node:fs';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import type { LastingRun } from '../../../src/ports/lasting-run.ts';
import { inputsOf, lastingRuns, PAPER, paperStart, tradedSlices } from './lasting-inputs.ts';

/**
 * A process of its own that commits inputs: `<path> <inputs>`, from where the run in that database
 * stopped, or from its beginning. Says on stdout the number of the last event of each input, once
 * its commit has returned.
 */
const [path = '', inputs = '1'] = process.argv.slice(2);
const EVENTS_PER_INPUT = 5;

const database = openDatabase(path);
const runs = lastingRuns(database);
runs.claim(PAPER);
const unfinished = runs.unfinished('paper');
const run: LastingRun =
  unfinished === null ? runs.begin(paperStart()) : runs.resume(unfinished, paperStart());
const done = run.restored?.seq ?? 0;
const events = tradedSlices(Math.ceil((done + Number(inputs) * EVENTS_PER_INPUT) / 29) + 1);

for (const input of inputsOf(events.slice(done), EVENTS_PER_INPUT).slice(0, Number(inputs))) {
  run.commit(input);
  writeSync(process.stdout.fd, `${input.events.at(-1)?.seq}\n`);
}
database.close();
