import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfiguredStrategy } from '../../../src/app/configured-strategy.ts';
import type { TradingSession } from '../../../src/app/trading/trading-session.ts';
import type { Config } from '../../../src/config/config-schema.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import {
  ConfigError,
  DataError,
  InvariantError,
  QuantSageError,
} from '../../../src/core/errors.ts';
import type { RunId } from '../../../src/core/ids.ts';
import { strategyId } from '../../support/orders.ts';
import type { InputRecord, LastingRun } from '../../../src/ports/lasting-run.ts';
import { inProcessFetch, wireRequest } from '../../support/exchange-sim/in-process-fetch.ts';
import type { MadeExchange } from '../../support/exchange-sim/make-exchange.ts';
import { liveMarkets } from '../../support/exchange-sim/market-life.ts';
import { SeededChance } from '../../support/exchange-sim/seeded-chance.ts';
import { VirtualTime } from '../../support/exchange-sim/virtual-time.ts';
import { units } from '../../support/exchange-sim/units.ts';
import { SIMULATED_LOG } from './simulated-log.ts';
import { releaseFiles, runProcess, type ProcessParts } from './engine-process.ts';
import { sentenceOf, textOf } from './error-text.ts';
import { History } from './history.ts';
import { Lifeline, SimulatedCrash } from './lifeline.ts';
import { MoneyWatch } from './money-watch.ts';
import { lastMidnightInNewYork } from './new-york.ts';
import { observedRun } from './observed-run.ts';
import { OrderWatch, type Puts } from './order-watch.ts';
import { START, type Scenario } from './scenario.ts';
import { simulatedConfig } from './simulated-config.ts';
import { SimulatedInbox } from './simulated-inbox.ts';
import { SIMULATED_STRATEGY } from './simulated-strategy.ts';
import { StateWatch } from './state-watch.ts';
import { worldExchange } from './world-exchange.ts';
import { worldStream } from './world-stream.ts';
import { worldWaits } from './world-waits.ts';

const CAPITAL = Decimal.parse('50000');
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** How long processes of before may take to settle once all is well. */
export const CONVERGES_IN_MS = 10 * MINUTE;
/** Of that, how long the market stands still at last. */
const STILL_MS = 3 * MINUTE;
/** A program that gave up by itself is not started again at once. */
const GIVEN_UP_MS = 30 * MINUTE;
/** How long an orderly end may take. */
const ENDS_IN_MS = 3 * MINUTE;

export interface WorldFiles {
  /** For databases of worlds. */
  readonly directory: string;
  /** An empty database of the present schema. */
  readonly template: string;
}

/** One run of the program against one exchange, across processes, in virtual time. */
export class World {
  readonly history = new History();
  readonly time = new VirtualTime(START - 6 * HOUR);
  readonly scenario: Scenario;
  readonly exchange: MadeExchange;
  readonly watch: OrderWatch;
  readonly money: MoneyWatch;
  readonly state: StateWatch;
  readonly databasePath: string;
  readonly inbox = new SimulatedInbox();
  readonly capital = CAPITAL;
  readonly crashes = new Map<string, number>();
  /** Processes that ran, one after another. */
  processes = 0;
  readonly #config: Config;
  readonly #strategies: readonly ConfiguredStrategy[];
  readonly #chance: SeededChance;
  readonly #fetch;
  readonly #stopMarkets: () => void;
  readonly #waits = worldWaits(() => {
    return { now: this.time.now(), isCalm: this.#isCalm, isEnding: this.#isEnding };
  });
  #lifeline: Lifeline | null = null;
  /** A start that is to come; null while a process runs. */
  #restart: { readonly callOff: () => void } | null = null;
  #runId: RunId | null = null;
  #session: TradingSession | null = null;
  #stop = new AbortController();
  #isSettling = false;
  #isEnding = false;
  #isCalm = true;
  #endedWith: string | null = null;

  constructor(scenario: Scenario, files: WorldFiles) {
    this.scenario = scenario;
    const { seed, venue, symbols, market, activity, spanMs } = scenario;
    this.databasePath = join(files.directory, `world-${seed}.db`);
    copyFileSync(files.template, this.databasePath);
    this.#config = simulatedConfig(scenario);
    this.#chance = new SeededChance(seed ^ 0x5bd1e995);
    this.exchange = worldExchange(venue, { symbols, clock: this.time });
    const { core } = this.exchange;
    this.watch = new OrderWatch(core, this.history);
    this.money = new MoneyWatch(CAPITAL.toNumber(), this.history);
    this.state = new StateWatch(this);
    this.#fetch = inProcessFetch({ ...this.exchange, time: this.time });
    const params = { seed, until: START + spanMs, activity };
    this.#strategies = [
      {
        id: strategyId('simulated'),
        definition: SIMULATED_STRATEGY,
        params,
        symbols,
        timeframe: '1h',
        allowShort: false,
      },
    ];
    this.#stopMarkets = liveMarkets({
      core,
      time: this.time,
      chance: this.#chance.fork(),
      ...market,
    });
    for (const each of core.markets.values()) {
      each.print(units(each.listing.price), units('1'), this.time.now());
    }
  }

  get runId(): RunId | null {
    return this.#runId;
  }

  get session(): TradingSession | null {
    return this.#session;
  }

  /** Time that passed in it. */
  get virtualMs(): number {
    return this.time.now() - START;
  }

  get isSettling(): boolean {
    return this.#isSettling;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** All of it; what is broken is in the history. */
  async run(): Promise<void> {
    const { spanMs, policy } = this.scenario;
    const { core } = this.exchange;
    try {
      await this.time.runUntil(START);
      if (policy !== null) core.policy = policy;
      this.#start();
      this.#operate();
      await this.#pass(START + spanMs);
      this.#heal();
      this.#pace(false);
      await this.#pass(this.time.now() + CONVERGES_IN_MS - STILL_MS);
      // What fills in the last moment is nobody's to know yet.
      this.#stopMarkets();
      await this.#pass(this.time.now() + STILL_MS);
      this.state.settled();
      if (this.scenario.venue === 'alpaca') await this.#untilFeesAreTold();
      this.state.balanced();
      this.#isEnding = true;
      this.#stop.abort();
      await this.#pass(this.time.now() + ENDS_IN_MS);
      this.#ended();
    } finally {
      this.#stopMarkets();
      this.#lifeline?.cut(null);
    }
  }

  /** Files of it. */
  remove(): void {
    for (const suffix of ['', '-wal', '-shm', '.lock', '.lock.holder'])
      rmSync(this.databasePath + suffix, { force: true });
  }

  async #pass(end: number): Promise<void> {
    while (this.time.now() < end && this.history.breach === null) {
      await this.time.runUntil(Math.min(end, this.time.now() + 6 * HOUR));
      this.state.look();
    }
  }

  /** Alpaca tells the fees of a day once it is over in New York. */
  async #untilFeesAreTold(): Promise<void> {
    this.#pace(true);
    const nextMidnight = lastMidnightInNewYork(this.time.now()) + 24 * HOUR;
    await this.#pass(nextMidnight + 2 * HOUR);
    this.#pace(false);
    await this.#pass(this.time.now() + STILL_MS);
  }

  #heal(): void {
    const { core } = this.exchange;
    this.history.note(this.time.now(), 'all is well from now on');
    core.heal();
    core.desk.liquidity = (_, wanted) => wanted;
    if (this.inbox.halt() !== null || this.#session?.engine.risk.halted !== null) {
      const at = this.time.now();
      this.inbox.give({ act: 'resume', reason: 'all is well', by: 'operator', at });
    }
  }

  /** How long whoever waits does so from now on. */
  #pace(isCalm: boolean): void {
    this.#isCalm = isCalm;
    this.#hurry();
  }

  #hurry(): void {
    this.#lifeline?.hurry();
    if (this.#restart === null) return;
    this.#restart.callOff();
    this.#again(0);
  }

  /** The process has ended as it was asked to. */
  #ended(): void {
    if (this.history.breach !== null) return;
    if (this.#endedWith !== 'an orderly end') {
      this.history.broken('F41', `an orderly end was expected, was ${this.#endedWith ?? 'none'}`);
    }
    this.state.atEnd();
  }

  #start(): void {
    if (this.history.breach !== null) return;
    const { frontEnd } = this.exchange;
    const lifeline = new Lifeline({
      time: this.time,
      fetch: this.#fetch,
      endsAt: (boundary) =>
        this.time.now() < this.#crashesUntil && this.scenario.crashes.endsAt(boundary),
      onEnd: (boundary) => {
        releaseFiles(lifeline);
        if (boundary === null) return;
        this.crashes.set(boundary, (this.crashes.get(boundary) ?? 0) + 1);
        this.history.note(this.time.now(), `the process is cut off: ${boundary}`);
        this.#again(0);
      },
      onRequest: (url, init) => {
        const request = wireRequest(url, init);
        const call = frontEnd.callOf(request);
        if (call !== 'place' && call !== 'cancel') return false;
        const subject = frontEnd.subjectOf(request);
        const name = subject.clientId ?? subject.orderId;
        this.history.note(this.time.now(), `${call} ${name} leaves`);
        if (call === 'place') this.watch.leaving(subject.clientId, this.time.now());
        this.state.leaving(call, subject.clientId);
        return true;
      },
    });
    this.#lifeline = lifeline;
    this.#session = null;
    this.#isSettling = true;
    const stop = new AbortController();
    this.#stop = stop;
    if (this.#isEnding) stop.abort();
    this.processes += 1;
    this.history.note(this.time.now(), 'a process starts');
    const running = runProcess(
      {
        ...this.#processParts(lifeline),
        observed: (run) => {
          this.#runId = run.runId;
          return observedRun(run, lifeline, (input, puts) => this.#recorded(input, puts));
        },
        onSession: (session) => {
          this.#session = session;
          this.state.started(session);
        },
        onReady: () => {
          this.#isSettling = false;
          this.history.note(this.time.now(), 'the account is settled');
        },
      },
      stop.signal,
    );
    running.then(
      () => this.#over(lifeline, null),
      (error: unknown) => this.#over(lifeline, error),
    );
  }

  #processParts(lifeline: Lifeline): Omit<ProcessParts, 'observed' | 'onSession' | 'onReady'> {
    const { seed, venue, symbols } = this.scenario;
    return {
      venue,
      symbols,
      credentials: this.exchange.credentials,
      config: this.#config,
      strategies: this.#strategies,
      databasePath: this.databasePath,
      time: this.time,
      lifeline,
      inbox: this.inbox,
      logger: SIMULATED_LOG,
      random: () => this.#chance.next(),
      nonce: `nonce of ${seed}`,
      waits: this.#waits,
      capital: CAPITAL,
      watch:
        venue === 'alpaca'
          ? worldStream({
              core: this.exchange.core,
              time: this.time,
              chance: () => this.#chance.fork(),
              lifeline,
              faults: () => (this.time.now() < this.#crashesUntil ? this.scenario.streamFaults : 0),
            })
          : null,
    };
  }

  /** Somebody starts the program a second time: it has to say so, and to leave everything alone. */
  #intrude(): void {
    if (this.#lifeline?.isAlive !== true) return;
    const lifeline = new Lifeline({
      time: this.time,
      fetch: this.#fetch,
      endsAt: () => false,
      onEnd: () => releaseFiles(lifeline),
      onRequest: (url) => {
        this.history.broken('F36', `a second process asks for ${new URL(url).pathname}`);
        return false;
      },
    });
    const nothing = (): void => undefined;
    const parts = { observed: (run: LastingRun) => run, onSession: nothing, onReady: nothing };
    this.exchange.core.reach('F36 second instance');
    runProcess({ ...this.#processParts(lifeline), ...parts }, new AbortController().signal).then(
      () => this.history.broken('F36', 'a second process ran beside the first'),
      (error: unknown) => {
        lifeline.cut(null);
        if (error instanceof ConfigError && error.message.startsWith('one instance')) return;
        this.history.broken('F36', `a second process ended otherwise: ${textOf(error)}`);
      },
    );
  }

  #recorded(input: InputRecord, puts: Puts): void {
    for (const event of input.events) {
      this.history.event(event);
      this.money.event(event);
    }
    this.watch.recorded(input.events, puts);
    this.state.recorded(input);
  }

  get #crashesUntil(): number {
    return START + this.scenario.spanMs;
  }

  #over(lifeline: Lifeline, error: unknown): void {
    if (!lifeline.isAlive || error instanceof SimulatedCrash) return;
    const text = error === null ? 'an orderly end' : sentenceOf(error);
    this.#endedWith = text;
    this.history.note(this.time.now(), `the process ends: ${text}`);
    lifeline.cut(null);
    if (isBug(error)) {
      this.history.broken(error instanceof DataError ? 'I20' : '●', textOf(error));
      return;
    }
    this.#again(GIVEN_UP_MS);
  }

  /** Whoever looks after the program starts it again. */
  #again(leastMs: number): void {
    if (this.#isEnding) return;
    const afterMs = this.#isCalm ? Math.max(leastMs, this.scenario.downtimeMs) : 1_000;
    const callOff = this.time.after(afterMs, () => {
      this.#restart = null;
      this.#start();
    });
    this.#restart = { callOff };
  }

  #operate(): void {
    const { commands, spanMs } = this.scenario;
    const chance = this.#chance.fork();
    for (let hour = 0; hour < spanMs / HOUR; hour += 1) {
      if (!chance.hits(commands)) continue;
      const at = START + hour * HOUR + chance.between(0, HOUR);
      const act = chance.pick(['halt', 'halt', 'flatten'] as const);
      this.time.after(at - this.time.now(), () => this.#command(act));
      const again = at + chance.between(1, 6 * 60) * MINUTE;
      this.time.after(again - this.time.now(), () => this.#command('resume'));
    }
    const { intrusionAt } = this.scenario;
    if (intrusionAt !== null) {
      this.time.after(START + intrusionAt - this.time.now(), () => this.#intrude());
    }
    // Somebody looks after an engine that halted by itself.
    for (let hour = 6; hour < spanMs / HOUR; hour += 6) {
      this.time.after(START + hour * HOUR + 7 - this.time.now(), () => {
        if (this.#session !== null && this.#session.engine.risk.halted !== null)
          this.#command('resume');
      });
    }
  }

  #command(act: 'halt' | 'resume' | 'flatten'): void {
    const at = this.time.now();
    this.history.note(at, `the operator says ${act}`);
    this.inbox.give({ act, reason: 'wished', by: 'operator', at });
    this.#lifeline?.hurry();
  }
}

/** Exchanges fail, and a program may give up over it; its own books and files may not. */
function isBug(error: unknown): boolean {
  if (error === null) return false;
  if (error instanceof InvariantError || error instanceof DataError) return true;
  return !(error instanceof QuantSageError);
}
