import { invariant, present } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { FeeCorrection, Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import { rootOf, successorOf, type PositionId } from '../core/ids.ts';
import { OpenItems } from '../core/open-items.ts';
import type { OrderRequest } from '../core/order.ts';
import type { Position, PositionSide } from '../core/position.ts';
import { Commissions } from './commissions.ts';
import { correctionOf } from './corrected-fee.ts';
import type { LedgerSnapshot } from './ledger-snapshot.ts';
import { goodsOf, type Goods } from './moved-goods.ts';
import { OpenPosition } from './open-position.ts';

/** What a fill, or a fee told later, did to positions: goods left one, or were added to one. */
export interface Booking {
  readonly left: Position | null;
  readonly entered: Position | null;
}

interface CorrectedBooking extends Booking {
  /** The position the trade belongs to; null where it is forgotten, and no goods were moved. */
  readonly owner: Position | null;
  /** The signal that one stems from; 0 where it is forgotten. */
  readonly signalSeq: number;
}

/** Goods that move, and what the position that they may begin is called. */
interface Movement {
  readonly goods: Goods;
  readonly towards: PositionSide;
  readonly begin: () => OpenPosition;
}

interface Moved {
  readonly left: OpenPosition | null;
  readonly entered: OpenPosition | null;
}

/**
 * Cash and positions of the account, exact. Changes by fills, by fees told later, and by what the
 * venue charges for loans, alone.
 *
 * A fill counts as it happened: what goes the way of the open position is added to it, what goes
 * against it is taken from it, and what nothing is left for begins a position of its own.
 *
 * After every change it asserts the accounting identity with the marks cancelled out of both sides:
 * cash + cost of open positions = initial cash + realised − fees − financing.
 */
export class Ledger {
  readonly initialCash: Decimal;
  #cash: Decimal;
  #realised = Decimal.zero;
  #fees = Decimal.zero;
  #financing = Decimal.zero;
  readonly #commissions: Commissions;
  /** By the id that orders named them by first. */
  readonly #open = new OpenItems<PositionId, OpenPosition>();
  /** Closed, with fees still to be told. */
  readonly #awaiting = new OpenItems<PositionId, OpenPosition>();

  constructor(initialCash: Decimal, restored: LedgerSnapshot | null = null) {
    this.initialCash = restored?.initialCash ?? initialCash;
    this.#cash = restored?.cash ?? initialCash;
    this.#commissions = new Commissions(restored?.commissions ?? []);
    if (restored === null) return;
    this.#realised = restored.realised;
    this.#fees = restored.fees;
    this.#financing = restored.financing;
    for (const books of restored.open) {
      this.#open.set(rootOf(books.id), new OpenPosition(books));
    }
    for (const books of restored.awaiting) this.#awaiting.set(books.id, new OpenPosition(books));
    this.#assertIdentity();
  }

  get cash(): Decimal {
    return this.#cash;
  }

  /** Profit and loss of everything sold so far, before fees. */
  get realised(): Decimal {
    return this.#realised;
  }

  /** In quote currency: what was taken from it, and from base assets at the price of the fill. */
  get fees(): Decimal {
    return this.#fees;
  }

  /** What was taken from other currencies than the quote one so far, base assets included. */
  get commissions(): ReadonlyMap<string, Decimal> {
    return this.#commissions.byCurrency;
  }

  /** Borrow fees of shorts and interest on cash owed so far, positive when paid. */
  get financing(): Decimal {
    return this.#financing;
  }

  /** Positions that hold something, in order of entry. */
  /** Mean price of what is held of a position now. */
  heldPriceOf({ id, entryPrice }: Pick<Position, 'id' | 'entryPrice'>): Decimal {
    return this.#open.get(rootOf(id))?.heldPrice ?? entryPrice;
  }

  openPositions(): Iterable<OpenPosition> {
    return this.#open.values();
  }

  /**
   * Books one fill of an order. `isLater` says that the position the order names has ended before:
   * what begins now is another one.
   */
  apply(fill: Fill, order: OrderRequest, isLater = false): Booking {
    const goods = goodsOf(fill);
    invariant(
      goods.units.isPositive,
      () => `a fill must move goods once its fee is taken, ${fill.tradeId} moves none`,
    );
    this.#cash = (
      fill.side === 'buy' ? this.#cash.minus(goods.value) : this.#cash.plus(goods.value)
    ).minus(fill.fee);
    this.#fees = this.#fees.plus(fill.fee);
    this.#commissions.add(fill.commission);
    const isNamed = order.role === 'entry' && !isLater;
    const side = fill.side === 'buy' ? 'long' : 'short';
    const moved = this.#move(rootOf(order.position), {
      goods,
      towards: side,
      begin: () =>
        OpenPosition.begin(order, {
          id: isNamed ? order.position : successorOf(order.position, fill.tradeId),
          side,
          entryTime: fill.time,
        }),
    });
    moved.left?.noteExit(fill.time, order.reason);
    (moved.left ?? moved.entered)?.charge(fill, moved.left === null);
    return this.#booked(moved);
  }

  /** Takes the fee of an earlier fill for what it turned out to be. */
  correct(correction: FeeCorrection): CorrectedBooking {
    const { tradeId, booked, fee, commission, bookedCommission } = correction;
    const owner = this.#ownerOf(correction);
    const isEntry = owner?.provisional(tradeId)?.isEntry ?? owner?.side === 'long';
    owner?.correctFee(tradeId, fee.minus(booked));
    this.#fees = this.#fees.plus(fee).minus(booked);
    this.#commissions.replace(bookedCommission, commission);
    this.#cash = this.#cash.minus(correctionOf(correction).cash);
    const booking = this.#booked(this.#moveFee(correction, owner, isEntry));
    if (owner !== null && !owner.awaitsFees) this.#awaiting.delete(owner.id);
    return { ...booking, owner: owner?.snapshot() ?? null, signalSeq: owner?.signalSeq ?? 0 };
  }

  /** Books what a loan cost; returns the position it was for, null for interest on cash. */
  charge(charge: FinancingCharge): Position | null {
    const { amount } = charge;
    invariant(
      amount.isPositive,
      () => `a charge for a loan must be positive, was ${amount.toString()}`,
    );
    this.#cash = this.#cash.minus(amount);
    this.#financing = this.#financing.plus(amount);
    if (charge.kind === 'interest') {
      this.#assertIdentity();
      return null;
    }
    const position = present(
      this.#open.get(rootOf(charge.position)),
      `short position ${charge.position}`,
    );
    position.chargeFinancing(amount);
    this.#assertIdentity();
    return position.snapshot();
  }

  /** Profit and loss of open positions at these marks, from what they cost: not from cash. */
  unrealised(markOf: (symbol: string) => Decimal): Decimal {
    let sum = Decimal.zero;
    for (const position of this.#open.values()) {
      sum = sum.plus(position.unrealised(markOf(position.symbol)));
    }
    return sum;
  }

  /** Cash plus the market value of open positions. */
  equity(markOf: (symbol: string) => Decimal): Decimal {
    let sum = this.#cash;
    for (const position of this.#open.values()) {
      sum = sum.plus(position.marketValue(markOf(position.symbol)));
    }
    return sum;
  }

  snapshot(): LedgerSnapshot {
    return {
      initialCash: this.initialCash,
      cash: this.#cash,
      realised: this.#realised,
      fees: this.#fees,
      financing: this.#financing,
      commissions: this.#commissions.snapshot(),
      open: Array.from(this.#open.values(), (position) => position.books()),
      awaiting: Array.from(this.#awaiting.values(), (position) => position.books()),
    };
  }

  #move(root: PositionId, { goods, towards, begin }: Movement): Moved {
    const known = this.#open.get(root);
    if (known === undefined) return { left: null, entered: this.#begin(root, begin, goods) };
    if (known.side === towards) {
      known.enter(goods);
      return { left: null, entered: known };
    }
    const { units, value } = goods;
    const closing = known.quantity;
    if (!units.greaterThan(closing)) {
      this.#leave(root, known, goods);
      return { left: known, entered: null };
    }
    const share = value.times(closing).dividedBy(units);
    this.#leave(root, known, { units: closing, value: share });
    const rest = { units: units.minus(closing), value: value.minus(share) };
    return { left: known, entered: this.#begin(root, begin, rest) };
  }

  #begin(root: PositionId, begin: () => OpenPosition, goods: Goods): OpenPosition {
    const begun = begin();
    begun.enter(goods);
    this.#open.set(root, begun);
    return begun;
  }

  #leave(root: PositionId, position: OpenPosition, goods: Goods): void {
    this.#realised = this.#realised.plus(position.exit(goods));
    if (position.quantity.isZero) this.#open.delete(root);
  }

  /** The position a trade was booked to, where that is known; else the one that is open. */
  #ownerOf({ tradeId, position }: FeeCorrection): OpenPosition | null {
    for (const closed of this.#awaiting.values()) {
      if (closed.provisional(tradeId) !== null) return closed;
    }
    return this.#open.get(rootOf(position)) ?? null;
  }

  /**
   * Goods that a fee took turn out to be more, or fewer, than were booked. Where the position is
   * forgotten they cannot be of it: a check of the account finds them missing.
   */
  #moveFee(correction: FeeCorrection, owner: OpenPosition | null, isEntry: boolean): Moved {
    const { units, value } = correctionOf(correction);
    if (owner === null || units.isZero) {
      this.#realised = this.#realised.plus(value);
      return { left: null, entered: null };
    }
    const root = rootOf(correction.position);
    const towards = units.isPositive ? 'short' : 'long';
    const goods = { units: units.abs(), value: units.isPositive ? value : value.negated() };
    const isEarly = isEntry && owner.isUntouched && owner.side !== towards;
    if (isEarly && goods.units.lessThan(owner.quantity)) {
      owner.unenter(goods);
      return { left: owner, entered: null };
    }
    return this.#move(root, {
      goods,
      towards,
      begin: () => {
        const { strategy, symbol, signalSeq, entryTime } = owner.books();
        const id = successorOf(root, `${correction.tradeId}-fee`);
        return OpenPosition.begin(
          { strategy, symbol, signalSeq },
          { id, side: towards, entryTime },
        );
      },
    });
  }

  #booked({ left, entered }: Moved): Booking {
    if (left?.quantity.isZero === true && left.awaitsFees) this.#awaiting.set(left.id, left);
    this.#assertIdentity();
    return { left: left?.snapshot() ?? null, entered: entered?.snapshot() ?? null };
  }

  #assertIdentity(): void {
    let cost = Decimal.zero;
    for (const position of this.#open.values()) cost = cost.plus(position.signedCost);
    const held = this.#cash.plus(cost);
    const earned = this.#realised.minus(this.#fees).minus(this.#financing);
    const owed = this.initialCash.plus(earned);
    invariant(
      held.equals(owed),
      () =>
        `cash + cost of positions must equal initial cash + realised − fees − financing, was ` +
        `${held.toString()} against ${owed.toString()}`,
    );
  }
}
