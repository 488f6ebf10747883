import type { OrderId } from '../../core/ids.ts';
import type { Instrument } from '../../core/instrument.ts';
import type {
  ClientOrderId,
  PlaceOutcome,
  VenueOrderReport,
} from '../../ports/exchange-account.ts';
import type { AccountAudit } from './account-audit.ts';
import { ExitEndings, type ExitFailure } from './exit-endings.ts';
import { isDone, isOut, isOverfilled, shown } from './leg.ts';
import { onNewSteps, tooLittle } from './leg-terms.ts';
import type { LiveDesk } from './live-desk.ts';
import { isExit, type LiveOrder } from './live-order.ts';

type Refused = Extract<PlaceOutcome, { kind: 'refused' }>;

interface ExchangeAnswersOptions {
  readonly desk: LiveDesk;
  readonly audit: Pick<AccountAudit, 'note' | 'clear'>;
}

/** What answers of the exchange make of orders; all of it inside inputs. */
export class ExchangeAnswers {
  readonly #desk: LiveDesk;
  readonly #audit: ExchangeAnswersOptions['audit'];
  readonly #exits: ExitEndings;
  /** Orders of which the exchange claims what cannot be, and which were reported. */
  readonly #impossible = new Set<string>();

  constructor({ desk, audit }: ExchangeAnswersOptions) {
    this.#desk = desk;
    this.#audit = audit;
    this.#exits = new ExitEndings({ desk, audit });
  }

  /** `fresh` is the instrument, read anew, where the exchange named its steps as the cause. */
  placed(clientId: ClientOrderId, outcome: PlaceOutcome, fresh: Instrument | null): void {
    const { book } = this.#desk;
    const order = book.named({ clientId, venueId: '' });
    // A report may have overtaken the answer and told all there is to tell.
    if (order === null) return;
    const { leg, request } = order;
    if (outcome.kind === 'acknowledged') {
      const phase = leg.phase === 'sending' ? 'working' : leg.phase;
      book.put({ ...order, leg: { ...leg, phase, venueId: outcome.venueId } });
    } else if (leg.phase !== 'sending') {
      // The exchange has shown the order since: the answer to the request counts for nothing.
      this.#desk.options.logger.warn(
        { order: request.id, client_id: clientId, outcome: outcome.kind, reason: outcome.reason },
        'an order that the exchange shows was answered otherwise',
      );
    } else if (outcome.kind === 'unknown') this.#desk.doubt(request.id, outcome.reason);
    else this.#refused(order, outcome, fresh);
  }

  /** Takes back what was told of stops that work again, or are over. */
  forgetGuarded(): void {
    this.#exits.forgetGuarded();
  }

  /** Whether a report says anything that is not known. */
  isNews(report: VenueOrderReport): boolean {
    const order = this.#desk.book.named(report);
    if (order === null || !isOut(order.leg)) return false;
    const { leg, state } = order;
    if (isOverfilled(leg, report.filled)) return !this.#impossible.has(report.venueId);
    const next = shown(leg, report, 0);
    const changed =
      next.phase !== leg.phase ||
      next.venueId !== leg.venueId ||
      !next.cumulative.equals(leg.cumulative) ||
      (next.end === null) !== (leg.end === null);
    return changed || (next.phase === 'working' && isUnseen(state));
  }

  show(report: VenueOrderReport): void {
    const { book, options } = this.#desk;
    const order = book.named(report);
    if (order === null || !isOut(order.leg)) return;
    if (isOverfilled(order.leg, report.filled)) {
      this.#overfilled(order, report);
      return;
    }
    const leg = shown(order.leg, report, options.clock.now());
    const seen: LiveOrder = { ...order, leg };
    book.put(seen);
    if (leg.phase === 'unknown') {
      this.#desk.doubt(order.request.id, `the exchange says "${report.statusText}" of it`);
    } else if (leg.end === null && isUnseen(order.state)) {
      this.#desk.report(seen, 'accepted', 'the exchange shows it');
    }
    this.settle(order.request.id);
  }

  /** The exchange certainly does not have the leg. */
  absent(clientId: ClientOrderId, proof: string): void {
    const order = this.#desk.book.named({ clientId, venueId: '' });
    if (order === null) return;
    const { leg, request } = order;
    if (leg.venueId === null) {
      this.#failed(order, { reason: `never reached the exchange: ${proof}`, mayPass: true });
      return;
    }
    this.#audit.note({
      kind: 'missing-order',
      symbol: request.symbol,
      subject: leg.venueId,
      ours: leg.quantity,
      theirs: null,
      message: `the exchange no longer shows order ${leg.venueId} of ours: ${proof}`,
    });
    const reason = `the exchange no longer shows it: ${proof}`;
    const end = { state: 'canceled', reason, seenAt: this.#desk.options.clock.now() } as const;
    this.#desk.book.put({ ...order, leg: { ...leg, end } });
    this.settle(request.id);
  }

  /** Ends a leg of which nothing can follow, and decides what becomes of its order. */
  settle(id: OrderId): void {
    const order = this.#desk.book.get(id);
    if (order === null || !isOut(order.leg) || !isDone(order.leg)) return;
    const { leg, request, ending } = order;
    const reason = leg.end?.reason ?? 'all of what was sent filled';
    if (ending !== null) this.#desk.end(order, 'canceled', ending);
    else if (isExit(order)) this.#exits.over(order, reason);
    else {
      // What an exchange calls filled, and is not all of it, is over all the same.
      const state = leg.end === null || leg.end.state === 'filled' ? 'canceled' : leg.end.state;
      this.#desk.end(order, state, reason);
    }
    this.#desk.replan(request.position);
  }

  #refused(order: LiveOrder, { cause, reason }: Refused, fresh: Instrument | null): void {
    if (fresh !== null) this.#desk.market.reread(fresh);
    if (cause === 'filter' && fresh !== null && !order.isRestepped) {
      const { leg, request } = order;
      const stepped = onNewSteps(leg, fresh, request.side);
      const isEnough =
        stepped !== null && tooLittle(stepped.quantity, fresh, leg.reference) === null;
      if (stepped !== null && isEnough) {
        this.#desk.further(order, { isRestepped: true }, { ...stepped, phase: 'sending' });
        return;
      }
    }
    const text = `refused by the exchange (${cause}): ${reason}`;
    const lacksGoods = cause === 'funds' && isExit(order);
    const seen = lacksGoods ? { ...order, lacksGoods } : order;
    this.#failed(seen, { reason: text, mayPass: cause === 'rate' || lacksGoods });
  }

  #failed(order: LiveOrder, failure: ExitFailure): void {
    if (isExit(order)) this.#exits.failed(order, failure);
    else this.#desk.end(order, 'rejected', failure.reason);
  }

  #overfilled({ leg, request }: LiveOrder, report: VenueOrderReport): void {
    this.#impossible.add(report.venueId);
    this.#audit.note({
      kind: 'overfilled-order',
      symbol: request.symbol,
      subject: report.venueId,
      ours: leg.quantity,
      theirs: report.filled,
      message:
        `at most ${leg.quantity.toString()} was expected to fill of order ${report.venueId}, ` +
        `was "${report.filled?.toString() ?? 'nothing'}"`,
    });
    this.#desk.doubt(request.id, 'the exchange claims that more of it filled than was ordered');
  }
}

/** Whether the engine was not told yet that the exchange has the order. */
function isUnseen(state: LiveOrder['state']): boolean {
  return state === 'submitted' || state === 'unknown';
}
