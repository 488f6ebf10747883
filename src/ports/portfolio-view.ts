import type { Decimal } from '../core/decimal.ts';
import type { OrderId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { OrderPricing, OrderRole, Side, TimeInForce } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import type { Position } from '../core/position.ts';

/** An order that may still fill, as its strategy sees it. Quantities in base units. */
export type OpenOrder = OrderPricing & {
  readonly id: OrderId;
  readonly symbol: SymbolName;
  readonly side: Side;
  readonly role: OrderRole;
  /** True for every order but an entry: it can only lower what is held. */
  readonly reduceOnly: boolean;
  readonly quantity: Decimal;
  readonly filled: Decimal;
  readonly timeInForce: TimeInForce;
  readonly expiresAt: EpochMs | null;
  /** Close of the bar it was asked for on. */
  readonly requestedAt: EpochMs;
};

/** What others may read of the portfolio. Money in quote currency. */
export interface PortfolioView {
  /** Cash plus all positions at their last close. */
  readonly equity: number;
  /** Cash on the ledger, not reduced by open orders. */
  readonly cash: Decimal;
  /** Equity at the start of the current UTC day. */
  readonly dayOpeningEquity: number;
  /** Highest equity so far, the initial capital being the first peak. */
  readonly peakEquity: number;
  /** Time of the last mark. */
  readonly markedAt: EpochMs;
  /** Positions that hold something now, in order of entry. */
  openPositions(): readonly Position[];
  positionOf(strategy: StrategyId, symbol: SymbolName): Position | null;
  /** Orders of a strategy in a symbol that may still fill, oldest first. */
  openOrders(strategy: StrategyId, symbol: SymbolName): readonly OpenOrder[];
  /** Last close of a symbol; null before its first bar. */
  lastPrice(symbol: SymbolName): number | null;
}
