import type { EpochMs } from '../../../core/time.ts';
import { altered, FUTURES, truncated, type Alteration, type Future } from '../altered-bars.ts';
import { differAt, type Difference } from '../compare-traces.ts';
import { findLeakedInput } from '../find-leaked-input.ts';
import { barName, type Finding } from '../findings.ts';
import type { Laboratory, RunChange } from '../laboratory.ts';
import { periodTimes } from '../prepared-market.ts';
import type { RunTrace } from '../trial.ts';

/** Where the future is cut off, as fractions of the period. */
const CUTS = [0.25, 0.5, 0.8];

/**
 * Decisions up to a bar must be the same when the bars after it are missing, and when they are
 * others.
 */
export async function checkFuture(lab: Laboratory, base: RunTrace): Promise<readonly Finding[]> {
  const { series } = lab.market;
  const found = await Promise.all(
    cutTimes(lab).flatMap((time, index) => {
      const future: Future = FUTURES[index % FUTURES.length] ?? 'raised';
      return [
        lab.lastOf([upTo(lab, time)]).then((run) => lab.difference(base, run, { to: time })),
        lab
          .lastOf([{ series: altered(series, allAfter(time, future)) }])
          .then((run) => lab.difference(base, run, { to: time })),
      ];
    }),
  );
  const first = earliest(found);
  if (first === null) return [];
  const input = await inputOf(lab, { at: first, reference: base, runs: (run) => [run] });
  return [
    lookAhead(first, input ?? 'the end of the data', 'what came after it was changed or cut off'),
  ];
}

/**
 * What a first run in the same process has left behind must not tell a second one of the future:
 * the first run is given other bars after a cut, and the second must decide the same up to it.
 */
export async function checkMemory(
  lab: Laboratory,
  second: RunTrace,
  firstDifference: Difference,
): Promise<readonly Finding[]> {
  const times = [firstDifference.openTime, ...cutTimes(lab)];
  for (const time of times) {
    for (const future of FUTURES) {
      const first = { series: altered(lab.market.series, allAfter(time, future)) };
      const run = await lab.lastOf([first, upTo(lab, time)]);
      const at = lab.difference(second, run, { to: time });
      if (at === null) continue;
      const runs = (change: RunChange) => [change, upTo(lab, at.openTime)];
      const input = await inputOf(lab, { at, reference: second, runs });
      const how = 'an earlier run in the same process had seen other bars after it';
      return [lookAhead(at, input ?? 'bars that an earlier run saw', how)];
    }
  }
  return [];
}

interface Question {
  readonly at: Difference;
  readonly reference: RunTrace;
  /** The runs of one process when the changed bars are those. */
  readonly runs: (change: RunChange) => readonly RunChange[];
}

async function inputOf(lab: Laboratory, { at, reference, runs }: Question): Promise<string | null> {
  const { series } = lab.market;
  const changes = async (alteration: Alteration): Promise<boolean> => {
    const run = await lab.lastOf(runs({ series: altered(series, alteration) }));
    return differAt(reference, run, at);
  };
  for (const future of FUTURES) {
    if (!(await changes(allAfter(at.openTime, future)))) continue;
    return findLeakedInput({ series, decidedOn: at.openTime, future, changes });
  }
  return null;
}

function lookAhead({ symbol, openTime, what }: Difference, input: string, how: string): Finding {
  return {
    kind: 'look_ahead',
    symbol,
    bar: barName(openTime),
    input,
    message: `the decision changed when ${how}: ${what}`,
    source: null,
  };
}

function upTo({ market }: Laboratory, time: EpochMs): RunChange {
  return { series: truncated(market.series, time), end: time + 1 };
}

function allAfter(time: EpochMs, future: Future): Alteration {
  return { future, decidedOn: time, after: time, until: Infinity, symbol: null, field: null };
}

function cutTimes({ market }: Laboratory): readonly EpochMs[] {
  const times = periodTimes(market);
  return CUTS.flatMap((cut) => times[Math.floor(times.length * cut)] ?? []);
}

function earliest(found: readonly (Difference | null)[]): Difference | null {
  return found.reduce(
    (first, each) =>
      each !== null && (first === null || each.openTime < first.openTime) ? each : first,
    null,
  );
}
