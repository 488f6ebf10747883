import type { VerifiedSeries } from '../../app/verify-data.ts';
import { formatTime, type EpochMs } from '../../core/time.ts';
import { count, minute, plural } from './number-format.ts';
import { renderTable } from './table.ts';

/** Examples shown of each kind of defect. */
const EXAMPLES = 3;

/** The ledger of every series: counts first, then where to look. */
export function renderQuality(verified: readonly VerifiedSeries[]): string {
  return verified.map(renderSeries).join('\n');
}

function renderSeries({ series, quality, issues }: VerifiedSeries): string {
  const { exchange, symbol, timeframe } = series;
  const { expected, missing, gaps, flat, zeroVolume } = quality;
  const quarantined = issues.filter((issue) => issue.quarantined).length;
  const rows = [
    ['bars', count(quality.bars), ''],
    ['expected', expected === null ? 'n/a' : count(expected), ''],
    ['missing', missing === null ? 'n/a' : count(missing), examples(gapTexts(quality))],
    ['gaps', count(gaps), ''],
    ['broken bars', count(quality.broken), examples(brokenTexts(quality))],
    ['outliers', count(quality.outliers), examples(outlierTexts(issues))],
    ['repaired', count(quality.repaired), ''],
    ['flat runs', runs(flat), longest(flat.longest)],
    ['zero-volume runs', runs(zeroVolume), longest(zeroVolume.longest)],
    ['quarantined', count(quarantined), ''],
  ];
  const table = renderTable({ align: ['left', 'right', 'left'], rows, indent: 2 });
  return `${exchange} ${symbol} ${timeframe}\n${table}`;
}

function gapTexts({ gapExamples }: VerifiedSeries['quality']): readonly string[] {
  return gapExamples.map(
    ({ from, missing }) => `${at(from)}${missing === null ? '' : ` +${missing}`}`,
  );
}

function brokenTexts({ brokenExamples }: VerifiedSeries['quality']): readonly string[] {
  return brokenExamples.map(({ openTime, rule }) => `${at(openTime)} ${rule}`);
}

function outlierTexts(issues: VerifiedSeries['issues']): readonly string[] {
  return issues
    .filter(({ rule }) => rule === 'outlier')
    .map(({ openTime }) => (openTime === null ? '' : at(openTime)));
}

function examples(texts: readonly string[]): string {
  const shown = texts.slice(0, EXAMPLES).join(', ');
  return texts.length > EXAMPLES ? `${shown}, …` : shown;
}

function runs({ runs, bars }: VerifiedSeries['quality']['flat']): string {
  return runs === 0 ? '0' : `${count(runs)} (${plural(bars, 'bar')})`;
}

function longest(run: { readonly from: EpochMs; readonly bars: number } | null): string {
  return run === null ? '' : `longest ${plural(run.bars, 'bar')} from ${at(run.from)}`;
}

function at(time: EpochMs): string {
  return minute(formatTime(time));
}
