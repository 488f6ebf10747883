import { ExchangeError } from '../../../core/errors.ts';
import type { SymbolName } from '../../../core/instrument.ts';
import type { Clock } from '../../../ports/clock.ts';
import { createScope, type Answer, type CallScope, type CallScopes } from '../call-scope.ts';
import type { CcxtExchange } from '../ccxt-exchange.ts';
import type { FindNearest } from '../exchange-class.ts';
import { unknownSymbol } from '../market-instrument.ts';
import { untilAborted } from '../until-aborted.ts';
import { accountFault, type Redact } from './account-fault.ts';
import { parseExactly } from './exact-answer.ts';
import { implicitCall } from './implicit-call.ts';
import { bookOf, type BookedMarket, type MarketBook } from './market-book.ts';
import type { Wire, WireCall } from './wire.ts';

export interface CallerParts {
  readonly exchange: CcxtExchange;
  readonly scopes: CallScopes;
  readonly clock: Clock;
  readonly nearest: FindNearest;
  readonly redact: Redact;
  /** Aborts what is under way when the account is closed. */
  readonly closing: AbortController;
}

/** Words of an answer that says there is no such thing. */
type NotFound = RegExp;

/** Sends requests of one venue through ccxt, and reads what comes back as it came. */
export class AccountCaller {
  readonly #parts: CallerParts;
  readonly #notFound: NotFound;
  #markets: Promise<MarketBook> | null = null;
  #loading: Promise<MarketBook> | null = null;
  #loadedBefore = false;

  constructor(parts: CallerParts, notFound: NotFound) {
    this.#parts = parts;
    this.#notFound = notFound;
  }

  /** For reads of one caller. */
  async wire(signal: AbortSignal): Promise<Wire> {
    const { exchange, clock } = this.#parts;
    const markets = await this.markets(signal);
    return {
      exchange: exchange.id,
      markets,
      now: () => clock.now(),
      ask: (call, wanted) => this.#ask(call, wanted, createScope(signal, 'read')),
      askFor: (call, wanted) => this.#askFor(call, wanted, createScope(signal, 'read')),
      currency: (id) => {
        const code = exchange.safeCurrencyCode(id);
        return typeof code === 'string' ? code : id;
      },
    };
  }

  /** Sends one request, once; what ccxt throws comes through as it is. */
  async send(call: WireCall, scope: CallScope): Promise<unknown> {
    const { exchange, scopes } = this.#parts;
    scope.signal.throwIfAborted();
    const work = scopes.run(scope, () => implicitCall(exchange, call));
    await untilAborted(work, scope.signal);
    if (scope.answer === null) throw new Error('no answer');
    return parseExactly(scope.answer.body);
  }

  fault(wanted: string, error: unknown, answer: Answer | null): ExchangeError {
    const { exchange, redact } = this.#parts;
    return accountFault(exchange.id, wanted, { error, answer }, redact);
  }

  async market(symbol: SymbolName, signal: AbortSignal): Promise<BookedMarket> {
    return this.marketIn(await this.markets(signal), symbol);
  }

  marketIn(markets: MarketBook, symbol: SymbolName): BookedMarket {
    const market = markets.bySymbol(symbol);
    if (market !== null) return market;
    const { exchange, nearest } = this.#parts;
    const { message } = unknownSymbol(exchange.id, symbol, markets.symbols, nearest);
    throw new ExchangeError(message, { kind: 'rejected' });
  }

  /** Loaded once for all callers: none of them alone may call it off. */
  markets(signal: AbortSignal): Promise<MarketBook> {
    return untilAborted(this.#markets ?? this.#load(), signal);
  }

  /** Read anew; those who ask meanwhile share the answer. */
  marketsAnew(signal: AbortSignal): Promise<MarketBook> {
    return untilAborted(this.#load(), signal);
  }

  /** An attempt that fails leaves what was known before. */
  #load(): Promise<MarketBook> {
    this.#loading ??= this.#loadedMarkets()
      .then((book) => {
        this.#markets = Promise.resolve(book);
        return book;
      })
      .finally(() => {
        this.#loading = null;
      });
    return this.#loading;
  }

  async #loadedMarkets(): Promise<MarketBook> {
    const { exchange, scopes, closing } = this.#parts;
    const scope = createScope(closing.signal, 'read');
    const wanted = 'a list of markets';
    const anew = this.#loadedBefore;
    // ccxt keeps a failed attempt for ever unless told to begin anew.
    this.#loadedBefore = true;
    try {
      const loaded = await scopes.run(scope, () => exchange.loadMarkets(anew));
      const book = bookOf(loaded, exchange.precisionMode);
      if (book.symbols.length > 0) return book;
    } catch (error) {
      throw this.fault(wanted, error, scope.answer);
    }
    throw this.fault(wanted, new Error('no markets in the answer'), scope.answer);
  }

  async #ask(call: WireCall, wanted: string, scope: CallScope): Promise<unknown> {
    try {
      return await this.send(call, scope);
    } catch (error) {
      scope.signal.throwIfAborted();
      throw this.fault(wanted, error, scope.answer);
    }
  }

  async #askFor(call: WireCall, wanted: string, scope: CallScope): Promise<unknown> {
    try {
      return await this.#ask(call, wanted, scope);
    } catch (error) {
      const { answer } = scope;
      const isSaid = answer !== null && answer.status < 500 && this.#notFound.test(answer.body);
      if (isSaid && error instanceof ExchangeError) return null;
      throw error;
    }
  }
}
