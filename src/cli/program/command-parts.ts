import type { Command } from 'commander';
import type { ExitCode } from '../../core/errors.ts';
import type { CommandIo } from '../io.ts';

type Finish = (code: ExitCode) => void;

/** Adds one command, or a family of them, to the tree above it. */
export type AddCommand = (parent: Command, io: CommandIo, finish: Finish) => void;

/** Flags every command has. */
export function withCommon(command: Command): Command {
  const collect = (value: string, all: readonly string[] = []) => [...all, value];
  return command
    .option('-c, --config <file>', 'further YAML file (repeatable, later ones win)', collect)
    .option('--set <path=value>', 'one setting, e.g. params.rsi_period=10 (repeatable)', collect)
    .option('--db <file>', 'database file (default: database.path of the configuration)')
    .option('--json', 'print the result as JSON')
    .option('--debug', 'print the stack of an error')
    .option('-v, --verbose', 'log more on stderr');
}
