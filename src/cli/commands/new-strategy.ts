import { newStrategy as write } from '../../app/new-strategy.ts';
import type { TemplateKind } from '../../app/strategy-template.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';

export interface NewStrategyFlags extends CommonFlags {
  readonly kind: TemplateKind;
}

/** `strategies new`: writes an example and says how to run it. */
export function newStrategy(name: string, flags: NewStrategyFlags, io: CommandIo): ExitCode {
  const file = write(openWorkspace(workspaceOptions(flags, io)), name, flags.kind);
  if (flags.json === true) printJson(io, { file });
  else io.stdout(`wrote ${file}; run it with "quantsage backtest --strategy ./${file}"\n`);
  return EXIT_CODES.done;
}
