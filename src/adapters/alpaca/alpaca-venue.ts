import { Decimal } from '../../core/decimal.ts';
import { ConfigError, ExchangeError } from '../../core/errors.ts';
import { assetClassOf, type Instrument, type SymbolName } from '../../core/instrument.ts';
import type { Quote } from '../../core/quote.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  AccountIdentity,
  CancelOutcome,
  ExchangeAccount,
  PlaceOutcome,
  RefusalCause,
  VenueBalance,
  VenueCapabilities,
  VenueOrder,
  VenueOrderRef,
  VenueOrderReport,
  VenueTrade,
} from '../../ports/exchange-account.ts';
import type { QuoteSource } from '../../ports/quote-source.ts';
import { readBalances, readIdentity } from './account-state.ts';
import { isRecord } from './alpaca-bars.ts';
import { badAnswer } from './alpaca-faults.ts';
import { readCoin, readInstrument, unknownSymbol } from './alpaca-instrument.ts';
import { readQuotes } from './latest-quotes.ts';
import { listedClosedOrders, listedOpenOrders } from './listed-orders.ts';
import { listedTrades } from './listed-trades.ts';
import { readSession, type MarketSession } from './market-session.ts';
import { readOrder, type ListedOrder } from './order-reports.ts';
import { wireOrder } from './order-request.ts';
import { capabilitiesOf, ruleBreach, type TradedKinds } from './order-rules.ts';
import { stepBreach } from './order-steps.ts';
import { outcomeOf } from './place-refusals.ts';
import { followTradeUpdates, type TradeUpdateOptions } from './trade-updates.ts';
import type { AlpacaTradingClient } from './trading-client.ts';
import { textOf } from './wire-values.ts';

interface VenueParts {
  readonly client: AlpacaTradingClient;
  readonly kinds: TradedKinds;
  readonly updates: TradeUpdateOptions;
  readonly clock: Clock;
}

/**
 * One account at Alpaca. Fills are known by the ids of account activities alone: the stream reports
 * orders, of which it shows how much was filled, and never a fill.
 */
export class AlpacaVenue implements ExchangeAccount, QuoteSource {
  readonly exchange = 'alpaca';
  readonly capabilities: VenueCapabilities;
  readonly watch: NonNullable<ExchangeAccount['watch']>;
  readonly #client: AlpacaTradingClient;
  readonly #kinds: TradedKinds;
  readonly #clock: Clock;
  /** As read last. */
  readonly #instruments = new Map<SymbolName, Instrument>();

  constructor({ client, kinds, updates, clock }: VenueParts) {
    this.#client = client;
    this.#kinds = kinds;
    this.#clock = clock;
    this.capabilities = capabilitiesOf(kinds);
    this.watch = (on, signal) => followTradeUpdates(updates, on, signal);
  }

  async identify(signal: AbortSignal): Promise<AccountIdentity> {
    return readIdentity(await this.#client.account(signal));
  }

  async serverTime(signal: AbortSignal): Promise<EpochMs> {
    return (await this.session(signal)).time;
  }

  /**
   * Of the stock market. Alpaca keeps a `day` or `gtc` order that comes while it is closed for the
   * next session (`accepted`); coins trade always.
   */
  async session(signal: AbortSignal): Promise<MarketSession> {
    return readSession(await this.#client.clock(signal));
  }

  async instrument(symbol: SymbolName, signal: AbortSignal | null): Promise<Instrument> {
    const instrument = await this.#terms(symbol, signal);
    this.#instruments.set(symbol, instrument);
    return instrument;
  }

  async place(order: VenueOrder): Promise<PlaceOutcome> {
    const refusal = await this.#refusal(order);
    if (refusal !== null) return refusal;
    const attempt = await this.#client.place(wireOrder(order));
    if ('answer' in attempt) return acknowledgement(attempt.answer, order);
    return attempt.isSent ? outcomeOf(attempt.error) : unsent('other', wordsOf(attempt.error));
  }

  async cancel(order: VenueOrderRef): Promise<CancelOutcome> {
    try {
      const venueId = order.venueId ?? (await this.#venueIdOf(order.clientId));
      if (venueId === null) {
        return { kind: 'unknown', reason: `no order with id ${order.clientId} was found` };
      }
      await this.#client.cancel(venueId);
      return { kind: 'sent' };
    } catch (error) {
      const reason = wordsOf(error);
      const status = error instanceof ExchangeError ? error.details['status'] : null;
      return { kind: status === 404 || status === 422 ? 'not-open' : 'unknown', reason };
    }
  }

  async find(order: VenueOrderRef, signal: AbortSignal): Promise<VenueOrderReport | null> {
    const answer =
      order.venueId === null
        ? await this.#client.orderByClientId(order.clientId, signal)
        : await this.#client.order(order.venueId, signal);
    if (answer === null) return null;
    const { report: found } = readOrder(answer);
    const isMeant =
      order.venueId === null ? found.clientId === order.clientId : found.venueId === order.venueId;
    if (!isMeant) throw badAnswer('an order', `the one asked for`, 'another');
    return found;
  }

  async openOrders(
    symbols: readonly SymbolName[],
    signal: AbortSignal,
  ): Promise<readonly VenueOrderReport[]> {
    return ofSymbols(await listedOpenOrders(this.#client, signal), symbols);
  }

  async closedOrders(
    symbols: readonly SymbolName[],
    since: EpochMs,
    signal: AbortSignal,
  ): Promise<readonly VenueOrderReport[]> {
    return ofSymbols(await listedClosedOrders(this.#client, since, signal), symbols);
  }

  trades(
    symbols: readonly SymbolName[],
    since: EpochMs,
    signal: AbortSignal,
  ): Promise<readonly VenueTrade[]> {
    return listedTrades(this.#client, { symbols, since, now: this.#clock.now() }, signal);
  }

  async balances(signal: AbortSignal): Promise<readonly VenueBalance[]> {
    // One after the other: what the account says first, the positions can only be later than.
    const account = await this.#client.account(signal);
    return readBalances(account, await this.#client.positions(signal));
  }

  async quotes(symbols: readonly SymbolName[], signal: AbortSignal): Promise<readonly Quote[]> {
    const coins = symbols.filter((symbol) => assetClassOf(symbol) === 'crypto');
    const stocks = symbols.filter((symbol) => !coins.includes(symbol));
    const ofStocks =
      stocks.length === 0 ? [] : readQuotes(await this.#client.stockQuotes(stocks, signal), stocks);
    const ofCoins =
      coins.length === 0 ? [] : readQuotes(await this.#client.cryptoQuotes(coins, signal), coins);
    return [...ofStocks, ...ofCoins];
  }

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  async #terms(symbol: SymbolName, signal: AbortSignal | null): Promise<Instrument> {
    if (assetClassOf(symbol) === 'crypto') {
      const coins = await this.#client.assets('crypto', signal);
      const coin = readCoin(coins, symbol);
      if (coin === null) throw unknownSymbol(symbol, coins);
      return coin;
    }
    const asset = await this.#client.stock(symbol, signal);
    if (asset === null) {
      throw unknownSymbol(symbol, await this.#client.assets('us_equity', signal));
    }
    const instrument = readInstrument(asset, symbol);
    if (this.#kinds.fractionalShares) return instrument;
    return { ...instrument, lotStep: instrument.lotStep.max(Decimal.one) };
  }

  /** Why an order is not even sent; null where nothing speaks against it. */
  async #refusal(order: VenueOrder): Promise<PlaceOutcome | null> {
    try {
      const ruled = ruleBreach(order);
      if (ruled !== null) return unsent('other', ruled);
      const instrument =
        this.#instruments.get(order.symbol) ?? (await this.instrument(order.symbol, null));
      const stepped = stepBreach(order, instrument);
      if (stepped !== null) return unsent('filter', stepped);
    } catch (error) {
      return unsent(causeOf(error), wordsOf(error));
    }
    if (!this.#client.isAskedForQuiet) return null;
    return unsent('rate', 'Alpaca asked for a pause that is not over');
  }

  async #venueIdOf(clientId: string): Promise<string | null> {
    const answer = await this.#client.orderByClientId(clientId, null);
    return answer === null ? null : readOrder(answer).report.venueId;
  }
}

/** Why the terms of a symbol could not be had. */
function causeOf(error: unknown): RefusalCause {
  if (error instanceof ConfigError) return 'market';
  if (!(error instanceof ExchangeError)) return 'other';
  if (error.isRetryable) return 'rate';
  return error.kind === 'auth' ? 'auth' : 'other';
}

function unsent(cause: RefusalCause, why: string): PlaceOutcome {
  return { kind: 'refused', cause, reason: `alpaca: the order was not sent: ${why}` };
}

/** An answer that does not name our order is none: something may be working under another name. */
function acknowledgement(answer: unknown, { clientId }: VenueOrder): PlaceOutcome {
  const [venueId, named] = isRecord(answer)
    ? [textOf(answer['id']), textOf(answer['client_order_id'])]
    : [null, null];
  if (venueId === null) {
    return { kind: 'unknown', reason: 'alpaca: an id of the order was expected, was none' };
  }
  if (named === clientId) return { kind: 'acknowledged', venueId };
  return {
    kind: 'unknown',
    reason: `alpaca: order ${clientId} was expected in the answer, was ${named ?? 'none'}`,
  };
}

function ofSymbols(
  orders: readonly ListedOrder[],
  symbols: readonly SymbolName[],
): readonly VenueOrderReport[] {
  const asked = new Set(symbols);
  return orders.map(({ report }) => report).filter(({ symbol }) => asked.has(symbol));
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
