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
  /** When the first of those executions happened; null where there are none. */
  readonly unpricedSince: EpochMs | null;
  /** Up to when the exchange's trades were read completely. */
  readonly tradesReadTo: EpochMs | null;
}

const FRESH: LiveVenueState = {
  trades: 0,
  held: {},
  expected: null,
  unpriced: {},
  unpricedSince: null,
  tradesReadTo: null,
};

/** An execution, and whose position it changed. */
interface Booking extends FeeState {
  readonly symbol: SymbolName;
  readonly isEntry: boolean;
}

/** What the engine's own executions come to: per position, and per currency of the account. */
export class AccountBooks {
  #trades: number;
  readonly #held: Map<string, Decimal>;
  #expected: Map<string, Decimal> | null;
  readonly #unpriced: Map<string, Decimal>;
  #unpricedSince: EpochMs | null;
  tradesReadTo: EpochMs | null;

  constructor(restored: LiveVenueState | null) {
    const { trades, held, expected, unpriced, unpricedSince, tradesReadTo } = restored ?? FRESH;
    this.#trades = trades;
    this.#held = new Map(Object.entries(held));
    this.#expected = expected === null ? null : new Map(Object.entries(expected));
    this.#unpriced = new Map(Object.entries(unpriced));
    this.#unpricedSince = unpricedSince;
    this.tradesReadTo = tradesReadTo;
  }

  snapshot(): LiveVenueState {
    return {
      trades: this.#trades,
      held: Object.fromEntries(this.#held),
      expected: this.#expected === null ? null : Object.fromEntries(this.#expected),
      unpriced: Object.fromEntries(this.#unpriced),
      unpricedSince: this.#unpricedSince,
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

  /** From when on executions are to be read again, for fees that are still to be told; null: none is. */
  get unpricedSince(): EpochMs | null {
    return this.#unpricedSince;
  }

  book(booking: Booking, time: EpochMs): void {
    this.#move(booking, 1);
    if (!booking.isProvisional) return;
    this.#await(booking, 1);
    this.#unpricedSince = Math.min(this.#unpricedSince ?? time, time);
  }

  /** Takes back what was booked for an execution and books it with its fee. */
  correct(before: Booking, after: Booking): void {
    this.#move(before, -1);
    this.#move(after, 1);
    if (!before.isProvisional) return;
    this.#await(before, -1);
    if ([...this.#unpriced.values()].every(({ isZero }) => isZero)) this.#unpricedSince = null;
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
