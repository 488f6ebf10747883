import type { TradingMode } from '../../../src/app/trading/trade.ts';
import { ExchangeAuditor } from '../exchange-sim/exchange-auditor.ts';
import type { ExchangeCore, FatePolicy } from '../exchange-sim/exchange-core.ts';
import { listing, makeExchange, type Credentials } from '../exchange-sim/make-exchange.ts';
import { serveOnLoopback, type LoopbackExchange } from '../exchange-sim/serve-on-loopback.ts';
import type { FrontEnd } from '../exchange-sim/wire.ts';
import { HOLD_STRATEGY } from './hold-strategy.ts';
import type { LapsedTime } from './lapsed-time.ts';
import { makeTradingFolder, type TradingFolder } from './trading-folder.ts';
import { TradingProcess } from './trading-process.ts';

/** What the market does: where the strategy enters, where it exits, where its stops do. */
export type Move = 'enter' | 'exit' | 'crash';

const PRICES: Readonly<Record<Move, Readonly<Record<string, string>>>> = {
  enter: { BTC: '60000', ETH: '2500' },
  exit: { BTC: '60600', ETH: '2530' },
  crash: { BTC: '58000', ETH: '2420' },
};
const ASSETS = Object.keys(PRICES.enter);
const TRADE_EVERY_MS = 5_000;
/** The currency of the markets of a venue, and the account that its keys are of. */
const VENUES = {
  binance: { currency: 'USDT', account: '354937868' },
  coinbase: { currency: 'USD', account: '3b910e93-0000-4000-8000-000000000001' },
} as const;

interface StageOptions {
  /** The compiled program. */
  readonly main: string;
  readonly time: LapsedTime;
  readonly policy?: FatePolicy;
  /** Stands between the exchange and whoever asks it. */
  readonly between?: (frontEnd: FrontEnd) => FrontEnd;
  readonly venue?: keyof typeof VENUES;
  readonly credentials?: Credentials;
  readonly strategy?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** An exchange of this process, and the folder of a user who trades on it. */
export class TradingStage {
  readonly core: ExchangeCore;
  readonly auditor: ExchangeAuditor;
  readonly #options: StageOptions;
  readonly #frontEnd: FrontEnd;
  readonly credentials: Credentials;
  readonly symbols: readonly string[];
  readonly #processes: TradingProcess[] = [];
  #served: LoopbackExchange | null = null;
  #folder: TradingFolder | null = null;
  #market: NodeJS.Timeout | undefined;
  #move: Move = 'exit';

  constructor(options: StageOptions) {
    this.#options = options;
    const { time, policy, between, venue = 'binance' } = options;
    const { currency } = VENUES[venue];
    this.symbols = ASSETS.map((asset) => `${asset}/${currency}`);
    const { core, frontEnd, credentials } = makeExchange(venue, {
      clock: time,
      listings: this.symbols.map((symbol) => listing(symbol)),
      balances: { [currency]: '100000' },
      ...(policy === undefined ? {} : { policy }),
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    });
    this.core = core;
    this.auditor = new ExchangeAuditor(core);
    this.credentials = credentials;
    this.#frontEnd = between?.(frontEnd) ?? frontEnd;
  }

  get folder(): TradingFolder {
    if (this.#folder === null) throw new Error('the stage is not open');
    return this.#folder;
  }

  /** Opens the exchange, and lets its markets trade. */
  async open(): Promise<void> {
    const { strategy = HOLD_STRATEGY, config = {}, time, venue = 'binance' } = this.#options;
    this.#served = await serveOnLoopback(this.core, this.#frontEnd);
    this.#folder = makeTradingFolder({
      venue,
      url: this.#served.url,
      credentials: this.credentials,
      symbols: this.symbols,
      strategy,
      config: { data: { stale_after_seconds: 1_000_000, timeout_seconds: 300 }, ...config },
    });
    this.#market = setInterval(() => this.#trade(), TRADE_EVERY_MS / time.speed);
    this.#trade();
  }

  /** Prices from now on. */
  move(move: Move): void {
    this.#move = move;
    this.#trade();
  }

  get moved(): Move {
    return this.#move;
  }

  /** Starts an engine; not waited for. */
  start(mode: TradingMode, ...more: readonly string[]): TradingProcess {
    const { time, venue = 'binance' } = this.#options;
    const args = [mode, '--strategy', './strategy.mjs', '--json', ...more];
    if (mode === 'live') args.push('--confirm-live', VENUES[venue].account);
    for (const each of ['method=fixed_quantity', 'quantity=0.05']) {
      args.push('--set', `position_sizing.${each}`);
    }
    const { flags, variables } = time;
    return this.#spawn(args, { flags, variables });
  }

  /** Runs another command about the same database, in plain time, to its end. */
  async run(...args: readonly string[]): Promise<TradingProcess> {
    const run = this.#spawn(args, {});
    await run.ended;
    return run;
  }

  /** Nobody answers any more. */
  async goDown(): Promise<void> {
    await this.#served?.stop();
    this.#served = null;
  }

  async close(): Promise<void> {
    clearInterval(this.#market);
    for (const each of this.#processes) if (!each.hasEnded) await each.kill();
    await this.goDown();
    this.#folder?.delete();
  }

  #spawn(
    args: readonly string[],
    surroundings: { flags?: readonly string[]; variables?: Readonly<Record<string, string>> },
  ): TradingProcess {
    const { main } = this.#options;
    const spawned = new TradingProcess({ folder: this.folder, main, args, ...surroundings });
    this.#processes.push(spawned);
    return spawned;
  }

  #trade(): void {
    for (const symbol of this.symbols) {
      const [asset = ''] = symbol.split('/');
      this.core.moveTo(symbol, PRICES[this.#move][asset] ?? '', '50');
    }
  }
}
