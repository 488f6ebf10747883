import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { DataError } from '../../core/errors.ts';
import { OPERATOR_ACTS, type OperatorCommand } from '../../core/operator.ts';
import type { OperatorInbox, PendingCommand } from '../../ports/operator-inbox.ts';

const HALT_FILE = 'HALT';
const COMMAND_FILE = /^\d{13}-\d{4}-[a-z]+\.json$/;

const commandSchema = z.object({
  act: z.enum(OPERATOR_ACTS),
  reason: z.string(),
  by: z.string(),
  at: z.number(),
});

/**
 * Commands to an engine as files beside its database: a standing halt under one well-known name, and
 * one file for each command that waits. Whoever may write there may command the engine.
 */
export class ControlDirectory implements OperatorInbox {
  readonly #path: string;

  constructor(databasePath: string) {
    this.#path = `${databasePath}.control`;
  }

  /** Where a person finds it. */
  get haltFile(): string {
    return join(this.#path, HALT_FILE);
  }

  halt(): OperatorCommand | null {
    const text = readIfPresent(this.haltFile);
    if (text === null) return null;
    // A file made by hand, empty perhaps, means what its name says.
    return parsed(text) ?? { act: 'halt', reason: 'the halt file exists', by: 'halt file', at: 0 };
  }

  pending(): readonly PendingCommand[] {
    return this.#names().flatMap((id) => {
      const command = parsed(readIfPresent(join(this.#path, id)) ?? '');
      return command === null ? [] : [{ ...command, id }];
    });
  }

  done(id: string): void {
    rmSync(join(this.#path, id), { force: true });
  }

  /**
   * Puts a command there; `halt` and `flatten` leave the standing halt behind, `resume` takes it
   * away, and what still waits to be followed.
   * Throws a `DataError` that names the directory where it cannot be written.
   */
  give(command: OperatorCommand): void {
    try {
      mkdirSync(this.#path, { recursive: true, mode: 0o700 });
      const text = JSON.stringify(command);
      if (command.act === 'resume') this.#takeBack();
      else this.#write(HALT_FILE, text);
      this.#write(this.#nextName(command), text);
    } catch (cause) {
      throw new DataError(
        `control directory ${this.#path}: a directory that can be written was expected, was ` +
          `"${cause instanceof Error ? cause.message : String(cause)}"`,
        { cause },
      );
    }
  }

  /** What was ordered and not followed yet is not to be followed by a later start. */
  #takeBack(): void {
    rmSync(this.haltFile, { force: true });
    for (const { id, act } of this.pending()) if (act !== 'resume') this.done(id);
  }

  #write(name: string, text: string): void {
    const file = join(this.#path, name);
    const unfinished = `${file}.part`;
    writeFileSync(unfinished, text, { mode: 0o600, flush: true });
    renameSync(unfinished, file);
  }

  #nextName({ act, at }: OperatorCommand): string {
    const time = String(at).padStart(13, '0');
    const taken = this.#names().filter((name) => name.startsWith(time)).length;
    return `${time}-${String(taken).padStart(4, '0')}-${act}.json`;
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#path)
        .filter((name) => COMMAND_FILE.test(name))
        .sort();
    } catch {
      // No directory: nobody ever gave a command.
      return [];
    }
  }
}

function readIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    // There, but unreadable: to whoever asks for a halt that is one.
    return '';
  }
}

function parsed(text: string): OperatorCommand | null {
  try {
    return commandSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
