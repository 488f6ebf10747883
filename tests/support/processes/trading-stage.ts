import type { TradingMode } from '../../../src/app/trading/trade.ts';
import { ExchangeAuditor } from '../exchange-sim/exchange-auditor.ts';
import type { ExchangeCore, FatePolicy } from '../exchange-sim/exchange-core.ts';
import { listing, makeExchange, type Credentials } from '../exchange-sim/make-exchange.ts';
import { serveOnLoopback, type LoopbackExchange } from '../exchange-sim/serve-on-loopback.ts';
import type { FrontEnd, WireRequest } from '../exchange-sim/wire.ts';
import { HOLD_STRATEGY } from './hold-strategy.ts';
import type { LapsedTime } from './lapsed-time.ts';
import { makeTradingFolder, type TradingFolder } from './trading-folder.ts';
import { TradingProcess } from './trading-process.ts';

/** What the market does: where the strategy enters, where it exits, where its stops do. */
export type Move = 'enter' | 'exit' | 'crash';

const PRICES: Readonly<Record<Move, Readonly<Record<string, string>>>> = {
  enter: { 'BTC/USDT': '60000', 'ETH/USDT': '2500' },
  exit: { 'BTC/USDT': '60600', 'ETH/USDT': '2530' },
  crash: { 'BTC/USDT': '58000', 'ETH/USDT': '2420' },
};
export const SYMBOLS = Object.keys(PRICES.enter);
const TRADE_EVERY_MS = 5_000;
/** The account that the loopback exchange says its keys are of. */
const ACCOUNT = '354937868';

interface StageOptions {
  /** The compiled program. */
  readonly main: string;
  readonly time: LapsedTime;
  readonly policy?: FatePolicy;
  /** Sees every order before the exchange does. */
  readonly onPlace?: (request: WireRequest, frontEnd: FrontEnd) => void;
  readonly strategy?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** An exchange of this process, and the folder of a user who trades on it. */
export class TradingStage {
  readonly core: ExchangeCore;
  readonly auditor: ExchangeAuditor;
  readonly #options: StageOptions;
  readonly #frontEnd: FrontEnd;
  readonly #credentials: Credentials;
  readonly #processes: TradingProcess[] = [];
  #served: LoopbackExchange | null = null;
  #folder: TradingFolder | null = null;
  #market: NodeJS.Timeout | undefined;
  #move: Move = 'exit';

  constructor(options: StageOptions) {
    this.#options = options;
    const { time, policy, onPlace } = options;
    const { core, frontEnd, credentials } = makeExchange('binance', {
      clock: time,
      listings: SYMBOLS.map((symbol) => listing(symbol, { price: PRICES.exit[symbol] ?? '' })),
      balances: { USDT: '100000' },
      ...(policy === undefined ? {} : { policy }),
    });
    this.core = core;
    this.auditor = new ExchangeAuditor(core);
    this.#credentials = credentials;
    this.#frontEnd = onPlace === undefined ? frontEnd : watched(frontEnd, onPlace);
  }

  get folder(): TradingFolder {
    if (this.#folder === null) throw new Error('the stage is not open');
    return this.#folder;
  }

  /** Opens the exchange, and lets its markets trade. */
  async open(): Promise<void> {
    const { strategy = HOLD_STRATEGY, config = {}, time } = this.#options;
    this.#served = await serveOnLoopback(this.core, this.#frontEnd);
    this.#folder = makeTradingFolder({
      venue: 'binance',
      url: this.#served.url,
      credentials: this.#credentials,
      symbols: SYMBOLS,
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
    const { flags, variables } = this.#options.time;
    const args = [mode, '--strategy', './strategy.mjs', '--json', ...more];
    if (mode === 'live') args.push('--confirm-live', ACCOUNT);
    for (const each of ['method=fixed_quantity', 'quantity=0.05']) {
      args.push('--set', `position_sizing.${each}`);
    }
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
    surroundings: Partial<Pick<LapsedTime, 'flags' | 'variables'>>,
  ): TradingProcess {
    const { main } = this.#options;
    const spawned = new TradingProcess({ folder: this.folder, main, args, ...surroundings });
    this.#processes.push(spawned);
    return spawned;
  }

  #trade(): void {
    for (const [symbol, price] of Object.entries(PRICES[this.#move])) {
      this.core.moveTo(symbol, price, '50');
    }
  }
}

function watched(
  frontEnd: FrontEnd,
  onPlace: (request: WireRequest, frontEnd: FrontEnd) => void,
): FrontEnd {
  return {
    exchange: frontEnd.exchange,
    callOf: (request) => {
      const call = frontEnd.callOf(request);
      if (call === 'place') onPlace(request, frontEnd);
      return call;
    },
    subjectOf: (request) => frontEnd.subjectOf(request),
    answer: (request) => frontEnd.answer(request),
    trouble: (trouble) => frontEnd.trouble(trouble),
    withoutId: (response) => frontEnd.withoutId(response),
  };
}
