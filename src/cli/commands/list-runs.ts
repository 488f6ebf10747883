import { reportOf, type RunSummary } from '../../app/find-run.ts';
import { LIMITS_OFF } from '../../app/result-labels.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { formatTime } from '../../core/time.ts';
import { parseCount, workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { count, minute, money, percent, ratio } from '../render/number-format.ts';
import { statusText } from '../render/session-table.ts';
import { renderTable, type Alignment } from '../render/table.ts';

export interface ListRunsFlags extends CommonFlags {
  readonly limit: string;
}

/** `runs list`: what was run, the latest first. */
export function listRuns(flags: ListRunsFlags, io: CommandIo): ExitCode {
  const limit = parseCount('--limit', flags.limit, 1);
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const runs = workspace.recordedRuns().list().toReversed().slice(0, limit);
    if (flags.json === true) {
      printJson(
        io,
        runs.map((run) => ({ ...run, report: null })),
      );
      return EXIT_CODES.done;
    }
    if (runs.length === 0) {
      io.stdout('no runs yet; run "quantsage backtest --strategy mean_reversion_crypto"\n');
      return EXIT_CODES.done;
    }
    const rows = runs.map((run) => [
      run.runId,
      minute(formatTime(run.startedAt)),
      statusOf(run),
      run.strategyIds.join(','),
      run.symbols.join(','),
      run.timeframe,
      percent(run.metrics['total_return'] ?? null),
      ratio(run.metrics['sharpe_ratio'] ?? null),
      count(run.metrics['total_trades'] ?? 0),
      money(run.finalEquity),
      (run.resultHash ?? '').slice(0, 12),
    ]);
    io.stdout(renderTable({ head: HEAD, align: ALIGN, rows }));
    return EXIT_CODES.done;
  } finally {
    workspace.close();
  }
}

/** A halt, or limits that were off, do not end a backtest: but they come before its numbers. */
function statusOf(run: RunSummary): string {
  const report = reportOf(run);
  return [
    statusText(run),
    ...((report?.halted ?? null) === null ? [] : ['halted']),
    ...(report?.labels.includes(LIMITS_OFF) === true ? ['no limits'] : []),
  ].join(', ');
}

const HEAD = [
  'Run',
  'Started (UTC)',
  'Status',
  'Strategy',
  'Symbols',
  'Timeframe',
  'Return',
  'Sharpe',
  'Trades',
  'Final equity',
  'Result hash',
];
const ALIGN: readonly Alignment[] = HEAD.map((name) =>
  ['Return', 'Sharpe', 'Trades', 'Final equity'].includes(name) ? 'right' : 'left',
);
