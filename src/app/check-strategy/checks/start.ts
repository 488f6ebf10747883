import type { SymbolName } from '../../../core/instrument.ts';
import type { EpochMs } from '../../../core/time.ts';
import { barName, type Finding } from '../findings.ts';
import type { Laboratory } from '../laboratory.ts';
import { periodTimes, type PreparedMarket } from '../prepared-market.ts';
import { FLAT, type HeldSpan, type RunTrace } from '../trial.ts';

/** Bars by which a run begins later; one alone shifts every count of bars. */
const DELAYS = [1, 97, 503];
/** Bars within which a strategy may still find its feet, and their largest share of the run. */
const SETTLING_BARS = 1_000;
const SETTLING_SHARE = 1 / 3;

interface StartVerdict {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/**
 * Begun some bars later, with the warm-up it declares before them, a strategy must come to decide as
 * before: exactly, and for good, once a bounded stretch is over. It is shown the positions of the
 * first run, so that they are not what makes the difference; from where it held nothing on, as what
 * it keeps of a position may go back to its entry.
 */
export async function checkStart(lab: Laboratory, base: RunTrace): Promise<StartVerdict> {
  const times = periodTimes(lab.market);
  const delays = DELAYS.filter((delay) => delay < times.length / 2);
  const verdicts = await Promise.all(delays.map(async (delay) => startLater(lab, base, delay)));
  const findings = verdicts.flatMap((verdict) => verdict.findings);
  const notes = verdicts.flatMap((verdict) => verdict.notes);
  return { findings: findings.slice(0, 1), notes: findings.length > 0 ? [] : notes.slice(0, 1) };
}

async function startLater(lab: Laboratory, base: RunTrace, delay: number): Promise<StartVerdict> {
  const times = periodTimes(lab.market);
  const start = times[delay] ?? lab.market.start;
  const { held, flatSince } = beginning(lab.market, base.held, start);
  const flat = (symbol: SymbolName): EpochMs => flatSince.get(symbol) ?? Infinity;
  const later = await lab.lastOf([{ start, held }]);
  const settling = Math.min(SETTLING_BARS, Math.floor((times.length - delay) * SETTLING_SHARE));
  const settled = times[delay + settling] ?? Infinity;
  const from = (symbol: SymbolName): EpochMs => Math.max(settled, flat(symbol));
  const difference = lab.difference(base, later, { from });
  if (difference !== null) {
    const { symbol, openTime, what } = difference;
    const bars = delay === 1 ? 'bar' : 'bars';
    const finding: Finding = {
      kind: 'warm_up',
      symbol,
      bar: barName(openTime),
      input: 'where the data began',
      message:
        `the decision changed when the run began ${delay} ${bars} later, and that does not wear ` +
        `off after ${settling} bars: ${what}`,
      source: null,
    };
    return { findings: [finding], notes: [] };
  }
  const { last } = lab.compare(base, later, { from: flat, to: settled });
  const notes = [
    ...unjudged([...flatSince]),
    ...(last === null ? [] : [settlingNote(times.indexOf(last.openTime) - delay + 1)]),
  ];
  return { findings: [], notes };
}

interface Beginning {
  /** What the strategy is shown. */
  readonly held: readonly HeldSpan[];
  /** By symbol: from when on decisions can be compared; infinite for never. */
  readonly flatSince: ReadonlyMap<SymbolName, EpochMs>;
}

/**
 * Where decisions on a symbol rest on the positions in all of them, they can be compared once
 * nothing at all is held. Some always hold something: those are shown everything from the start,
 * and compared once each symbol was let go of.
 */
function beginning(
  { symbols, isCrossSectional }: PreparedMarket,
  held: readonly HeldSpan[],
  start: EpochMs,
): Beginning {
  const each = symbols.map((symbol) => firstFlat(held, symbol, start));
  if (!isCrossSectional) {
    const flatSince = new Map(symbols.map((symbol, index) => [symbol, each[index] ?? Infinity]));
    const shown = held.filter(({ symbol, since }) => since >= (flatSince.get(symbol) ?? Infinity));
    return { held: shown, flatSince };
  }
  const all = firstAllFlat(held, symbols, start);
  const since = all === Infinity ? Math.max(...each) : all;
  return {
    held: all === Infinity ? held : held.filter((span) => span.since >= all),
    flatSince: new Map(symbols.map((symbol) => [symbol, since])),
  };
}

/** When none of the symbols was held from a time on; infinite for never. */
function firstAllFlat(
  held: readonly HeldSpan[],
  symbols: readonly SymbolName[],
  start: EpochMs,
): EpochMs {
  let time = start;
  for (;;) {
    const at = time;
    const next = Math.max(...symbols.map((symbol) => firstFlat(held, symbol, at)));
    if (next === time || next === Infinity) return next;
    time = next;
  }
}

/** Where a symbol was first seen without position and orders from a time on; infinite for never. */
function firstFlat(held: readonly HeldSpan[], symbol: SymbolName, time: EpochMs): EpochMs {
  const own = held.filter((span) => span.symbol === symbol);
  const before = own.findLast(({ since }) => since <= time);
  if (before === undefined || before.held === FLAT) return time;
  return own.find((span) => span.since > time && span.held === FLAT)?.since ?? Infinity;
}

function unjudged(flatSince: readonly (readonly [SymbolName, EpochMs])[]): readonly string[] {
  return flatSince
    .filter(([, since]) => since === Infinity)
    .map(
      ([symbol]) =>
        `${symbol}: whether decisions depend on where the data began was not judged: a position ` +
        'was held until the end',
    );
}

function settlingNote(bars: number): string {
  return (
    `begun later, it decides otherwise for up to ${bars} bars: it keeps something of its own that ` +
    'the declared warm-up does not cover; declare "history" or the warm-up of an indicator'
  );
}
