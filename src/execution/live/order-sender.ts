import { invariant } from '../../core/assert.ts';
import type { GateChange } from '../../core/operator.ts';
import type { Instrument, SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  ClientOrderId,
  ExchangeAccount,
  PlaceOutcome,
  VenueOrder,
  VenueOrderRef,
} from '../../ports/exchange-account.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Timer } from '../../ports/timer.ts';
import { CreateLimit } from './create-limit.ts';
import { isHeldEntry } from './entry-queue.ts';
import { venueOrderOf } from './leg-terms.ts';
import type { LiveCore } from './live-core.ts';
import { isExit, type LiveOrder } from './live-order.ts';
import { Wake } from './wake.ts';

/** How long a call-back is given before it is repeated: cancelling twice does no harm. */
const RECALL_AGAIN_MS = 10_000;
/** How long an order may be on its way back without a word to the operator. */
const RECALL_ALERT_MS = 60_000;
/** How long an answer is waited for; exchange clients give up long before. */
const ANSWER_MS = 60_000;
/** Pause before an order that too many went before is looked at again. */
const HELD_MS = 1_000;
/** Longest pause; whatever is recorded or answered ends it. */
const IDLE_MS = 60_000;
/** Reports that lead to further reports end long before this. */
const FLUSHES_MAX = 1_000;

interface OrderSenderOptions {
  readonly account: ExchangeAccount;
  readonly core: LiveCore;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly createsPerMinute: number;
  /** Whether entries may leave at all. */
  readonly mayEnter: () => boolean;
  readonly onGate: (change: GateChange) => void;
  /** Told after each answer, which says less than a read does. */
  readonly onAnswered: () => void;
}

interface RecallState {
  readonly lastAt: EpochMs;
  readonly alertedAt: EpochMs;
  readonly isUnderWay: boolean;
}

/** Brings orders to the exchange, each once, and calls them back. */
export class OrderSender {
  readonly #options: OrderSenderOptions;
  readonly #wake: Wake;
  readonly #limit: CreateLimit;
  readonly #tasks = new Set<Promise<void>>();
  readonly #ghosts = new Map<ClientOrderId, VenueOrderRef>();
  readonly #recalls = new Map<ClientOrderId, RecallState>();
  #sent = 0;
  #isBreachTold = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(options: OrderSenderOptions) {
    this.#options = options;
    this.#wake = new Wake(options.timer);
    this.#limit = new CreateLimit(options.createsPerMinute);
  }

  /** Orders that left so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Cancels an order that no leg stands for any more, once this runs. */
  callBack(order: VenueOrderRef): void {
    this.#ghosts.set(order.clientId, order);
    this.#wake.call();
  }

  /** There may be something to send. */
  wake(): void {
    this.#wake.call();
  }

  /** Until the signal aborts; what is under way then is waited for. Rejects with what stops the engine. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      // An earlier process may have left it closed, until the engine is started again: it is now.
      this.#options.onGate({ gate: 'errors', symbol: null, reason: null });
      while (!signal.aborted && this.#failure === null) {
        this.#pass();
        await this.#wake.wait(this.#pause(), signal);
      }
    } finally {
      await Promise.all(this.#tasks);
    }
    if (this.#failure !== null) throw this.#failure.error;
  }

  #pass(): void {
    const { core, clock, mayEnter } = this.#options;
    for (let flushes = 0; core.desk.due.isAny; flushes++) {
      invariant(flushes < FLUSHES_MAX, 'reports of orders must come to an end');
      core.input(() => undefined);
    }
    const now = clock.now();
    const unsent = core.desk.takeUnsent(
      (order) => (isExit(order) || mayEnter()) && this.#limit.allows(order, now),
    );
    this.#sent += unsent.length;
    // What is called back goes first: an entry may be to take the place of another.
    for (const order of this.#dueRecalls(now)) this.#spawn(() => this.#recall(order));
    for (const ghost of this.#ghosts.values()) this.#spawn(() => this.#cancel(ghost));
    this.#ghosts.clear();
    for (const order of unsent) this.#spawn(() => this.#place(order));
    this.#tellBreach();
  }

  /** Until time alone brings something to do. */
  #pause(): number {
    const now = this.#options.clock.now();
    return this.#options.core.desk.book
      .all()
      .reduce((pause, order) => Math.min(pause, this.#pauseOf(order, now)), IDLE_MS);
  }

  #pauseOf(order: LiveOrder, now: EpochMs): number {
    const { leg } = order;
    if (leg.recall !== null) {
      const state = this.#recalls.get(leg.clientId);
      const isUnderWay = state === undefined || state.isUnderWay;
      return isUnderWay ? IDLE_MS : Math.max(1, state.lastAt + RECALL_AGAIN_MS - now);
    }
    // It is given up when it has waited too long.
    if (isHeldEntry(order)) return HELD_MS;
    const isHeld = leg.phase === 'sending' && this.#options.core.desk.outbox.isUnsent(leg);
    if (!isHeld) return IDLE_MS;
    if (leg.notBefore > now) return leg.notBefore - now;
    // What holds entries back as a whole is lifted by an input, or by a new start.
    const mayLeave = isExit(order) || (this.#options.mayEnter() && this.#limit.breach === null);
    return mayLeave ? HELD_MS : IDLE_MS;
  }

  async #place(order: LiveOrder): Promise<void> {
    const { core, onAnswered } = this.#options;
    const venueOrder = venueOrderOf(order);
    const outcome = await this.#send(venueOrder);
    const isOfSteps = outcome.kind === 'refused' && outcome.cause === 'filter';
    const fresh = isOfSteps ? await this.#reread(venueOrder.symbol) : null;
    core.input(() => core.answers.placed(venueOrder.clientId, outcome, fresh));
    onAnswered();
  }

  async #send(order: VenueOrder): Promise<PlaceOutcome> {
    const unanswered = { kind: 'unknown', reason: `no answer in ${ANSWER_MS / 1000} s` } as const;
    try {
      return (await this.#inTime(this.#options.account.place(order))) ?? unanswered;
    } catch (error) {
      // An adapter that throws has said nothing of what the exchange did.
      return { kind: 'unknown', reason: textOf(error) };
    }
  }

  /** What was answered, or null where nothing was for too long: a read tells what a late answer would. */
  async #inTime<T>(answer: Promise<T>): Promise<T | null> {
    const answered = new AbortController();
    const late = this.#options.timer.wait(ANSWER_MS, answered.signal).then(() => null);
    try {
      return await Promise.race([answer, late]);
    } finally {
      answered.abort();
    }
  }

  async #reread(symbol: SymbolName): Promise<Instrument | null> {
    try {
      return await this.#options.account.instrument(symbol, new AbortController().signal);
    } catch (error) {
      const fields = { symbol, error: textOf(error) };
      this.#options.logger.warn(fields, 'the steps of a symbol could not be read anew');
      return null;
    }
  }

  /** Legs that are wanted back, and that the exchange can be told of. */
  #dueRecalls(now: EpochMs): readonly LiveOrder[] {
    const wanted = this.#options.core.desk.book
      .all()
      .filter(({ leg }) => leg.recall !== null && leg.end === null && canBeCalledBack(leg));
    const names = new Set(wanted.map(({ leg }) => leg.clientId));
    for (const known of this.#recalls.keys()) if (!names.has(known)) this.#recalls.delete(known);
    return wanted.filter((order) => {
      const state = this.#recalls.get(order.leg.clientId);
      if (state === undefined) return true;
      this.#alert(order, state, now);
      return !state.isUnderWay && now - state.lastAt >= RECALL_AGAIN_MS;
    });
  }

  async #recall({ request, leg }: LiveOrder): Promise<void> {
    const { clock, onAnswered } = this.#options;
    const { clientId, venueId } = leg;
    const now = clock.now();
    const alertedAt = this.#recalls.get(clientId)?.alertedAt ?? leg.recall?.askedAt ?? now;
    this.#recalls.set(clientId, { lastAt: now, alertedAt, isUnderWay: true });
    await this.#cancel({ clientId, venueId, symbol: request.symbol });
    // Whatever the answer was, only a read tells what became of the order.
    const state = this.#recalls.get(clientId);
    if (state !== undefined) this.#recalls.set(clientId, { ...state, isUnderWay: false });
    onAnswered();
  }

  /** Only a read tells what became of the order; the answer is for whoever looks for the cause. */
  async #cancel(order: VenueOrderRef): Promise<void> {
    const { account, logger } = this.#options;
    const fields = { client_id: order.clientId, symbol: order.symbol };
    try {
      const outcome = await this.#inTime(account.cancel(order));
      if (outcome?.kind === 'sent') return;
      const reason = outcome?.reason ?? `no answer in ${ANSWER_MS / 1000} s`;
      logger.warn({ ...fields, reason }, 'a cancellation was not taken');
    } catch (error) {
      logger.warn({ ...fields, reason: textOf(error) }, 'a cancellation was not answered');
    }
  }

  #alert({ request, leg }: LiveOrder, state: RecallState, now: EpochMs): void {
    if (now - state.alertedAt < RECALL_ALERT_MS) return;
    this.#recalls.set(leg.clientId, { ...state, alertedAt: now });
    const { id, symbol } = request;
    this.#options.logger.warn(
      { order: id, client_id: leg.clientId, symbol, since: leg.recall?.askedAt },
      'an order was called back and the exchange still has it',
    );
  }

  #tellBreach(): void {
    const reason = this.#limit.breach;
    if (reason === null || this.#isBreachTold) return;
    this.#isBreachTold = true;
    this.#options.logger.error({ reason }, 'too many orders were about to be sent');
    this.#options.onGate({ gate: 'errors', symbol: null, reason });
  }

  #spawn(task: () => Promise<void>): void {
    const running = task()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#tasks.delete(running);
        this.#wake.call();
      });
    this.#tasks.add(running);
  }
}

function canBeCalledBack({ phase, venueId }: LiveOrder['leg']): boolean {
  return phase === 'working' || (phase === 'unknown' && venueId !== null);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
