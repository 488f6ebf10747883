import { parityOfRun } from '../../app/parity/parity-of-run.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { renderParity } from '../render/parity.ts';

/** `parity RUN`: what a run did otherwise than its backtest, and why. */
export async function parity(run: string, flags: CommonFlags, io: CommandIo): Promise<ExitCode> {
  const report = await parityOfRun(workspaceOptions(flags, io), run);
  if (flags.json === true) printJson(io, report);
  else io.stdout(renderParity(report));
  return EXIT_CODES.done;
}
