import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { loadExchangeClass } from '../../../src/adapters/ccxt/exchange-class.ts';
import { VENUE_IDS } from './scenario.ts';
import type { WorldFiles } from './world.ts';

/** Memory that looks like a disk: commits are real there, and fast. */
const MEMORY_DISK = '/dev/shm';

/** Runs something with a place for databases, which is gone afterwards. */
export async function withWorldFiles<T>(work: (files: WorldFiles) => Promise<T>): Promise<T> {
  const parent = existsSync(MEMORY_DISK) ? MEMORY_DISK : tmpdir();
  const directory = mkdtempSync(join(parent, 'quantsage-simulation-'));
  try {
    const template = join(directory, 'template.db');
    openDatabase(template).close();
    // Modules load in time of this machine, which no world waits for.
    for (const venue of VENUE_IDS) await loadExchangeClass(venue, false, () => null);
    return await work({ directory, template });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
