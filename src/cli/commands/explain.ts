import { explainRun } from '../../app/explain-run.ts';
import { parseTime } from '../../config/time-point.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { parseSymbol, workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { renderExplanation } from '../render/explanation.ts';
import { printJson } from '../render/json.ts';

export interface ExplainFlags extends CommonFlags {
  readonly at: string;
  readonly symbol?: string;
  readonly strategy?: string;
}

/** `explain RUN --at TIME`: why a recorded run did what it did on one bar. */
export async function explain(run: string, flags: ExplainFlags, io: CommandIo): Promise<ExitCode> {
  const { at, symbol, strategy } = flags;
  const explanation = await explainRun(workspaceOptions(flags, io), {
    run,
    at: parseTime('--at', at),
    symbol: symbol === undefined ? null : parseSymbol('--symbol', symbol),
    strategy: strategy ?? null,
  });
  if (flags.json === true) printJson(io, explanation);
  else io.stdout(renderExplanation(explanation));
  return EXIT_CODES.done;
}
