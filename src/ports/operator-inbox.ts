import type { OperatorCommand } from '../core/operator.ts';

/** A command that waits for a running engine. */
export interface PendingCommand extends OperatorCommand {
  /** Names it towards `done`. */
  readonly id: string;
}

/**
 * Where commands of other processes arrive. It depends on neither database nor exchange: a halt must
 * get through when both are gone.
 */
export interface OperatorInbox {
  /** The standing order to trade nothing, or null; it stays until a `resume` takes it away. */
  halt(): OperatorCommand | null;
  /** Oldest first. */
  pending(): readonly PendingCommand[];
  /** The command is on record: it need not be given again. */
  done(id: string): void;
}
