import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type { BarTrace, RunTrace } from './trial.ts';

/** The first bar on which two runs decided differently. */
export interface Difference {
  readonly symbol: SymbolName;
  readonly openTime: EpochMs;
  /** What differed, in words: `enter buy, was nothing`. */
  readonly what: string;
}

export interface Extent {
  /** The first bar to compare of a symbol; infinite to compare none. */
  readonly from: (symbol: SymbolName) => EpochMs;
  /** The last open time to compare. */
  readonly to: EpochMs;
  /** Whether to compare what the named rules read too. */
  readonly withRules: boolean;
  /** Whether to compare in which order a decision lists its signals on several symbols. */
  readonly withTurns: boolean;
}

type Depth = Pick<Extent, 'withRules' | 'withTurns'>;
const WHOLE: Depth = { withRules: true, withTurns: true };

export interface Comparison {
  readonly first: Difference | null;
  readonly last: Difference | null;
  /** Bars that were compared. */
  readonly bars: number;
}

/** Compares what two runs decided on the bars that lie in the extent, bit by bit. */
export function compareTraces(base: RunTrace, other: RunTrace, extent: Extent): Comparison {
  const others = new Map(other.bars.map((bar) => [keyOf(bar), bar]));
  let first: Difference | null = null;
  let last: Difference | null = null;
  let bars = 0;
  for (const bar of base.bars) {
    if (bar.openTime < extent.from(bar.symbol) || bar.openTime > extent.to) continue;
    const counterpart = others.get(keyOf(bar));
    others.delete(keyOf(bar));
    bars++;
    const what =
      counterpart === undefined
        ? missingIn(other, bar)
        : differenceOf({ bar, trace: base }, { bar: counterpart, trace: other }, extent);
    if (what === null) continue;
    const found = { symbol: bar.symbol, openTime: bar.openTime, what };
    if (first === null || found.openTime < first.openTime) first = found;
    if (last === null || found.openTime > last.openTime) last = found;
  }
  return { first, last, bars };
}

/** What a run decided on one bar. */
function traceAt(
  { bars }: RunTrace,
  { symbol, openTime }: Pick<Difference, 'symbol' | 'openTime'>,
): BarTrace | null {
  return bars.find((bar) => bar.openTime === openTime && bar.symbol === symbol) ?? null;
}

/** Whether two runs decided differently on one bar. */
export function differAt(
  one: RunTrace,
  other: RunTrace,
  at: Pick<Difference, 'symbol' | 'openTime'>,
): boolean {
  const [bar, counterpart] = [traceAt(one, at), traceAt(other, at)];
  if (bar === null) return counterpart !== null;
  if (counterpart === null) return true;
  return differenceOf({ bar, trace: one }, { bar: counterpart, trace: other }, WHOLE) !== null;
}

interface Traced {
  readonly bar: BarTrace;
  readonly trace: RunTrace;
}

/** Said where the other run was not asked on a bar, or did not come so far. */
function missingIn({ fault }: RunTrace, { signals }: BarTrace): string {
  const wish = wishOf(signals);
  return fault === null ? `${wish}, was not asked` : `${wish}, was a failure: ${fault.message}`;
}

function differenceOf(one: Traced, other: Traced, { withRules, withTurns }: Depth): string | null {
  const { signals, turn } = one.bar;
  if (signals !== other.bar.signals) return signalDifference(one.bar, other.bar);
  if (withTurns && turn !== other.bar.turn) {
    return `${wishOf(signals)} after ${turn} others, was after ${other.bar.turn}`;
  }
  return withRules ? ruleDifference(one, other) : null;
}

function signalDifference({ signals }: BarTrace, { signals: others }: BarTrace): string {
  const [wish, otherWish] = [wishOf(signals), wishOf(others)];
  if (wish !== otherWish) return `${wish}, was ${otherWish}`;
  const at = firstUnequal(signals, others);
  const start = Math.max(signals.lastIndexOf('"', signals.lastIndexOf('":', at) - 1), 0);
  const piece = (text: string): string => text.slice(start, start + PIECE).replace(/[,}\]].*$/, '');
  return `${wish} with ${piece(signals)}, was ${piece(others)}`;
}

/** Characters of a signal that are shown. */
const PIECE = 60;

/** `enter buy`, `exit`, `nothing`; several with a plus between. */
function wishOf(signals: string): string {
  if (signals === '') return 'nothing';
  const wishes = [...signals.matchAll(/"intent":"(?:enter".*?"side":"(\w+)|(\w+))"/g)];
  if (wishes.length === 0) return 'something else';
  return wishes.map(([, side, intent]) => intent ?? `enter ${side ?? ''}`).join(' + ');
}

function ruleDifference(one: Traced, other: Traced): string | null {
  const names = one.trace.shapes[one.bar.shape] ?? [];
  const otherNames = other.trace.shapes[other.bar.shape] ?? [];
  const areSame =
    names.length === otherNames.length && names.every((name, index) => name === otherNames[index]);
  if (!areSame) return 'other conditions of its rules';
  const { values } = one.bar;
  const at = values.findIndex((value, index) => !Object.is(value, other.bar.values[index]));
  if (at === -1) return null;
  const side = at % 2 === 0 ? 'value' : 'threshold';
  return `${side} of ${names[at >> 1] ?? 'a rule'} ${values[at]}, was ${other.bar.values[at]}`;
}

/** Where two different texts part. */
export function firstUnequal(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function keyOf({ symbol, openTime }: BarTrace): string {
  return `${openTime} ${symbol}`;
}
