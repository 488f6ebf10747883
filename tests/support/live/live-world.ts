import { createHash } from 'node:crypto';
import { fromExactJson, toExactJson } from '../../../src/core/exact-json.ts';
import type { OrderId } from '../../../src/core/ids.ts';
import type { GateChange } from '../../../src/core/operator.ts';
import type { OrderRequest } from '../../../src/core/order.ts';
import type { LiveVenueState } from '../../../src/execution/live/account-books.ts';
import { LiveVenue, type LiveVenueSettings } from '../../../src/execution/live/live-venue.ts';
import type { Intake } from '../../../src/ports/intake.ts';
import { KeptLog } from '../kept-log.ts';
import { BTC, dec } from '../orders.ts';
import { SteppedTime } from '../stepped-time.ts';
import { EngineDouble } from './engine-double.ts';
import { MemoryVenueLedger } from './memory-venue-ledger.ts';
import { ScriptedAccount } from './scripted-account.ts';

const SETTINGS: LiveVenueSettings = {
  pollMs: 5_000,
  balanceMs: 60_000,
  createsPerMinute: 30,
  cashTolerance: dec('0.01'),
  startAttempts: 3,
};

interface WorldOptions {
  readonly time?: SteppedTime;
  readonly account?: ScriptedAccount;
  readonly capabilities?: ConstructorParameters<typeof ScriptedAccount>[1];
  readonly ledger?: MemoryVenueLedger;
  readonly engine?: EngineDouble;
  readonly nonce?: string;
  readonly restored?: LiveVenueState | null;
  readonly settings?: Partial<LiveVenueSettings>;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One input at a time, on record before anybody learns of it. */
class RecordingIntake implements Intake {
  readonly #ledger: MemoryVenueLedger;
  readonly #listeners: (() => void)[] = [];
  #isStopped = false;
  isInside = false;
  inputs = 0;
  /** The next input cannot be put on record, and the engine stops. */
  failsNext = false;
  /** The state that is stored with an input. */
  stateOf: () => string = () => '';
  stored = '';

  constructor(ledger: MemoryVenueLedger) {
    this.#ledger = ledger;
  }

  enter(input: () => void): void {
    if (this.isInside) throw new Error('an input entered while another one was under way');
    if (this.#isStopped) throw new Error('the engine has stopped');
    this.isInside = true;
    try {
      input();
    } finally {
      this.isInside = false;
    }
    this.inputs++;
    if (this.failsNext) {
      this.#isStopped = true;
      throw new Error('the database is full');
    }
    this.#ledger.commit();
    this.stored = this.stateOf();
    for (const listener of this.#listeners) listener();
  }

  onRecorded(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The process is gone. */
  kill(): void {
    this.#isStopped = true;
  }
}

/** A live venue over a scripted account, with a ledger in memory and time that a test moves. */
export class LiveWorld {
  readonly time: SteppedTime;
  readonly account: ScriptedAccount;
  readonly ledger: MemoryVenueLedger;
  readonly intake: RecordingIntake;
  readonly engine: EngineDouble;
  readonly log = new KeptLog();
  readonly gates: GateChange[] = [];
  readonly venue: LiveVenue;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** What the venue's run was ended by; null while it goes on. */
  failure: unknown = null;

  constructor(options: WorldOptions = {}) {
    this.time = options.time ?? new SteppedTime(1_700_000_000_000);
    this.account = options.account ?? new ScriptedAccount(this.time, options.capabilities);
    this.ledger = options.ledger ?? new MemoryVenueLedger();
    this.engine = options.engine ?? new EngineDouble();
    this.intake = new RecordingIntake(this.ledger);
    this.venue = new LiveVenue({
      account: this.account,
      ledger: this.ledger,
      intake: this.intake,
      clock: this.time,
      timer: this.time,
      logger: this.log,
      instrumentOf: (symbol) => ({ ...BTC, symbol }),
      symbols: ['BTC/USD'],
      nonce: options.nonce ?? 'nonce',
      sha256,
      restored: options.restored ?? null,
      settings: { ...SETTINGS, ...options.settings },
      mayEnter: () => true,
      onGate: (change) => void this.gates.push(change),
    });
    this.engine.attach(this.venue);
    this.engine.isInside = () => this.intake.isInside;
    this.intake.stateOf = () => toExactJson(this.venue.snapshot());
  }

  /** Reconciles and begins to send and read. */
  async start(): Promise<this> {
    const reconciled = this.venue.reconcile(this.#stop.signal);
    // The reads of a start that fails are a few seconds apart.
    const passing = this.time.advance(20_000);
    await Promise.allSettled([reconciled, passing]);
    await reconciled;
    this.#running = this.venue.run(this.#stop.signal).catch((error: unknown) => {
      this.failure = error;
    });
    await this.time.quiet();
    return this;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.time.quiet();
    await this.#running;
  }

  /** One input of the engine itself that asks for these orders. */
  submit(...orders: readonly OrderRequest[]): void {
    this.#own(() => {
      for (const order of orders) this.engine.submit(order);
    });
  }

  cancel(...orderIds: readonly OrderId[]): void {
    this.#own(() => {
      for (const orderId of orderIds) this.engine.cancel(orderId, 'not wanted');
    });
  }

  /** Cancels and orders in one input. */
  replace(cancelled: readonly OrderId[], orders: readonly OrderRequest[]): void {
    this.#own(() => {
      for (const orderId of cancelled) this.engine.cancel(orderId, 'replaced');
      for (const order of orders) this.engine.submit(order);
    });
  }

  quote(bid: number, ask = bid): void {
    const quote = { symbol: 'BTC/USD', bid, ask, time: this.time.now() };
    this.#own(() => this.venue.quote(quote));
  }

  /** A bar of the last minute. */
  bar(prices: { readonly low: number; readonly high: number; readonly close: number }): void {
    const closeTime = this.time.now();
    const openTime = closeTime - 60_000;
    const rest = { open: prices.close, volume: 1, flags: 0, timeframe: '1m' } as const;
    this.#own(() =>
      this.venue.observe({ symbol: 'BTC/USD', openTime, closeTime, ...rest, ...prices }),
    );
  }

  story(orderId: OrderId): readonly string[] {
    return this.engine.story(orderId);
  }

  /** The client ids that left, in the order they did. */
  get sentIds(): readonly string[] {
    return this.account.posts.map(({ clientId }) => clientId);
  }

  /** The client id of the n-th order that left, from 1. */
  sent(count: number): string {
    const id = this.sentIds[count - 1];
    if (id === undefined) throw new Error(`only ${this.sentIds.length} orders left`);
    return id;
  }

  /**
   * Kills the process as it stands and gives the one that follows it: what survives is the ledger, the
   * state stored with the last input, and what the engine itself had on record.
   */
  killed(): LiveWorld {
    this.intake.kill();
    this.#stop.abort();
    const state: unknown = this.intake.stored === '' ? null : fromExactJson(this.intake.stored);
    return new LiveWorld({
      time: this.time,
      account: this.account,
      ledger: this.ledger.reopened(),
      engine: this.engine,
      restored: isState(state) ? state : null,
    });
  }

  #own(act: () => void): void {
    this.intake.enter(() => {
      this.engine.isOwnInput = true;
      try {
        act();
      } finally {
        this.engine.isOwnInput = false;
      }
    });
  }
}

function isState(value: unknown): value is LiveVenueState {
  return typeof value === 'object' && value !== null && 'trades' in value;
}
