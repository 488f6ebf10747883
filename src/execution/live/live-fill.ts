import { Decimal } from '../../core/decimal.ts';
import type { Commission, FeeCorrection, Fill } from '../../core/fill.ts';
import type { OrderId, PositionId, TradeId } from '../../core/ids.ts';
import { quoteCurrencyOf, type SymbolName } from '../../core/instrument.ts';
import type { OrderPricing, Side } from '../../core/order.ts';
import type { VenueFee, VenueTrade } from '../../ports/exchange-account.ts';
import type { LiveOrder } from './live-order.ts';

/** The asset that a symbol trades: what stands before the slash, or the stock itself. */
export function baseAssetOf(symbol: SymbolName): string {
  const slash = symbol.indexOf('/');
  return slash === -1 ? symbol : symbol.slice(0, slash);
}

interface BookedFee {
  /** In quote currency, as a fill has it. */
  readonly fee: Decimal;
  readonly commission: Commission | null;
}

/** What a trade was booked with, for the day its fee becomes known. */
export interface FeeState extends BookedFee {
  readonly isProvisional: boolean;
  readonly position: PositionId;
  /** Whether it added to the position. */
  readonly isEntry: boolean;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
}

type Execution = Omit<FeeState, 'isProvisional' | 'position' | 'isEntry'>;

const NO_FEE: BookedFee = { fee: Decimal.zero, commission: null };

/**
 * A fee as the books take it: from cash, from the goods, or from a third asset, which leaves both
 * alone. One that is not known yet is none, and provisional.
 */
export function bookedFee(
  fee: VenueFee | null,
  { symbol, price }: { readonly symbol: SymbolName; readonly price: Decimal },
): BookedFee {
  if (fee === null) return NO_FEE;
  const { currency, amount } = fee;
  if (currency === quoteCurrencyOf(symbol)) return { fee: amount, commission: null };
  if (currency === baseAssetOf(symbol)) {
    return { fee: amount.times(price), commission: { takenFrom: 'base', currency, amount } };
  }
  return { fee: Decimal.zero, commission: { takenFrom: 'other', currency, amount } };
}

/** How much more of the base asset is held after an execution; negative where there is less. */
export function baseChange(trade: Execution): Decimal {
  const { side, quantity, commission } = trade;
  const traded = side === 'buy' ? quantity : quantity.negated();
  return commission?.takenFrom === 'base' ? traded.minus(commission.amount) : traded;
}

/** How much more cash there is after an execution; negative where there is less. */
export function cashChange(trade: Execution): Decimal {
  const { side, quantity, price, fee, commission } = trade;
  const value = quantity.times(price);
  const traded = side === 'buy' ? value.negated() : value;
  return commission === null ? traded.minus(fee) : traded;
}

interface FillParts {
  readonly tradeId: TradeId;
  readonly orderState: Fill['orderState'];
}

/** What the engine is told of an execution: the exchange's own price, quantity and time, exactly. */
export function fillOf(
  { request, leg }: LiveOrder,
  trade: VenueTrade,
  { tradeId, orderState }: FillParts,
): Fill {
  const { symbol, quantity, price, time, liquidity } = trade;
  return {
    tradeId,
    orderId: request.id,
    symbol: request.symbol,
    side: request.side,
    quantity,
    price,
    rawPrice: rawPriceOf(leg.pricing, { reference: leg.reference, price }),
    impact: Decimal.zero,
    ...bookedFee(trade.fee, { symbol, price }),
    isFeeProvisional: trade.fee === null,
    liquidity: liquidity ?? 'taker',
    time,
    orderState,
  };
}

/**
 * What a fill's slippage is measured from. A limit order fills at its limit or better: it has none. A
 * stop is measured from its stop price; a market order from the last price known when it was sent.
 */
function rawPriceOf(
  pricing: OrderPricing,
  { reference, price }: { readonly reference: Decimal; readonly price: Decimal },
): Decimal {
  if (pricing.type === 'limit' || pricing.type === 'stop_limit') return price;
  return pricing.type === 'stop' ? pricing.stopPrice : reference;
}

/** What follows from a fee that became known after its trade was booked. */
export function correctionOf(
  booked: FeeState,
  fee: VenueFee,
  ids: { readonly tradeId: TradeId; readonly orderId: OrderId; readonly symbol: SymbolName },
): FeeCorrection {
  return {
    tradeId: ids.tradeId,
    orderId: ids.orderId,
    position: booked.position,
    ...bookedFee(fee, { symbol: ids.symbol, price: booked.price }),
    booked: booked.fee,
    bookedCommission: booked.commission,
  };
}
