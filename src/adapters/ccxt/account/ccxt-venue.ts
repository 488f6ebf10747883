import { ExchangeError } from '../../../core/errors.ts';
import type { Instrument, SymbolName } from '../../../core/instrument.ts';
import type { Quote } from '../../../core/quote.ts';
import type { EpochMs } from '../../../core/time.ts';
import type {
  AccountIdentity,
  CancelOutcome,
  ExchangeAccount,
  PlaceOutcome,
  VenueBalance,
  VenueCapabilities,
  VenueOrder,
  VenueOrderRef,
  VenueOrderReport,
  VenueTrade,
} from '../../../ports/exchange-account.ts';
import type { QuoteSource } from '../../../ports/quote-source.ts';
import { createScope, type Answer } from '../call-scope.ts';
import { assertSafeToSend } from '../open-exchange.ts';
import { AccountCaller, type CallerParts } from './account-caller.ts';
import type { Dialect, Placement } from './dialect.ts';
import type { BookedMarket } from './market-book.ts';
import { orderFault } from './order-check.ts';
import { placementVerdict } from './placement-verdict.ts';
import type { TradedVenue } from './venue-table.ts';
import type { WireCall } from './wire.ts';

/**
 * One account at a crypto exchange. ccxt signs, spaces and sends the requests and names the errors;
 * what is asked and what an answer means is the venue's dialect, in decimal text from end to end.
 */
export class CcxtVenue implements ExchangeAccount, QuoteSource {
  readonly exchange: string;
  readonly capabilities: VenueCapabilities;
  readonly watch = null;
  readonly #parts: CallerParts;
  readonly #dialect: Dialect;
  readonly #caller: AccountCaller;

  constructor(parts: CallerParts, { capabilities, dialect }: TradedVenue) {
    this.exchange = parts.exchange.id;
    this.capabilities = capabilities;
    this.#parts = parts;
    this.#dialect = dialect;
    this.#caller = new AccountCaller(parts, dialect.notFound);
  }

  async identify(signal: AbortSignal): Promise<AccountIdentity> {
    return this.#dialect.identify(await this.#caller.wire(signal));
  }

  async serverTime(signal: AbortSignal): Promise<EpochMs> {
    return this.#dialect.serverTime(await this.#caller.wire(signal));
  }

  async instrument(symbol: SymbolName, signal: AbortSignal): Promise<Instrument> {
    const markets = await this.#caller.marketsAnew(signal);
    return this.#caller.marketIn(markets, symbol).instrument;
  }

  async place(order: VenueOrder): Promise<PlaceOutcome> {
    const { exchange, closing, clock } = this.#parts;
    const scope = createScope(closing.signal, 'create');
    try {
      assertSafeToSend(exchange);
      const market = await this.#caller.market(order.symbol, closing.signal);
      const fault = orderFault(order, market, this.capabilities);
      if (fault !== null) return fault;
      const request = this.#dialect.orderRequest(order, market, clock.now());
      if (request === null) return noSuchOrder(order);
      const answer = await this.#caller.send(request, scope);
      return placed(order, this.#dialect.placement(answer));
    } catch (error) {
      const wanted = `an answer to order ${order.clientId}`;
      const { message } = this.#caller.fault(wanted, error, scope.answer);
      return placementVerdict(error, scope, this.#dialect.refusals, message);
    }
  }

  async cancel(order: VenueOrderRef): Promise<CancelOutcome> {
    const { closing } = this.#parts;
    const scope = createScope(closing.signal, 'cancel');
    try {
      const market = await this.#caller.market(order.symbol, closing.signal);
      const request =
        this.#dialect.cancelRequest(order, market) ?? (await this.#foundRequest(order, market));
      if (request === null) return { kind: 'unknown', reason: 'no order of that id was found' };
      return this.#dialect.cancellation(await this.#caller.send(request, scope));
    } catch (error) {
      const wanted = `an answer to the cancel of order ${order.clientId}`;
      const reason = this.#caller.fault(wanted, error, scope.answer).message;
      return this.#cancelVerdict(scope.answer, reason);
    }
  }

  async find(order: VenueOrderRef, signal: AbortSignal): Promise<VenueOrderReport | null> {
    return this.#dialect.find(await this.#caller.wire(signal), order);
  }

  async openOrders(
    symbols: readonly SymbolName[],
    signal: AbortSignal,
  ): Promise<readonly VenueOrderReport[]> {
    return this.#dialect.openOrders(await this.#caller.wire(signal), symbols);
  }

  async closedOrders(
    symbols: readonly SymbolName[],
    since: EpochMs,
    signal: AbortSignal,
  ): Promise<readonly VenueOrderReport[]> {
    return this.#dialect.closedOrders(await this.#caller.wire(signal), symbols, since);
  }

  async trades(
    symbols: readonly SymbolName[],
    since: EpochMs,
    signal: AbortSignal,
  ): Promise<readonly VenueTrade[]> {
    return this.#dialect.trades(await this.#caller.wire(signal), symbols, since);
  }

  async balances(signal: AbortSignal): Promise<readonly VenueBalance[]> {
    return this.#dialect.balances(await this.#caller.wire(signal));
  }

  async quotes(symbols: readonly SymbolName[], signal: AbortSignal): Promise<readonly Quote[]> {
    return this.#dialect.quotes(await this.#caller.wire(signal), symbols);
  }

  async close(): Promise<void> {
    const closed = new ExchangeError(`${this.exchange} is closed`, { kind: 'network' });
    this.#parts.closing.abort(closed);
  }

  /** For a venue that cancels by its own id alone, where that one is not known yet. */
  async #foundRequest(order: VenueOrderRef, market: BookedMarket): Promise<WireCall | null> {
    const found = await this.find(order, this.#parts.closing.signal);
    if (found === null) return null;
    return this.#dialect.cancelRequest({ ...order, venueId: found.venueId }, market);
  }

  #cancelVerdict(answer: Answer | null, reason: string): CancelOutcome {
    if (answer === null || answer.status >= 500) return { kind: 'unknown', reason };
    const { notOpen, sent } = this.#dialect.cancelWords;
    if (sent?.test(answer.body) === true) return { kind: 'sent' };
    return { kind: notOpen.test(answer.body) ? 'not-open' : 'unknown', reason };
  }
}

function placed({ clientId }: VenueOrder, placement: Placement): PlaceOutcome {
  const { venueId } = placement;
  if (venueId === null) {
    return { kind: 'unknown', reason: 'the answer names no order; it may have been placed' };
  }
  if (placement.clientId !== null && placement.clientId !== clientId) {
    const reason = `the answer is about order "${placement.clientId}", not "${clientId}"`;
    return { kind: 'unknown', reason };
  }
  return { kind: 'acknowledged', venueId };
}

function noSuchOrder({ type, timeInForce }: VenueOrder): PlaceOutcome {
  const reason = `there are no ${type} orders with ${timeInForce} there; nothing was sent`;
  return { kind: 'refused', cause: 'other', reason };
}
