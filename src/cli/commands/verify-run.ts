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
    if (flags.json === true) {
      const { runId, sessions, events, brokenLink, rowDifferences, damage } = verified;
      printJson(io, {
        run_id: runId,
        intact: isIntact(verified),
        sessions,
        events,
        broken_link: brokenLink,
        row_differences: rowDifferences,
        database_damage: damage,
      });
    } else {
      io.stdout(renderVerification(verified));
    }
    return isIntact(verified) ? EXIT_CODES.done : EXIT_CODES.data;
  } finally {
    workspace.close();
  }
}
