import { invariant } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { PositionId, StrategyId, TradeId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { OrderRequest } from '../core/order.ts';
import type { Position, PositionSide } from '../core/position.ts';
import type { EpochMs } from '../core/time.ts';
import type { Goods } from './moved-goods.ts';

/** A trade whose fee the venue has not told yet. */
interface ProvisionalTrade {
  readonly trade: TradeId;
  readonly isEntry: boolean;
}

/** All that a position remembers. Money in quote currency. */
export interface PositionBooks {
  readonly id: PositionId;
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly side: PositionSide;
  readonly entryTime: EpochMs;
  /** Of the order that began it. */
  readonly signalSeq: number;
  readonly quantity: Decimal;
  readonly entered: Decimal;
  readonly enteredValue: Decimal;
  readonly exited: Decimal;
  readonly exitedValue: Decimal;
  /** What the quantity still held cost, fees not included. */
  readonly cost: Decimal;
  readonly grossPnl: Decimal;
  readonly fees: Decimal;
  readonly slippage: Decimal;
  readonly impact: Decimal;
  readonly financing: Decimal;
  readonly exitTime: EpochMs | null;
  readonly exitReason: string | null;
  readonly provisional: readonly ProvisionalTrade[];
}

type Books = { -readonly [Key in keyof PositionBooks]: PositionBooks[Key] };

/** Costs are carried with eighteen decimals: as a share of a price, far more than that can be off. */
const ROUNDING = Decimal.parse('0.000001');
const NONE: readonly ProvisionalTrade[] = [];

/** A position from its first entry fill to the fill that brings it to zero; exact. */
export class OpenPosition {
  readonly #books: Books;

  constructor(books: PositionBooks) {
    this.#books = { ...books };
  }

  /** A position that holds nothing yet. */
  static begin(
    { strategy, symbol, signalSeq }: Pick<OrderRequest, 'strategy' | 'symbol' | 'signalSeq'>,
    { id, side, entryTime }: Pick<PositionBooks, 'id' | 'side' | 'entryTime'>,
  ): OpenPosition {
    const { zero } = Decimal;
    return new OpenPosition({
      id,
      strategy,
      symbol,
      side,
      entryTime,
      signalSeq,
      quantity: zero,
      entered: zero,
      enteredValue: zero,
      exited: zero,
      exitedValue: zero,
      cost: zero,
      grossPnl: zero,
      fees: zero,
      slippage: zero,
      impact: zero,
      financing: zero,
      exitTime: null,
      exitReason: null,
      provisional: NONE,
    });
  }

  get id(): PositionId {
    return this.#books.id;
  }

  get symbol(): SymbolName {
    return this.#books.symbol;
  }

  get signalSeq(): number {
    return this.#books.signalSeq;
  }

  get side(): PositionSide {
    return this.#books.side;
  }

  get quantity(): Decimal {
    return this.#books.quantity;
  }

  /** Whether a fee of one of its trades is still to be told. */
  get awaitsFees(): boolean {
    return this.#books.provisional.length > 0;
  }

  /** Whether nothing was sold of it so far. */
  get isUntouched(): boolean {
    return this.#books.exited.isZero;
  }

  /**
   * Mean price of what is held now. Where something was entered after an exit, as on top of a rest too
   * small to be sold, what is gone says nothing of it; else it is the mean of all entries.
   */
  get heldPrice(): Decimal {
    const { cost, entered, enteredValue, exited, quantity } = this.#books;
    const ofAll = enteredValue.dividedBy(entered);
    if (exited.isZero || quantity.isZero) return ofAll;
    const held = cost.dividedBy(quantity);
    return held.minus(ofAll).abs().lessThan(ofAll.times(ROUNDING)) ? ofAll : held;
  }

  /** Cost with the sign of the holding: a short's cost is money received. */
  get signedCost(): Decimal {
    return this.#signed(this.#books.cost);
  }

  enter({ units, value }: Goods): void {
    const books = this.#books;
    books.quantity = books.quantity.plus(units);
    books.entered = books.entered.plus(units);
    books.enteredValue = books.enteredValue.plus(value);
    books.cost = books.cost.plus(value);
  }

  /** Takes back part of what was entered, as if it never had been; less than is held. */
  unenter({ units, value }: Goods): void {
    this.enter({ units: units.negated(), value: value.negated() });
  }

  /** Books goods that leave, and returns the profit or loss that realised, before fees. */
  exit({ units, value }: Goods): Decimal {
    const books = this.#books;
    invariant(
      !units.greaterThan(books.quantity),
      () =>
        `an exit of ${books.symbol} must not exceed the ${books.quantity.toString()} held, was ` +
        units.toString(),
    );
    const costRemoved = this.#costOf(units);
    const pnl = this.#signed(value.minus(costRemoved));
    books.quantity = books.quantity.minus(units);
    books.cost = books.cost.minus(costRemoved);
    books.exited = books.exited.plus(units);
    books.exitedValue = books.exitedValue.plus(value);
    books.grossPnl = books.grossPnl.plus(pnl);
    return pnl;
  }

  /** Notes when and why it was last left. */
  noteExit(time: EpochMs, reason: string): void {
    this.#books.exitTime = time;
    this.#books.exitReason = reason;
  }

  /** Takes over what a fill cost. */
  charge(fill: Fill, isEntry: boolean): void {
    const books = this.#books;
    const perUnit =
      fill.side === 'buy' ? fill.price.minus(fill.rawPrice) : fill.rawPrice.minus(fill.price);
    books.slippage = books.slippage.plus(perUnit.times(fill.quantity));
    books.impact = books.impact.plus(fill.impact);
    books.fees = books.fees.plus(fill.fee);
    if (!fill.isFeeProvisional) return;
    books.provisional = [...books.provisional, { trade: fill.tradeId, isEntry }];
  }

  /** Adds a fee for the goods that were borrowed to be sold. */
  chargeFinancing(amount: Decimal): void {
    this.#books.financing = this.#books.financing.plus(amount);
  }

  /** The trade, where its fee is awaited. */
  provisional(trade: TradeId): ProvisionalTrade | null {
    return this.#books.provisional.find((each) => each.trade === trade) ?? null;
  }

  /** Adds what the fee of a trade came to beyond what was booked; it is awaited no more. */
  correctFee(trade: TradeId, more: Decimal): void {
    const books = this.#books;
    books.fees = books.fees.plus(more);
    books.provisional = books.provisional.filter((each) => each.trade !== trade);
  }

  marketValue(mark: Decimal): Decimal {
    return this.#signed(this.#books.quantity.times(mark));
  }

  unrealised(mark: Decimal): Decimal {
    return this.#signed(this.#books.quantity.times(mark).minus(this.#books.cost));
  }

  /** As others see it. */
  snapshot(): Position {
    const books = this.#books;
    const { enteredValue, exited, exitedValue } = books;
    return Object.freeze({
      id: books.id,
      strategy: books.strategy,
      symbol: books.symbol,
      side: books.side,
      quantity: books.quantity,
      entered: books.entered,
      entryPrice: enteredValue.dividedBy(books.entered),
      exitPrice: exited.isZero ? null : exitedValue.dividedBy(exited),
      grossPnl: books.grossPnl,
      fees: books.fees,
      slippage: books.slippage,
      impact: books.impact,
      financing: books.financing,
      entryTime: books.entryTime,
      exitTime: books.exitTime,
      exitReason: books.exitReason,
    });
  }

  /** All of it, to go on from. */
  books(): PositionBooks {
    return { ...this.#books };
  }

  /** Share of the cost that leaves with `units`; all of it with the last one, so none is lost. */
  #costOf(units: Decimal): Decimal {
    const { quantity, cost } = this.#books;
    return units.equals(quantity) ? cost : cost.times(units).dividedBy(quantity);
  }

  #signed(value: Decimal): Decimal {
    return this.side === 'long' ? value : value.negated();
  }
}
