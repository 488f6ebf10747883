import { verifyData as verify, type VerifiedSeries } from '../../app/verify-data.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { parseSymbols, workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { noDataText } from '../render/no-data.ts';
import { renderQuality } from '../render/quality-table.ts';

interface VerifyFlags extends CommonFlags {
  readonly symbols?: string;
}

/** `data verify`: reads every stored bar and says what is wrong; exit 5 when bars are broken. */
export function verifyData(flags: VerifyFlags, io: CommandIo): ExitCode {
  const symbols = flags.symbols === undefined ? null : parseSymbols(flags.symbols);
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const verified = verify(workspace.storedBars(), symbols);
    if (flags.json === true) printJson(io, verified);
    else if (verified.length === 0) io.stdout(noDataText(workspace.databasePath));
    else io.stdout(renderQuality(verified));
    return verified.some(isBroken) ? EXIT_CODES.data : EXIT_CODES.done;
  } finally {
    workspace.close();
  }
}

function isBroken({ quality }: VerifiedSeries): boolean {
  return quality.broken > 0;
}
