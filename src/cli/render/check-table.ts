import type { CheckReport } from '../../app/check-strategy/check-strategy.ts';
import { count, minute, plural } from './number-format.ts';

type Finding = CheckReport['findings'][number];

const KINDS: Readonly<Record<Finding['kind'], string>> = {
  fault: 'fault',
  look_ahead: 'look-ahead',
  repainting: 'repainting',
  randomness: 'randomness',
  clock: 'clock',
  file: 'file',
  environment: 'environment',
  network: 'network',
  timer: 'timer',
  process: 'process',
  non_determinism: 'non-determinism',
  symbol_dependence: 'dependence on other symbols',
  warm_up: 'dependence on the start',
  carried_state: 'state kept between runs',
};

/** The verdict first, then every finding with its bar and input, then what to know besides. */
export function renderCheck(report: CheckReport): string {
  const { strategy, symbols, timeframe, exchange, start, end, bars, notes } = report;
  const { informative_symbols: looked } = report;
  const besides = looked.length === 0 ? '' : ` looking at ${looked.join(', ')}`;
  const head = [
    `${strategy} on ${symbols.join(', ')} ${timeframe} of ${exchange}${besides}, ` +
      `${minute(start)} to ${minute(end)}, ${plural(bars, 'bar')}`,
    `${plural(report.decisions, 'decision')}; ${plural(report.runs, 'run')}, ` +
      `${plural(report.compared_bars, 'bar')} compared`,
  ];
  const { findings } = report;
  const lines = [
    ...head,
    '',
    verdictOf(report),
    ...findings.flatMap((finding, index) => ['', ...findingLines(finding, index + 1)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `note: ${note}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictOf({ is_clean, decisions, findings }: CheckReport): string {
  if (!is_clean) return `${plural(findings.length, 'finding')}:`;
  if (decisions === 0) return 'Nothing found, in a run without a decision.';
  return 'Clean: no look-ahead, no repainting, no hidden state and no outside input found.';
}

function findingLines(finding: Finding, number: number): readonly string[] {
  const { kind, symbol, bar, input, message, source } = finding;
  const where = [symbol, bar === null ? null : minute(bar)].filter((each) => each !== null);
  return [
    `${count(number)}. ${KINDS[kind]}${where.length === 0 ? '' : `, first on ${where.join(' ')}`}`,
    `   input: ${input}${source === null ? '' : ` (${source})`}`,
    `   ${message}`,
  ];
}
