import type { ParityReport } from '../../app/parity/parity-report.ts';
import { durationText } from '../../core/duration.ts';
import { formatTime } from '../../core/time.ts';
import { minute, money, plural } from './number-format.ts';
import { renderTable } from './table.ts';

type Amount = NonNullable<ParityReport['differences'][number]['cost']>;

/** What `parity RUN` found: a sentence, totals, a line for each difference, and the sum. */
export function renderParity(report: ParityReport): string {
  const { runId, differences, decisions, orders, fills } = report;
  const compared = `${plural(decisions, 'decision')}, ${plural(orders, 'order')}, ${plural(fills, 'fill')}`;
  const parts = [
    `${runId}: ${plural(differences.length, 'difference')} in ${compared}\n${windowText(report)}\n`,
    ...(differences.length === 0 ? [] : [causeTable(report), differenceTable(report)]),
    sumTable(report),
    remarks(report),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function windowText({ mode, from, to, sessions }: ParityReport): string {
  if (from === null || to === null) return `${mode}, no bar was traded`;
  const window = `${minute(formatTime(from))} to ${minute(formatTime(to))} UTC`;
  return `${mode} run against its backtest, ${window}, ${plural(sessions, 'session')}`;
}

function causeTable({ causes, currency }: ParityReport): string {
  return renderTable({
    head: ['Cause', 'Differences', `Cost (${currency})`],
    align: ['left', 'right', 'right'],
    rows: causes.map(({ cause, count, cost }) => [causeText(cause), String(count), amount(cost)]),
  });
}

const WHICH = ['Time (UTC)', 'Symbol', 'Strategy', 'Order'];

/** Costs stand before the words: these are as long as they are. */
function differenceTable({ differences, currency }: ParityReport): string {
  return renderTable({
    head: [...WHICH, 'Cause', `Cost (${currency})`, 'Backtest', 'Run'],
    align: ['left', 'left', 'left', 'left', 'left', 'right', 'left', 'left'],
    rows: differences.map(({ time, symbol, strategy, cause, cost, order, backtest, run }) => [
      second(time),
      symbol,
      strategy,
      order ?? '',
      causeText(cause),
      amount(cost),
      backtest,
      run,
    ]),
  });
}

function sumTable({ sum, currency }: ParityReport): string {
  if (sum === null) return '';
  const { run, backtest, difference, costs, remainder } = sum;
  return renderTable({
    head: [`Change of equity (${currency})`, ''],
    align: ['left', 'right'],
    rows: [
      ['run', amount(run)],
      ['backtest, from the same start', amount(backtest)],
      ['difference', amount(difference)],
      ['  the costs above', amount(costs.negated())],
      ['  what followed: other sizes, later trades', amount(remainder)],
    ],
  });
}

function remarks(report: ParityReport): string {
  const { delayMs, unjudgedFills, notes } = report;
  const lines = [...barRemarks(report)];
  if (delayMs !== null && delayMs.most > 0) {
    const { median, most } = delayMs;
    lines.push(
      `Fills in the bar of the backtest's came ${durationText(median)} after its open (median), ` +
        `${durationText(most)} at most`,
    );
  }
  if (unjudgedFills > 0) {
    lines.push(`${plural(unjudgedFills, 'fill')} after the last bar cannot be compared yet`);
  }
  for (const note of notes) lines.push(note);
  return lines.map((line) => `${line}.\n`).join('');
}

function barRemarks({ bars }: ParityReport): readonly string[] {
  if (bars.length === 0) return [];
  const mattered = bars.filter((bar) => bar.mattered).length;
  const kinds = (['absent', 'missed', 'revised', 'gone'] as const).flatMap((kind) => {
    const count = bars.filter((bar) => bar.kind === kind).length;
    return count === 0 ? [] : [`${count} ${KINDS[kind]}`];
  });
  const text = `${plural(bars.length, 'bar')} not as the run had them: ${kinds.join(', ')}`;
  return [`${text}; differences hang on ${mattered} of them`];
}

const KINDS = {
  absent: 'it never saw',
  missed: 'too late to decide on',
  revised: 'changed since',
  gone: 'no longer in the database',
} as const;

function causeText(cause: string): string {
  return cause.replace('-', ' ');
}

function second(time: number): string {
  return formatTime(time).slice(0, 19).replace('T', ' ');
}

/** Cents, or all decimals of what is less than one. */
function amount(value: Amount | null): string {
  if (value === null) return 'none';
  const number = value.toNumber();
  return number !== 0 && Math.abs(number) < 0.01 ? value.toString() : money(number);
}
