import { findRun, reportOf } from '../../app/find-run.ts';
import { lastingRunRecord, type LastingRunRecord } from '../../app/lasting-run-record.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { INTERRUPTED, renderBacktest } from '../render/backtest-table.ts';
import { printJson } from '../render/json.ts';
import { renderLastingRun } from '../render/session-table.ts';

/** `runs show RUN`: the result as it was printed when it ran; of a lasting run, its sessions. */
export function showRun(run: string, flags: CommonFlags, io: CommandIo): ExitCode {
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const summary = findRun(workspace.recordedRuns(), run);
    const report = reportOf(summary);
    if (summary.lastSession !== null) {
      const record = lastingRunRecord(workspace.journals(), summary);
      if (flags.json === true) printJson(io, { ...modelOf(record), report });
      else io.stdout(renderLastingRun(record));
      if (report !== null && flags.json !== true) io.stdout(`\n${renderBacktest(report)}`);
    } else if (report === null) {
      const { runId, status, error } = summary;
      if (flags.json === true) printJson(io, { run_id: runId, status, error });
      else io.stdout(`${runId}: ${status}${error === null ? '' : `: ${error}`}\n`);
    } else if (flags.json === true) {
      printJson(io, report);
    } else {
      io.stdout(renderBacktest(report));
    }
    if (summary.status === 'interrupted') io.stderr(INTERRUPTED);
    return EXIT_CODES.done;
  } finally {
    workspace.close();
  }
}

function modelOf({ run, sessions }: LastingRunRecord) {
  const { runId, mode, status, error, exchange, symbols, timeframe, strategyIds } = run;
  return { runId, mode, status, error, exchange, symbols, timeframe, strategyIds, sessions };
}
