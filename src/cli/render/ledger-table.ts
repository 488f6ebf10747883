import type { SeriesLedger, VerifiedSeries } from '../../app/verify-data.ts';
import { formatTime, type EpochMs } from '../../core/time.ts';
import { count, minute, plural } from './number-format.ts';
import { renderTable } from './table.ts';

/** Examples shown of each kind. */
const EXAMPLES = 3;
/** With label and amount before it a line stays below 110 columns. */
const EXAMPLES_WIDTH = 80;

type Row = readonly [label: string, amount: string, examples: string];
type Tally = SeriesLedger['defects']['outages'];
type Instances = SeriesLedger['defects']['duplicates'];

/** The ledger of every series: what is there, what is wrong, what is worth knowing. */
export function renderLedgers(verified: readonly VerifiedSeries[]): string {
  return verified.map(renderSeries).join('\n');
}

function renderSeries({ series, ledger }: VerifiedSeries): string {
  const { exchange, symbol, timeframe, adjustment } = series;
  const prices = adjustment === 'raw' ? '' : `, prices adjusted (${adjustment})`;
  const rows = [
    ...contentRows(ledger, series.calendar === 'us'),
    ...defectRows(ledger.defects),
    ...noteRows(ledger.notes, ledger.bars),
  ].flatMap(wrapped);
  const table = renderTable({ align: ['left', 'right', 'left'], rows, indent: 2 });
  return `${exchange} ${symbol} ${timeframe}${prices}: ${VERDICTS[ledger.status]}\n${table}`;
}

/** A row whose examples go on below where they are long. */
function wrapped([label, amount, examples]: Row): readonly (readonly string[])[] {
  const lines = [''];
  for (const word of examples.split(' ')) {
    const line = `${lines.at(-1) ?? ''} ${word}`.trimStart();
    if (line.length > EXAMPLES_WIDTH && lines.at(-1) !== '') lines.push(word);
    else lines[lines.length - 1] = line;
  }
  const [first = '', ...rest] = lines;
  return [[label, amount, first], ...rest.map((line) => ['', '', line])];
}

const VERDICTS: Readonly<Record<SeriesLedger['status'], string>> = {
  clean: 'clean',
  defects: 'has defects',
  broken: 'BROKEN, holds bars that cannot be',
};

function contentRows(ledger: SeriesLedger, keepsHours: boolean): readonly Row[] {
  const { bars, expected, missing, uncovered } = ledger;
  const { gaps } = ledger.defects;
  const more = keepsHours ? barsOutOfHours(ledger) : 0;
  const said = [
    ...(uncovered === 0 ? [] : [`${plural(uncovered, 'bar')} outside the known calendar`]),
    ...(more > 0 ? [`in the hours of the exchange; ${count(more)} more before and after`] : []),
  ].join(', ');
  return [
    ['bars', count(bars), ''],
    ['expected', expected === null ? 'n/a' : count(expected), said],
    ['missing', missing === null ? 'n/a' : count(missing), ''],
    [
      'gaps',
      count(gaps.count),
      listed(
        gaps.count,
        gaps.examples.map((gap) => `${at(gap.from)} +${gap.missing}`),
      ),
    ],
  ];
}

/** Bars of days with a session that no session asks for: neither expected nor a defect. */
function barsOutOfHours({ bars, expected, missing, uncovered, defects }: SeriesLedger): number {
  if (expected === null || missing === null) return 0;
  return bars - (expected - missing) - defects.offSession.count - uncovered;
}

function defectRows(defects: SeriesLedger['defects']): readonly Row[] {
  const { offSession } = defects;
  return [
    instanceRow('duplicates', defects.duplicates),
    instanceRow('invariant breaks', defects.invariantBreaks),
    instanceRow('bad prints', defects.badPrints),
    runRow('outages', defects.outages),
    ['off session', count(offSession.count), listed(offSession.count, offSession.examples.map(at))],
    instanceRow('conflicts', defects.conflicts),
  ];
}

function noteRows(notes: SeriesLedger['notes'], bars: number): readonly Row[] {
  const { splits, repaired, revised, stitchedOpens } = notes;
  const splitTexts = splits.examples.map(
    ({ openTime, numerator, denominator }) => `${at(openTime)} ${numerator}:${denominator}`,
  );
  return [
    ['outliers', count(notes.outliers), ''],
    instanceRow('large moves', notes.largeMoves),
    runRow('flat runs', notes.flatRuns),
    runRow('zero-volume runs', notes.zeroVolumeRuns),
    ['splits', count(splits.count), listed(splits.count, splitTexts)],
    ['repaired', count(repaired.count), listed(repaired.count, repaired.examples.map(at))],
    ['revised', count(revised.count), listed(revised.count, revised.examples.map(at))],
    instanceRow('quarantined', notes.quarantined),
    ...(stitchedOpens.isRule ? [stitchedRow(stitchedOpens.count, bars)] : []),
  ];
}

function stitchedRow(stitched: number, bars: number): Row {
  const said = `of ${count(bars - 1)} opens are the close before: the vendor's, not the market's`;
  return ['stitched opens', count(stitched), said];
}

function instanceRow(label: string, { count: total, examples }: Instances): Row {
  const [first] = examples;
  const detail = first === undefined ? '' : `${placeOf(first)}${first.detail}`;
  const more = total > 1 ? `; ${listed(total - 1, examples.slice(1).map(timeOf))}` : '';
  return [label, count(total), `${detail}${more}`];
}

/** Where the detail names a line of a file, the time would only say the same again. */
function placeOf({ openTime, detail }: Instances['examples'][number]): string {
  return openTime === null || /^\S+:\d+: /.test(detail) ? '' : `${at(openTime)} `;
}

function timeOf({ openTime, detail }: Instances['examples'][number]): string {
  return openTime === null ? detail : at(openTime);
}

function runRow(label: string, { runs, bars, longest }: Tally): Row {
  if (longest === null) return [label, '0', ''];
  const said = `${plural(bars, 'bar')}, longest ${count(longest.bars)} from ${at(longest.from)} at ${longest.close}`;
  return [label, count(runs), said];
}

function listed(total: number, texts: readonly string[]): string {
  const shown = texts.slice(0, EXAMPLES).join(', ');
  return total > EXAMPLES ? `${shown}, …` : shown;
}

function at(time: EpochMs): string {
  return minute(formatTime(time));
}
