import { chmodSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import type { Machine } from '../../../src/app/machine.ts';
import type { TradingStatus } from '../../../src/app/trading/trading-status.ts';
import { inProcessFetch } from '../../support/exchange-sim/in-process-fetch.ts';
import {
  makeExchange,
  type MadeExchange,
  type MakeOptions,
} from '../../support/exchange-sim/make-exchange.ts';
import { units } from '../../support/exchange-sim/units.ts';
import { VirtualTime } from '../../support/exchange-sim/virtual-time.ts';
import { DATABASE, UserDirectory, type Outcome } from '../cli/command-line.ts';

/** 2026-03-02T10:00Z. */
const HOUR = 1_772_445_600_000;
const MINUTE = 60_000;
export const PAIR = 'BTC/USDT';
const PRICE = '60000';
/** Virtual time within which whatever is waited for happens. */
const PATIENCE_MS = 30 * MINUTE;
const STEP_MS = 50;
/** A command does real work, while which time is to pass slowly. */
const COMMAND_STEP_MS = 5;
/** Of this machine's time. */
const LOADED_WITHIN_MS = 10_000;
/** The id that the account of the simulated exchange has. */
export const ACCOUNT = '354937868';

/**
 * A strategy that does what the last close tells it: from 60500 on it buys at the market, from 60200
 * on with a limit far below, at 58000 and below it sells.
 */
const STRATEGY = `
import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'by_price',
  params: z.object({}),
  create: () => ({
    onBar(bar, context) {
      if (bar.close === 60150) throw new Error('a strategy that breaks');
      if (bar.close <= 58000) {
        return context.position === null ? null : context.exit({ reason: 'low' });
      }
      const entry = { side: 'buy', quantity: 0.05123 } as const;
      if (bar.close >= 60500) return context.enter({ ...entry, reason: 'high' });
      const isWaiting = context.orders.some(({ role }) => role === 'entry');
      if (bar.close < 60200 || isWaiting) return null;
      const order = { type: 'limit', limitPrice: 50000, timeInForce: 'gtc' } as const;
      return context.enter({ ...entry, reason: 'rather high', order });
    },
  }),
});
`;

const TRADED = ['--strategy', './by_price.ts', '--symbols', PAIR, '--timeframe', '1m'];
const SETTINGS = ['live.enabled=true'];

export interface Running {
  /** What the command has said so far. */
  readonly said: () => string;
  readonly complained: () => string;
  readonly interrupt: (signal: string) => void;
  readonly outcome: Promise<Outcome>;
}

/** A user's directory, an exchange within this process, and time that passes when it is asked to. */
export class Stage {
  readonly time = new VirtualTime(HOUR - 20_000);
  readonly exchange: MadeExchange;
  readonly directory: UserDirectory;
  readonly machine: Machine;

  constructor(options: Omit<MakeOptions, 'clock'> = {}) {
    const { time } = this;
    this.exchange = makeExchange('binance', { ...options, clock: time });
    const { apiKey, secret } = this.exchange.credentials;
    this.directory = new UserDirectory({
      'by_price.ts': STRATEGY,
      '.env': `BINANCE_API_KEY=${apiKey}\nBINANCE_API_SECRET=${secret}\n`,
    });
    chmodSync(this.directory.at('.env'), 0o600);
    vi.stubEnv('XDG_STATE_HOME', this.directory.at('state'));
    this.machine = {
      clock: { now: () => time.now() },
      timer: time,
      dumpsCore: () => false,
      network: {
        fetch: inProcessFetch({ ...this.exchange, time }),
        now: () => time.now(),
        after: (ms, run) => time.after(ms, run),
      },
    };
    for (let minute = 1; minute <= 30; minute++) this.print(PRICE, HOUR - minute * MINUTE);
  }

  get core(): MadeExchange['core'] {
    return this.exchange.core;
  }

  /** Somebody trades at a price, in the minute of a time. */
  print(price: string, time: number): void {
    this.core.market(PAIR).print(units(price), units('10'), time);
  }

  /** Starts a command of trading. */
  trade(mode: 'paper' | 'live', ...flags: readonly string[]): Running {
    const confirmed = mode === 'live' ? ['--confirm-live', ACCOUNT] : [];
    const set = SETTINGS.flatMap((each) => ['--set', each]);
    return this.start(mode, ...TRADED, '--exchange', 'binance', ...set, ...confirmed, ...flags);
  }

  start(...args: readonly string[]): Running {
    const interrupt = new AbortController();
    let [said, complained] = ['', ''];
    const terminal = {
      signal: interrupt.signal,
      machine: this.machine,
      stdout: (text: string) => void (said += text),
      stderr: (text: string) => void (complained += text),
    };
    return {
      outcome: this.directory.runAt(terminal, ...args),
      said: () => said,
      complained: () => complained,
      interrupt: (signal) => interrupt.abort(signal),
    };
  }

  /** Runs a command to its end, letting time pass meanwhile. */
  async run(...args: readonly string[]): Promise<Outcome> {
    return this.end(this.start(...args));
  }

  /** Lets time pass until a command is over. */
  async end({ outcome }: Running): Promise<Outcome> {
    const ended: Outcome[] = [];
    void outcome.then((each) => ended.push(each));
    await this.until(() => ended.length > 0, 'the command to end', COMMAND_STEP_MS);
    return outcome;
  }

  /** Starts trading, and waits for the report of its start. */
  async running(mode: 'paper' | 'live', ...flags: readonly string[]): Promise<Running> {
    const running = this.trade(mode, ...flags);
    let over = false;
    void running.outcome.then(() => (over = true));
    await this.until(() => over || running.said().length > 0, 'a report of the start');
    if (over && running.said() === '') throw new Error(`it ended: ${running.complained()}`);
    return running;
  }

  /** Ends it as a service manager does. */
  async stop(running: Running, signal = 'SIGTERM'): Promise<Outcome> {
    running.interrupt(signal);
    return this.end(running);
  }

  /** Moves the market to a price, at which the minute then closes; returns after its close. */
  async closeAt(price: string): Promise<void> {
    this.core.moveTo(PAIR, price);
    const end = this.time.now() - (this.time.now() % MINUTE) + MINUTE + 10_000;
    // By itself it passes for as long as the program waits for something.
    this.time.after(end - this.time.now(), () => undefined);
    await this.until(() => this.time.now() >= end, 'the next minute');
  }

  /** Lets time pass until something holds. */
  async until(holds: () => boolean, what: string, stepMs = STEP_MS): Promise<void> {
    const end = this.time.now() + PATIENCE_MS;
    let idle = 0;
    while (!holds()) {
      if (this.time.now() > end) throw new Error(`${what} was expected within half an hour`);
      // What is loaded from disk takes no virtual time.
      idle = this.time.pending === 0 ? idle + 1 : 0;
      if (idle > LOADED_WITHIN_MS) throw new Error(`${what} was expected, nothing is under way`);
      if (idle > 0) await new Promise((done) => setTimeout(done, 1));
      else await this.time.runUntil(this.time.now() + stepMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async status(): Promise<TradingStatus> {
    const { stdout } = await this.run('status', '--json');
    return (JSON.parse(stdout) as { status: TradingStatus }).status;
  }

  get database(): string {
    return this.directory.at(DATABASE);
  }
}

/** Makes stages that go when the test file is over. */
export function stages(): (options?: Omit<MakeOptions, 'clock'>) => Stage {
  const made: Stage[] = [];
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  afterAll(() => {
    for (const { directory } of made) directory.delete();
  });
  const make = (options?: Omit<MakeOptions, 'clock'>): Stage => {
    const stage = new Stage(options);
    made.push(stage);
    return stage;
  };
  // What a command loads when it first runs takes real time, in which virtual time would go on.
  beforeAll(async () => {
    const stage = make();
    for (const command of ['status', 'halt', 'resume', 'flatten', 'verify']) {
      await stage.run(command, 'nothing');
    }
  });
  return make;
}
