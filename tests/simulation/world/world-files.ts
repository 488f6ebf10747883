import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { loadExchangeClass } from '../../../src/adapters/ccxt/exchange-class.ts';
import { WORLD_VENUES } from './world-exchange.ts';
import type { WorldFiles } from './world.ts';

/** Memory that looks like a disk: commits are real there, and fast. */
const MEMORY_DISK = '/dev/shm';

/** A place for databases; whoever opens it removes it. */
export async function openWorldFiles(): Promise<WorldFiles> {
  const parent = existsSync(MEMORY_DISK) ? MEMORY_DISK : tmpdir();
  const directory = mkdtempSync(join(parent, 'quantsage-simulation-'));
  const template = join(directory, 'template.db');
  openDatabase(template).close();
  // Modules load in time of this machine, which no world waits for.
  for (const venue of WORLD_VENUES) {
    if (venue === 'alpaca') await import('@alpacahq/alpaca-trade-api/rest');
    else await loadExchangeClass(venue, false, () => null);
  }
  return { directory, template };
}

export function removeWorldFiles({ directory }: WorldFiles): void {
  rmSync(directory, { recursive: true, force: true });
}
