import type { Decimal } from './decimal.ts';
import type { OrderId, PositionId, TradeId } from './ids.ts';
import type { SymbolName } from './instrument.ts';
import type { OrderRequest, OrderState, Side } from './order.ts';
import type { EpochMs } from './time.ts';

export const LIQUIDITY = ['maker', 'taker'] as const;
export type Liquidity = (typeof LIQUIDITY)[number];

/**
 * How a venue took a fee that it did not take from the quote currency. `base` is withheld from the
 * goods bought, so that less arrives than was executed; `other` comes from a third asset (BNB), and
 * leaves neither cash nor position touched.
 */
export interface Commission {
  readonly takenFrom: 'base' | 'other';
  readonly currency: string;
  /** In that currency; negative for a rebate. */
  readonly amount: Decimal;
}

/** One execution of (part of) an order. */
export interface Fill {
  readonly tradeId: TradeId;
  readonly orderId: OrderId;
  readonly symbol: SymbolName;
  readonly side: Side;
  /** Base units, positive. */
  readonly quantity: Decimal;
  /** Price paid or received, slippage included, in quote currency. */
  readonly price: Decimal;
  /** Price before slippage: the open, the stop or the limit the fill was made at. */
  readonly rawPrice: Decimal;
  /**
   * What of the distance from `rawPrice` to `price`, times the quantity, the size of the fill caused:
   * in quote currency, positive when it hurt. The rest is spread.
   */
  readonly impact: Decimal;
  /**
   * In quote currency, never negative but for maker rebates. What was taken from the base asset
   * counts with the price of this fill, what was taken from a third one is zero here.
   */
  readonly fee: Decimal;
  /** Null where the fee was taken from the quote currency, as simulated ones are. */
  readonly commission: Commission | null;
  /** The venue has not said yet what the fee is: a `fee.corrected` follows. */
  readonly isFeeProvisional: boolean;
  readonly liquidity: Liquidity;
  /**
   * When simulated, the open time of the bar it filled in, or the close time for a fill at a close;
   * the venue's own time when live.
   */
  readonly time: EpochMs;
  /** State of the order after this fill; says nothing where it came after the order's end. */
  readonly orderState: Extract<OrderState, 'partially_filled' | 'filled'>;
  /** The order, where the fill came after its end was known: that end stays, the fill counts. */
  readonly late?: OrderRequest;
  /** What of the quantity nobody ordered: it counts too, and trading halts. Absent where nothing. */
  readonly excess?: Decimal;
}

/** A fill that the order it is of does not account for. It is booked as it happened. */
export interface FillExcess {
  readonly tradeId: TradeId;
  readonly orderId: OrderId;
  readonly symbol: SymbolName;
  /** Base units beyond what was ordered, or beyond what was held. */
  readonly excess: Decimal;
  readonly message: string;
}

/** The fee of an earlier fill became known, or changed. */
export interface FeeCorrection {
  readonly tradeId: TradeId;
  readonly orderId: OrderId;
  readonly position: PositionId;
  /** What `fee` of the fill is now, and how it was taken. */
  readonly fee: Decimal;
  readonly commission: Commission | null;
  /** The fee the books hold, which this takes the place of. */
  readonly booked: Decimal;
  readonly bookedCommission: Commission | null;
}
