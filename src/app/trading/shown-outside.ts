import { StatusFile } from '../../adapters/files/status-file.ts';
import type { HeldLock } from '../../adapters/sqlite/instance-lock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { TradingSessionParts } from './trading-session.ts';

interface OutsideParts {
  readonly databasePath: string;
  readonly lock: Pick<HeldLock, 'beat'>;
  readonly logger: Logger;
}

const MEBIBYTE = 1024 * 1024;

/** What other processes see of a session: its status file, and the heartbeat of its lock. */
export function shownOutside({
  databasePath,
  lock,
  logger,
}: OutsideParts): Pick<TradingSessionParts, 'show' | 'beat' | 'memory'> {
  const status = new StatusFile(databasePath);
  return {
    show: tolerant(logger, (shown) => status.write(shown)),
    beat: tolerant(logger, (now) => lock.beat(now)),
    memory: () => process.memoryUsage.rss() / MEBIBYTE,
  };
}

/** What others look at must not stop the engine where it cannot be written; said once. */
function tolerant<T>(logger: Logger, write: (value: T) => void): (value: T) => void {
  let isTold = false;
  return (value) => {
    try {
      write(value);
    } catch (error) {
      if (isTold) return;
      isTold = true;
      const message = error instanceof Error ? error.message : String(error);
      logger.error({ error: message }, 'the status cannot be written; trading goes on');
    }
  };
}
