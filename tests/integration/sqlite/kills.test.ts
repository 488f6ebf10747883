import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteJournalArchive } from '../../../src/adapters/sqlite/sqlite-journal-archive.ts';
import { runId } from '../../../src/core/ids.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { temporaryPath } from './fixtures.ts';
import { tradedSlices } from './lasting-inputs.ts';

/** All fifty run by `npm run test:kills`. */
const KILLS = Number(process.env['KILLS'] ?? 4);
const KILL_TIMEOUT_MS = 20_000;
const CHILD = join(import.meta.dirname, 'committing-process.ts');
const RUN = runId('paper', 1);
/** More than any child comes to. */
const INPUTS = 2_000;

/** Starts a process that commits, kills it at work, and gives the last event it said was on record. */
async function commitAndKill(path: string, random: () => number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, path, String(INPUTS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const inputsLeft = Math.floor(random() * 40);
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.split('\n').length <= inputsLeft) return;
    // Somewhere within a commit rather than always right after one.
    const until = performance.now() + random() * 4;
    while (performance.now() < until);
    child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(child.signalCode, 'it is killed before its end').toBe('SIGKILL');
  return Number(said.trimEnd().split('\n').at(-1));
}

describe(`a process killed ${KILLS} times while it commits`, () => {
  it(
    'leaves whole inputs behind, every one that it said was on record, and a state that fits',
    async () => {
      const path = temporaryPath();
      const random = seededRandom(20_240_701);
      let before = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const said = await commitAndKill(path, random);
        const database = openDatabase(path);
        const archive = new SqliteJournalArchive(database);
        const last = archive.lastLink(RUN)?.seq ?? 0;
        expect(archive.damage()).toEqual([]);
        expect(archive.verify(RUN)).toBeNull();
        expect(archive.rowDifferences(RUN)).toEqual([]);
        expect(last).toBeGreaterThanOrEqual(said);
        expect(said).toBeGreaterThan(before);
        const state = database.prepare('SELECT seq, state FROM engine_state').get();
        expect(state).toEqual({ seq: last, state: `{"seq":${last}}` });
        before = last;
        database.close();
      }
      const database = openDatabase(path);
      const events = [...new SqliteJournalArchive(database).events(RUN, 1)];
      database.close();
      expect(events).toEqual(tradedSlices(Math.ceil(before / 29)).slice(0, before));
      expect(before).toBeGreaterThan(KILLS * 20);
    },
    KILLS * KILL_TIMEOUT_MS,
  );
});
