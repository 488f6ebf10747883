import { DAY_MS, type EpochMs } from '../../core/time.ts';
import { awaitsTrades, type Leg } from './leg.ts';
import type { LiveDesk } from './live-desk.ts';
import type { LiveOrder } from './live-order.ts';

/** How far lists reach back before what they are asked for: clocks differ, lists lag. */
const OVERLAP_MS = 10 * 60_000;
/** Most fees that are not told with their trades are told soon: each look at the account covers these. */
const FEES_SOON_MS = 60 * 60_000;
/** Pause between two looks for fees that come later than that. */
const FEES_MS = 30 * 60_000;
/** Exchanges post fees after the day, and after a weekend. */
const FEES_LATE_MS = 7 * DAY_MS;

/** What of an account is to be read, and how far back: no more than what may be missing. */
export class ReadNeeds {
  readonly #desk: LiveDesk;
  readonly #balanceMs: number;
  #balancesAt: EpochMs | null = null;
  /** When fees were last asked for that nobody had told. */
  #feesAt: EpochMs | null = null;

  constructor(desk: LiveDesk, balanceMs: number) {
    this.#desk = desk;
    this.#balanceMs = balanceMs;
  }

  /**
   * From when on trades matter: nothing that may be missing lies before. What was read completely is
   * read again only for orders of which something is missing, and now and then for fees.
   */
  tradesSince(orders: readonly LiveOrder[], now: EpochMs): EpochMs {
    const { books } = this.#desk;
    const { tradesReadTo } = books;
    const doubtful = orders.filter(
      ({ leg }) => tradesReadTo === null || leg.phase === 'unknown' || awaitsTrades(leg),
    );
    const times = doubtful.map(({ leg }) => leg.intendedAt);
    const feesSince = now - (this.#asksForFees(now) ? FEES_LATE_MS : FEES_SOON_MS);
    times.push(books.oldestAwaited(feesSince) ?? now);
    return Math.min(tradesReadTo ?? now, ...times) - OVERLAP_MS;
  }

  tradesRead(at: EpochMs): void {
    if (this.#asksForFees(at)) this.#feesAt = at;
  }

  /** From when on closed orders matter, where some of ours were not found elsewhere. */
  closedSince(orders: readonly LiveOrder[], now: EpochMs): EpochMs {
    return Math.min(now, ...orders.map(({ leg }) => leg.intendedAt)) - OVERLAP_MS;
  }

  /** Now and then, and at once where an exit was refused for goods that the books have. */
  balances(now: EpochMs): boolean {
    const before = this.#balancesAt;
    if (before === null || now - before >= this.#balanceMs) return true;
    return this.#desk.book
      .all()
      .some(
        ({ lacksGoods, leg }) => lacksGoods && before < leg.intendedAt && !isReadable(leg.phase),
      );
  }

  balancesRead(at: EpochMs): void {
    this.#balancesAt = at;
  }

  #asksForFees(now: EpochMs): boolean {
    return this.#feesAt === null || now - this.#feesAt >= FEES_MS;
  }
}

/** Whether a leg is such that a read may show it. */
export function isReadable(phase: Leg['phase']): boolean {
  return phase === 'working' || phase === 'unknown';
}
