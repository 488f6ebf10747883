import { findRun } from '../../app/find-run.ts';
import { isIntact, verifyRun as verify } from '../../app/verify-run.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { renderVerification } from '../render/verification.ts';

/** `verify RUN`: whether what is on record is what was written. Exit 5 where it is not. */
export function verifyRun(run: string, flags: CommonFlags, io: CommandIo): ExitCode {
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const summary = findRun(workspace.recordedRuns(), run);
    const verified = verify(workspace.journals(), summary);
    const intact = isIntact(verified);
    if (flags.json === true) printJson(io, { ...verified, intact });
    else io.stdout(renderVerification(verified));
    return intact ? EXIT_CODES.done : EXIT_CODES.data;
  } finally {
    workspace.close();
  }
}
