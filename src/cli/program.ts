import { Command } from 'commander';
import type { ExitCode } from '../core/errors.ts';
import { VERSION } from '../app/version.ts';
import type { CommandIo } from './io.ts';
import { addCheckStrategy } from './program/check-command.ts';
import { addCollect } from './program/collect-command.ts';
import { addControl } from './program/control-commands.ts';
import { addData } from './program/data-commands.ts';
import { addDoctor } from './program/doctor-command.ts';
import { addExplain } from './program/explain-command.ts';
import { addExport, addImport } from './program/file-commands.ts';
import { addParity, addReplay } from './program/replay-commands.ts';
import { addTrading } from './program/trading-commands.ts';
import { addBacktest, addConfig, addRuns, addStrategies } from './program/run-commands.ts';
import { addVerify } from './program/verify-command.ts';

type Finish = (code: ExitCode) => void;

/** The command tree: names, flags and help. What a command does is loaded when it is called. */
export function createProgram(io: CommandIo, finish: Finish): Command {
  const program = new Command('quantsage')
    .description('A trading engine: the backtest is the live engine.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
    })
    .showSuggestionAfterError(true)
    .helpCommand(true);
  for (const add of [
    addCollect,
    addBacktest,
    addCheckStrategy,
    addImport,
    addExport,
    addData,
    addStrategies,
    addRuns,
    addExplain,
    addTrading,
    addControl,
    addDoctor,
    addVerify,
    addReplay,
    addParity,
    addConfig,
  ]) {
    add(program, io, finish);
  }
  sayWhereHelpIs(program);
  return program;
}

/** Complaints of the parser name the command whose help to read. */
function sayWhereHelpIs(command: Command, parents = ''): void {
  const name = `${parents}${command.name()}`;
  command.configureOutput({
    outputError: (text, write) => {
      write(`${usageSentence(text, name)}\n`);
    },
  });
  for (const child of command.commands) sayWhereHelpIs(child, `${name} `);
}

/** The parser's complaint, which may come with a hint on a second line, as one sentence. */
function usageSentence(text: string, command: string): string {
  const [problem = '', hint] = text.trim().split('\n');
  const said = problem.replace('. Expected', ': expected').replace(/\.$/, '');
  if (hint === undefined) return `${said}; see "${command} --help"`;
  return `${said}; ${hint.replace(/^\(Did/, 'did').replace(/\)$/, '')}`;
}
