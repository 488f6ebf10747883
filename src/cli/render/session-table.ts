import type { LastingRunRecord } from '../../app/lasting-run-record.ts';
import type { RunSummary } from '../../app/find-run.ts';
import { formatTime } from '../../core/time.ts';
import { count, minute } from './number-format.ts';
import { renderTable } from './table.ts';

/** How far a run has come, in a word or two; with its sessions where it has several. */
export function statusText({ status, lastSession }: RunSummary): string {
  if (lastSession === null) return status;
  const { number, endedAt, outcome } = lastSession;
  const isPaused = status === 'running' && endedAt !== null;
  return [
    isPaused ? `stopped (${outcome ?? ''})` : status,
    ...(number > 1 ? [`session ${number}`] : []),
  ].join(', ');
}

/** A run that outlives its processes: what it is about, and what each process did of it. */
export function renderLastingRun({ run, sessions }: LastingRunRecord): string {
  const { runId, exchange, symbols, timeframe, strategyIds, initialCapital, currency } = run;
  const head = [
    `${runId}: ${statusText(run)}${run.error === null ? '' : `: ${run.error}`}`,
    `${strategyIds.join(', ')} on ${symbols.join(', ')} ${timeframe}, ${exchange}, ` +
      `begun with ${initialCapital} ${currency}`,
  ];
  const rows = sessions.map((each) => [
    String(each.number),
    minute(formatTime(each.startedAt)),
    each.endedAt === null ? '' : minute(formatTime(each.endedAt)),
    each.outcome ?? 'not ended',
    count(each.events),
    each.configHash.slice(0, 12),
    each.version,
  ]);
  return `${head.join('\n')}\n\n${renderTable({ head: HEAD, align: ALIGN, rows })}`;
}

const HEAD = [
  'Session',
  'Started (UTC)',
  'Ended (UTC)',
  'Outcome',
  'Events',
  'Config hash',
  'Version',
];
const ALIGN = ['right', 'left', 'left', 'left', 'right', 'left', 'left'] as const;
