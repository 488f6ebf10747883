import type { EpochMs } from '../../core/time.ts';

/** Complete rounds of reads that have to agree. */
const ROUNDS = 3;
/** Least time between the first of them and the last. */
const SPREAD_MS = 60_000;

/**
 * What speaks for an order not being at the exchange. Only rounds count in which every read
 * succeeded: open orders, closed ones, trades, and one query for this order alone.
 */
export interface Absence {
  readonly rounds: number;
  /** Begin of the first round, by the clock of this machine; null before it. */
  readonly firstAt: EpochMs | null;
  /** Time of the exchange in the first round: the request was under way before that. */
  readonly exchangeTime: EpochMs | null;
}

export const NO_ABSENCE: Absence = { rounds: 0, firstAt: null, exchangeTime: null };

/** A complete round of reads, none of which showed the order. */
export interface AbsentRound {
  /** When it began, by the clock of this machine. */
  readonly at: EpochMs;
  /** Read from the exchange before all lists of the round. */
  readonly exchangeTime: EpochMs;
}

export function absentAgain(absence: Absence, { at, exchangeTime }: AbsentRound): Absence {
  return {
    rounds: absence.rounds + 1,
    firstAt: absence.firstAt ?? at,
    exchangeTime: absence.exchangeTime ?? exchangeTime,
  };
}

/**
 * Why an order is certainly not at the exchange, or null while it may be. Time alone is no reason:
 * the last round has to begin once the exchange would refuse a request as old as this one.
 */
export function provenAbsent(
  absence: Absence,
  last: AbsentRound,
  requestValidityMs: number,
): string | null {
  const { rounds, firstAt, exchangeTime } = absence;
  if (firstAt === null || exchangeTime === null) return null;
  const spread = last.at - firstAt;
  if (rounds < ROUNDS || spread < SPREAD_MS) return null;
  if (last.exchangeTime <= exchangeTime + requestValidityMs) return null;
  return (
    `${rounds} complete reads of open orders, closed orders and trades over ` +
    `${Math.round(spread / 1000)} s do not show it`
  );
}
