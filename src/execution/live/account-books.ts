import { Decimal } from '../../core/decimal.ts';
import { tradeId, type PositionId, type TradeId } from '../../core/ids.ts';
import { quoteCurrencyOf, type SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import { baseAssetOf, baseChange, cashChange, type FeeState } from './live-fill.ts';

/** What the account's books carry from one process to the next; plain data. */
export interface LiveVenueState {
  /** How many executions were booked. */
  readonly trades: number;
  /** Base units by position, without those that hold nothing. */
  readonly held: Readonly<Record<string, Decimal>>;
  /** What each currency should come to at the exchange; null before it was first asked. */
  readonly expected: Readonly<Record<string, Decimal>> | null;
  /** By currency: the value of executions whose fee is not known yet. */
  readonly unpriced: Readonly<Record<string, Decimal>>;
  /** When executions took place whose fee is not known yet, by their keys. */
  readonly feesAwaited: Readonly<Record<string, EpochMs>>;
  /** Up to when the exchange's trades were read completely. */
  readonly tradesReadTo: EpochMs | null;
}

const NOTHING: LiveVenueState = {
  trades: 0,
  held: {},
  expected: null,
  unpriced: {},
  feesAwaited: {},
  tradesReadTo: null,
};

/** An execution, and whose position it changed. */
interface Booking extends FeeState {
  readonly symbol: SymbolName;
}

/** An execution at the exchange. */
interface Executed {
  /** Unique among all executions of the account. */
  readonly key: string;
  readonly time: EpochMs;
}

/** What the engine's own executions come to: per position, and per currency of the account. */
export class AccountBooks {
  #trades: number;
  readonly #held: Map<string, Decimal>;
  #expected: Map<string, Decimal> | null;
  readonly #unpriced: Map<string, Decimal>;
  readonly #feesAwaited: Map<string, EpochMs>;
  /** What the exchange last said there is, moved on by what was booked since. */
  readonly #owned = new Map<string, Decimal>();
  tradesReadTo: EpochMs | null;

  constructor(restored: LiveVenueState | null) {
    const state = restored ?? NOTHING;
    this.#trades = state.trades;
    this.#held = new Map(Object.entries(state.held));
    this.#expected = state.expected === null ? null : new Map(Object.entries(state.expected));
    this.#unpriced = new Map(Object.entries(state.unpriced));
    this.#feesAwaited = new Map(Object.entries(state.feesAwaited));
    this.tradesReadTo = state.tradesReadTo;
  }

  snapshot(): LiveVenueState {
    return {
      trades: this.#trades,
      held: Object.fromEntries(this.#held),
      expected: this.#expected === null ? null : Object.fromEntries(this.#expected),
      unpriced: Object.fromEntries(this.#unpriced),
      feesAwaited: Object.fromEntries(this.#feesAwaited),
      tradesReadTo: this.tradesReadTo,
    };
  }

  nextTradeId(): TradeId {
    return tradeId(++this.#trades);
  }

  /** Base units of a position, positive for a short one too. */
  held(position: PositionId): Decimal {
    return this.#held.get(position) ?? Decimal.zero;
  }

  /** What the account holds is what all of it begins with. */
  begin(balances: ReadonlyMap<string, Decimal>): void {
    this.#expected = new Map(balances);
  }

  get hasBegun(): boolean {
    return this.#expected !== null;
  }

  expected(currency: string): Decimal {
    return this.#expected?.get(currency) ?? Decimal.zero;
  }

  /** What executions without a known fee traded of a currency. */
  unpriced(currency: string): Decimal {
    return this.#unpriced.get(currency) ?? Decimal.zero;
  }

  /** The exchange said what there is: totals by currency, those it left out unknown. */
  own(totals: ReadonlyMap<string, Decimal>): void {
    for (const [currency, total] of totals) this.#owned.set(currency, total);
  }

  /**
   * How much less the exchange has of a currency than the books make it, positive or zero: fees that
   * it has taken and not told of yet.
   */
  shortfall(currency: string): Decimal {
    const owned = this.#owned.get(currency);
    if (owned === undefined || !this.hasBegun) return Decimal.zero;
    return this.expected(currency).minus(owned).max(Decimal.zero);
  }

  /** Base units of a position that the exchange has the goods for, by what it said itself. */
  deliverable(position: PositionId, symbol: SymbolName): Decimal {
    return this.held(position).minus(this.shortfall(baseAssetOf(symbol)));
  }

  /** When the oldest execution since a time took place whose fee is not known; null for none. */
  oldestAwaited(since: EpochMs): EpochMs | null {
    const times = [...this.#feesAwaited.values()].filter((time) => time >= since);
    return times.length === 0 ? null : Math.min(...times);
  }

  book(booking: Booking, { key, time }: Executed): void {
    this.#move(booking, 1);
    const base = baseAssetOf(booking.symbol);
    const owned = this.#owned.get(base);
    if (owned !== undefined) this.#owned.set(base, owned.plus(baseChange(booking)));
    if (!booking.isProvisional) return;
    this.#await(booking, 1);
    this.#feesAwaited.set(key, time);
  }

  /** Takes back what was booked for an execution and books it with its fee. */
  correct(before: Booking, after: Booking, { key }: Pick<Executed, 'key'>): void {
    this.#move(before, -1);
    this.#move(after, 1);
    if (before.isProvisional) this.#await(before, -1);
    this.#feesAwaited.delete(key);
  }

  #move(booking: Booking, sign: 1 | -1): void {
    const { symbol, position, isEntry, side, commission } = booking;
    const base = signed(baseChange(booking), sign);
    const isLong = (side === 'buy') === isEntry;
    add(this.#held, position, isLong ? base : base.negated());
    if (this.held(position).isZero) this.#held.delete(position);
    if (this.#expected === null) return;
    add(this.#expected, baseAssetOf(symbol), base);
    add(this.#expected, quoteCurrencyOf(symbol), signed(cashChange(booking), sign));
    if (commission?.takenFrom !== 'other') return;
    add(this.#expected, commission.currency, signed(commission.amount, sign).negated());
  }

  #await({ symbol, quantity, price }: Booking, sign: 1 | -1): void {
    add(this.#unpriced, baseAssetOf(symbol), signed(quantity, sign));
    add(this.#unpriced, quoteCurrencyOf(symbol), signed(quantity.times(price), sign));
  }
}

function signed(amount: Decimal, sign: 1 | -1): Decimal {
  return sign === 1 ? amount : amount.negated();
}

function add(to: Map<string, Decimal>, key: string, amount: Decimal): void {
  to.set(key, (to.get(key) ?? Decimal.zero).plus(amount));
}
