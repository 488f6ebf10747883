import { ExchangeError } from '../../core/errors.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { GateChange } from '../../core/operator.ts';
import { DAY_MS, type EpochMs } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  ClientOrderId,
  ExchangeAccount,
  VenueOrderReport,
} from '../../ports/exchange-account.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Timer } from '../../ports/timer.ts';
import { absentAgain, NO_ABSENCE, provenAbsent, type Absence } from './absence.ts';
import { awaitsTrades } from './leg.ts';
import type { LiveCore } from './live-core.ts';
import type { LiveOrder } from './live-order.ts';
import { Wake } from './wake.ts';

/** How far lists reach back before what they are asked for: clocks differ, lists lag. */
const OVERLAP_MS = 10 * 60_000;
/** A fee that is not told within this never will be. */
const FEES_WITHIN_MS = DAY_MS;
const URGENT_MS = 1_000;
const CALM_MS = 60_000;
const ALERT_MS = 60_000;
const BACKOFF_MAX_MS = 60_000;
/** Rounds in a row that may fail before entries are kept away. */
const FAILURES_MAX = 3;

/** What was read before orders that nothing showed are looked for elsewhere. */
interface Round {
  readonly at: EpochMs;
  readonly exchangeTime: EpochMs | null;
  readonly open: readonly VenueOrderReport[];
}

interface AccountReaderOptions {
  readonly account: ExchangeAccount;
  readonly core: LiveCore;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly symbols: readonly SymbolName[];
  /** Pause between two reads while orders are open. */
  readonly pollMs: number;
  readonly balanceMs: number;
  readonly onGate: (change: GateChange) => void;
}

/**
 * Reads the account over and over: the net under whatever streams tell. A read that fails says
 * nothing; only complete rounds count as evidence that something is not there.
 */
export class AccountReader {
  readonly #options: AccountReaderOptions;
  readonly #wake: Wake;
  readonly #absences = new Map<ClientOrderId, Absence>();
  readonly #alerts = new Map<ClientOrderId, EpochMs>();
  #balancesAt: EpochMs | null = null;
  #failures = 0;
  /** The last round did not find all orders. */
  #isMissing = false;
  /** Why entries are kept away; null while they are not. */
  #gateReason: string | null = null;
  #urgency = 0;

  constructor(options: AccountReaderOptions) {
    this.#options = options;
    this.#wake = new Wake(options.timer);
  }

  /** Something happened that a read would show. */
  wake(): void {
    this.#urgency = 0;
    this.#wake.call();
  }

  /** Until the signal aborts. Rejects with what stops the engine. */
  async run(signal: AbortSignal): Promise<void> {
    let pause = this.#pause();
    while (!signal.aborted) {
      await this.#wake.wait(pause, signal);
      if (signal.aborted) return;
      const retryMs = await this.#attempt(signal);
      pause = retryMs ?? this.#pause();
    }
  }

  /** One complete look at the account. Throws an `ExchangeError` where any part of it fails. */
  async read(signal: AbortSignal): Promise<void> {
    const { account, core, clock, symbols } = this.#options;
    const { books } = core.desk;
    const at = clock.now();
    const known = this.#sentBy(at);
    const exchangeTime = this.#hasDoubts(known) ? await account.serverTime(signal) : null;
    const open = await account.openOrders(symbols, signal);
    const trades = await account.trades(symbols, this.#since(known, at), signal);
    core.take(open, trades);
    books.tradesReadTo = at;
    core.audit.openOrders(open, (order) => core.knows(order));
    const unseen = await this.#find(unlisted(known, open), signal);
    const absent =
      unseen.length > 0 ? await this.#look(unseen, { at, exchangeTime, open }, signal) : unseen;
    this.#isMissing = absent.length > 0;
    for (const order of known) {
      if (!absent.includes(order)) this.#absences.delete(order.leg.clientId);
    }
    this.#forget();
    if (this.#balancesAt === null || at - this.#balancesAt >= this.#options.balanceMs) {
      core.audit.balances(await account.balances(signal));
      this.#balancesAt = at;
    }
    core.tellDifferences();
    this.#alert();
  }

  /** Milliseconds to wait before the next try where this one failed; null where it did not. */
  async #attempt(signal: AbortSignal): Promise<number | null> {
    const { logger, onGate } = this.#options;
    try {
      await this.read(signal);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      if (signal.aborted) return null;
      this.#failures++;
      logger.warn({ error: error.message, failures: this.#failures }, 'the account was not read');
      if (this.#failures >= FAILURES_MAX) {
        const reason = `the account could not be read ${FAILURES_MAX} times: ${error.message}`;
        onGate({ gate: 'connection', symbol: null, reason: (this.#gateReason ??= reason) });
      }
      return error.retryAfterMs ?? Math.min(URGENT_MS * 2 ** this.#failures, BACKOFF_MAX_MS);
    }
    if (this.#gateReason !== null) onGate({ gate: 'connection', symbol: null, reason: null });
    this.#gateReason = null;
    this.#failures = 0;
    return null;
  }

  /** Orders that the exchange had been sent before a time, and may still have. */
  #sentBy(at: EpochMs): readonly LiveOrder[] {
    return this.#options.core.desk.book
      .all()
      .filter(({ leg }) => leg.intendedAt <= at && isReadable(leg.phase));
  }

  /** Looks for single orders; gives those that nothing showed. */
  async #find(orders: readonly LiveOrder[], signal: AbortSignal): Promise<readonly LiveOrder[]> {
    const { account, core } = this.#options;
    const unseen: LiveOrder[] = [];
    for (const order of orders) {
      const { clientId, venueId } = order.leg;
      // What a list of this round told of it may have ended it already.
      if (core.desk.book.named({ clientId, venueId: '' }) === null) continue;
      const ref = { clientId, venueId, symbol: order.request.symbol };
      const report = await account.find(ref, signal);
      if (report === null) unseen.push(order);
      else core.take([{ ...report, clientId }], []);
    }
    return unseen;
  }

  /** The last place to look: closed orders. Gives what they do not show either: absent this round. */
  async #look(
    orders: readonly LiveOrder[],
    { at, exchangeTime, open }: Round,
    signal: AbortSignal,
  ): Promise<readonly LiveOrder[]> {
    const { account, core, symbols } = this.#options;
    const since = this.#since(orders, at);
    const closed = await account.closedOrders(symbols, since, signal);
    core.take(closed, []);
    const absent = unlisted(orders, closed);
    for (const order of absent) {
      const { leg } = core.desk.book.named({ clientId: order.leg.clientId, venueId: '' }) ?? order;
      if (exchangeTime === null || leg.end !== null || !isReadable(leg.phase)) continue;
      if (awaitsTrades(leg)) continue;
      const nameless = [...open, ...closed].filter((report) => !core.knows(report));
      if (nameless.some((report) => mayBe(report, order))) continue;
      const before = this.#absences.get(leg.clientId) ?? NO_ABSENCE;
      const round = { at, exchangeTime };
      const absence = absentAgain(before, round);
      this.#absences.set(leg.clientId, absence);
      const proof = provenAbsent(absence, round, account.capabilities.requestValidityMs);
      if (proof !== null) core.absent(leg.clientId, proof);
    }
    return absent;
  }

  /** From when on trades and closed orders matter: nothing that may be missing lies before. */
  #since(orders: readonly LiveOrder[], now: EpochMs): EpochMs {
    const { tradesReadTo, unpricedSince } = this.#options.core.desk.books;
    const feesFrom = Math.max(unpricedSince ?? now, now - FEES_WITHIN_MS);
    const known = Math.min(tradesReadTo ?? now, feesFrom);
    return Math.min(known, ...orders.map(({ leg }) => leg.intendedAt)) - OVERLAP_MS;
  }

  /** Only where something is missing, the time of the exchange matters; asking costs a request. */
  #hasDoubts(orders: readonly LiveOrder[]): boolean {
    return this.#isMissing || orders.some(({ leg }) => leg.phase === 'unknown');
  }

  #forget(): void {
    const { book } = this.#options.core.desk;
    for (const map of [this.#absences, this.#alerts]) {
      for (const clientId of map.keys()) {
        if (book.named({ clientId, venueId: '' }) === null) map.delete(clientId);
      }
    }
  }

  #pause(): number {
    const { account, core, pollMs } = this.#options;
    const { book } = core.desk;
    const least = account.capabilities.readPauseMs;
    const open = book.all().filter(({ leg }) => isReadable(leg.phase));
    if (open.length === 0) return CALM_MS;
    const isUrgent = open.some(
      ({ leg, state }) =>
        leg.phase === 'unknown' ||
        leg.recall !== null ||
        leg.end !== null ||
        awaitsTrades(leg) ||
        state === 'submitted',
    );
    const calm = Math.max(pollMs, least);
    if (!isUrgent) return calm;
    return Math.max(least, Math.min(calm, URGENT_MS * 2 ** this.#urgency++));
  }

  /** Says again and again what nobody knows, for as long as it is so. */
  #alert(): void {
    const { clock, core, logger } = this.#options;
    const now = clock.now();
    for (const { request, leg } of core.desk.book.all()) {
      const isStuck = leg.phase === 'unknown' || awaitsTrades(leg);
      if (!isStuck) continue;
      const before = this.#alerts.get(leg.clientId) ?? leg.intendedAt;
      if (now - before < ALERT_MS) continue;
      this.#alerts.set(leg.clientId, now);
      const { id, symbol } = request;
      const fields = { order: id, client_id: leg.clientId, symbol, since: leg.intendedAt };
      if (leg.phase === 'unknown') {
        logger.warn(fields, 'what became of an order is still unknown');
      } else logger.warn(fields, 'the trades of a filled order are still missing');
    }
  }
}

/** Whether an order that came without an id of ours looks like one that is missing. */
function mayBe(report: VenueOrderReport, { request, leg }: LiveOrder): boolean {
  const isLike = report.symbol === request.symbol && (report.side ?? request.side) === request.side;
  return report.clientId === null && isLike && report.quantity?.equals(leg.quantity) !== false;
}

function isReadable(phase: LiveOrder['leg']['phase']): boolean {
  return phase === 'working' || phase === 'unknown';
}

function unlisted(
  orders: readonly LiveOrder[],
  reports: readonly VenueOrderReport[],
): readonly LiveOrder[] {
  const clientIds = new Set(reports.map(({ clientId }) => clientId));
  const venueIds = new Set(reports.map(({ venueId }) => venueId));
  return orders.filter(({ leg: { clientId, venueId } }) => {
    return !clientIds.has(clientId) && (venueId === null || !venueIds.has(venueId));
  });
}
