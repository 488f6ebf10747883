import type { OrderId } from '../../core/ids.ts';
import type { AccountAudit } from './account-audit.ts';
import type { LiveDesk } from './live-desk.ts';
import { isProtective, isUrgent, type LiveOrder } from './live-order.ts';

/** How often in a row an exit may fail before somebody is told, or asked whether it is still wanted. */
const EXIT_ATTEMPTS = 5;
const PAUSE_MS = 5_000;
const PAUSE_MAX_MS = 60_000;

/** Why the exchange does not have an exit. */
export interface ExitFailure {
  readonly reason: string;
  /** Whether the same order might be taken later. */
  readonly mayPass: boolean;
}

interface ExitEndingsOptions {
  readonly desk: LiveDesk;
  readonly audit: Pick<AccountAudit, 'note' | 'clear'>;
}

/** What becomes of an exit whose leg failed, or is over, while its position may still be held. */
export class ExitEndings {
  readonly #desk: LiveDesk;
  readonly #audit: ExitEndingsOptions['audit'];
  /** Stops that are not at the exchange as they should be, and were reported. */
  readonly #alarmed = new Set<OrderId>();

  constructor({ desk, audit }: ExitEndingsOptions) {
    this.#desk = desk;
    this.#audit = audit;
  }

  /** The leg of an exit is over: decides what becomes of the order. */
  over(order: LiveOrder, reason: string): void {
    const { leg, request } = order;
    const state = leg.end?.state ?? 'filled';
    if (this.#desk.sellable(request.position, request.symbol).isZero) {
      this.#desk.end(order, 'canceled', 'group filled');
    } else if (state === 'rejected') this.failed(order, { reason, mayPass: false });
    else if (leg.recall !== null || state === 'filled') this.#wait({ ...order, failures: 0 });
    else if (isProtective(order)) this.#unguarded(order, state, reason);
    else if (isUrgent(order) && request.timeInForce === 'gtc' && hasTries(order)) {
      this.#again(order, reason);
    } else this.#lost(order, state, reason);
  }

  /**
   * A stop or a target that nobody called back ended at the exchange. Its position is still held: what
   * has to get through is sent anew, what expired is placed anew, and for the rest the engine watches.
   */
  #unguarded(order: LiveOrder, state: 'canceled' | 'expired', reason: string): void {
    const { hasTriggered } = order;
    if (hasTriggered) this.#tryOn(order, reason);
    else if (state === 'expired' && hasTries(order)) this.#again(order, reason);
    else this.#watch(order, reason);
  }

  /**
   * What takes any price is sent anew. What has a limit goes back to watching for it, after a pause:
   * the stop that made room for it is to rest meanwhile.
   */
  #tryOn(order: LiveOrder, reason: string): void {
    if (order.leg.pricing.type === 'market') {
      this.#again(order, reason);
      return;
    }
    const failures = order.failures + 1;
    this.#tell(order, failures, reason);
    this.#wait({ ...order, failures }, pauseAfter(failures));
  }

  /** Waits anew: for its turn, for its price, or for no more than a further leg. */
  #wait(order: LiveOrder, pauseMs = 0): void {
    const stays = order.hasTriggered && order.leg.pricing.type === 'market';
    const notBefore = this.#desk.options.clock.now() + pauseMs;
    this.#desk.further(order, { hasTriggered: stays }, { phase: 'waiting', notBefore });
  }

  /**
   * The exchange certainly does not have the order. One that was wanted at the market ends so once it
   * was tried often enough: whoever still wants it asks again. A position is not left without its
   * stop, though: once its price was there it is sent anew, as an order of its own, for as long as
   * anything is held, and where it cannot rest the engine watches.
   */
  failed(order: LiveOrder, failure: ExitFailure): void {
    const { reason, mayPass } = failure;
    const { request, hasTriggered } = order;
    if (request.type === 'market') this.#marketExitFailed(order, failure);
    else if (hasTriggered && isProtective(order)) this.#tryOn(order, reason);
    else if (hasTries(order) && (mayPass || hasTriggered)) this.#again(order, reason);
    else if (hasTriggered) this.#lost(order, 'rejected', reason);
    else this.#watch(order, reason);
  }

  /** What the exchange refuses for good it would refuse again; what may pass is to be asked for again. */
  #marketExitFailed(order: LiveOrder, { reason, mayPass }: ExitFailure): void {
    if (!mayPass) this.#lost(order, 'rejected', reason);
    else if (hasTries(order)) this.#again(order, reason);
    else this.#lost(order, 'canceled', reason);
  }

  #again(order: LiveOrder, reason: string): void {
    this.#log(order, reason, 'an exit is sent anew');
    const failures = order.failures + 1;
    this.#tell(order, failures, reason);
    const notBefore = this.#desk.options.clock.now() + pauseAfter(failures);
    this.#desk.further(order, { failures }, { phase: 'waiting', notBefore });
  }

  #tell(order: LiveOrder, failures: number, reason: string): void {
    if (failures < EXIT_ATTEMPTS) return;
    this.#alarm(order, `did not get through ${EXIT_ATTEMPTS} times and is tried on: ${reason}`);
  }

  #watch(order: LiveOrder, reason: string): void {
    this.#log(order, reason, 'an exit cannot rest at the exchange: the engine watches for it');
    if (order.leg.end !== null && order.leg.end.state !== 'rejected') {
      this.#alarm(order, `ended at the exchange unasked, the engine watches for it: ${reason}`);
    }
    this.#desk.further(order, { isWatched: true }, { phase: 'waiting' });
  }

  #lost(order: LiveOrder, state: 'canceled' | 'expired' | 'rejected', reason: string): void {
    this.#log(order, reason, 'an exit ended and its position is still held');
    this.#desk.end(order, state, reason);
  }

  /** A position is not guarded as it should be: told until its stop works again, or is over. */
  #alarm({ request, leg }: LiveOrder, what: string): void {
    const { id, role, symbol } = request;
    if (role !== 'stop-loss') return;
    this.#alarmed.add(id);
    this.#audit.note({
      kind: 'lost-protection',
      symbol,
      subject: id,
      ours: leg.quantity,
      theirs: null,
      message: `stop-loss ${id} of ${symbol} ${what}`,
    });
  }

  /** Takes back what was told of stops that work again, or are over. */
  forgetGuarded(): void {
    for (const id of this.#alarmed) {
      const leg = this.#desk.book.get(id)?.leg;
      if (leg !== undefined && (leg.phase !== 'working' || leg.end !== null)) continue;
      this.#alarmed.delete(id);
      this.#audit.clear({ kind: 'lost-protection', subject: id });
    }
  }

  #log({ request, leg }: LiveOrder, reason: string, message: string): void {
    const { id, symbol, role } = request;
    this.#desk.options.logger.error(
      { order: id, client_id: leg.clientId, symbol, role, reason },
      message,
    );
  }
}

function hasTries({ failures }: LiveOrder): boolean {
  return failures + 1 < EXIT_ATTEMPTS;
}

/** Milliseconds to wait after so many failures in a row. */
function pauseAfter(failures: number): number {
  return Math.min(PAUSE_MS * 2 ** (failures - 1), PAUSE_MAX_MS);
}
