import { isLocked } from '../../adapters/sqlite/instance-lock.ts';
import { SYSTEM_TIMER } from '../../adapters/system/system-timer.ts';
import { StatusFile } from '../../adapters/files/status-file.ts';
import type { TradingStatus } from './trading-status.ts';

/** What is known of the engine of a database; `status` is null where none ever ran there. */
export interface SeenEngine {
  readonly isRunning: boolean;
  readonly status: TradingStatus | null;
}

const EVERY_MS = 1_000;

/** The file whose lock says that an engine runs on a database. */
export function engineLock(databasePath: string): string {
  return `${databasePath}.lock`;
}

/** Looks at an engine from outside; asks neither its database nor itself. */
export function readStatus(databasePath: string): SeenEngine {
  const status = new StatusFile(databasePath).read();
  return {
    isRunning: isLocked(engineLock(databasePath)),
    status: isStatus(status) ? status : null,
  };
}

/** Looks again each second, until the signal aborts. */
export async function watchStatus(
  databasePath: string,
  onSeen: (seen: SeenEngine) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    onSeen(readStatus(databasePath));
    await SYSTEM_TIMER.wait(EVERY_MS, signal);
  }
}

/** Written by this program alone, whole or not at all: what bears its mark is taken as it is. */
function isStatus(value: unknown): value is TradingStatus {
  return typeof value === 'object' && value !== null && 'phase' in value && 'run_id' in value;
}
