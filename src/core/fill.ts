import type { Decimal } from './decimal.ts';
import type { OrderId, TradeId } from './ids.ts';
import type { SymbolName } from './instrument.ts';
import type { OrderState, Side } from './order.ts';
import type { EpochMs } from './time.ts';

export const LIQUIDITY = ['maker', 'taker'] as const;
export type Liquidity = (typeof LIQUIDITY)[number];

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
  /** In quote currency, never negative but for maker rebates. */
  readonly fee: Decimal;
  readonly liquidity: Liquidity;
  /**
   * When simulated, the open time of the bar it filled in, or the close time for a fill at a close;
   * the venue's own time when live.
   */
  readonly time: EpochMs;
  /** State of the order after this fill. */
  readonly orderState: Extract<OrderState, 'partially_filled' | 'filled'>;
}
