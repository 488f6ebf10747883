import type { OperatorCommand } from '../../core/operator.ts';
import type { OperatorInbox } from '../../ports/operator-inbox.ts';
import type { Timer } from '../../ports/timer.ts';

interface WatchParts {
  readonly inbox: OperatorInbox;
  readonly timer: Timer;
  /** Whether the engine refuses entries already. */
  readonly isHalted: () => boolean;
  /** Follows a command; throws where the engine has stopped. */
  readonly follow: (command: OperatorCommand) => void;
}

/** A halt is to be followed within a second, its way through the engine included. */
const EVERY_MS = 200;

/** Looks for commands of other processes, and hands each to the engine once. */
export class OperatorWatch {
  readonly #parts: WatchParts;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /**
   * Follows what waits, oldest first. A standing halt counts even where its command was lost: the
   * database may be younger than the file.
   */
  look(): void {
    const { inbox, isHalted, follow } = this.#parts;
    for (const { id, ...command } of inbox.pending()) {
      follow(command);
      inbox.done(id);
    }
    const standing = inbox.halt();
    if (standing !== null && !isHalted()) follow({ ...standing, act: 'halt' });
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.look();
      await this.#parts.timer.wait(EVERY_MS, signal);
    }
  }
}
