import type { OperatorCommand } from '../../../src/core/operator.ts';
import type { OperatorInbox, PendingCommand } from '../../../src/ports/operator-inbox.ts';

/** Commands of an operator. They outlive processes, as files do. */
export class SimulatedInbox implements OperatorInbox {
  #standing: OperatorCommand | null = null;
  #pending: readonly PendingCommand[] = [];
  #given = 0;

  give(command: OperatorCommand): void {
    this.#given += 1;
    this.#pending = [...this.#pending, { ...command, id: `command ${this.#given}` }];
    if (command.act === 'halt') this.#standing = command;
    if (command.act === 'resume') this.#standing = null;
  }

  halt(): OperatorCommand | null {
    return this.#standing;
  }

  pending(): readonly PendingCommand[] {
    return this.#pending;
  }

  done(id: string): void {
    this.#pending = this.#pending.filter((each) => each.id !== id);
  }
}
