import { limitPriceOf, sizedAtFillOf, stopPriceOf, trailTextOf } from '../core/order.ts';
import { formatTime } from '../core/time.ts';
import { csvLines } from './csv.ts';
import type { CsvColumns } from './csv.ts';
import type { OrderRow } from './order-log.ts';

const COLUMNS: CsvColumns<OrderRow> = {
  order: ({ order }) => order.id,
  requested_at: ({ requestedAt }) => formatTime(requestedAt),
  strategy: ({ order }) => order.strategy,
  symbol: ({ order }) => order.symbol,
  position: ({ order }) => order.position,
  role: ({ order }) => order.role,
  side: ({ order }) => order.side,
  type: ({ order }) => order.type,
  quantity: ({ order }) => order.quantity,
  limit_price: ({ order }) => limitPriceOf(order),
  stop_price: ({ order }) => stopPriceOf(order),
  time_in_force: ({ order }) => order.timeInForce,
  reference_price: ({ order }) => order.referencePrice,
  state: ({ state }) => state,
  filled_quantity: ({ filledQuantity }) => filledQuantity,
  average_price: ({ averagePrice }) => averagePrice,
  fees: ({ fees }) => fees,
  signal: ({ order }) => order.signalSeq,
  reason: ({ order }) => order.reason,
  outcome: ({ outcome }) => outcome,
  trail: ({ order }) => trailTextOf(order),
  expires_at: ({ order: { expiresAt } }) => (expiresAt === null ? null : formatTime(expiresAt)),
  replaces: ({ order }) => order.replaces,
  sized_at_fill: ({ order }) => sizedAtFillOf(order)?.fraction ?? null,
};

/**
 * `orders.csv`: one requested order a row, with its final state. `quantity` is what was asked for.
 * More may have filled where `sized_at_fill` names the share of the free funds that was ordered
 * instead; a filled exit may have less, where others of its position filled before it.
 */
export function ordersCsv(orders: Iterable<OrderRow>): Iterable<string> {
  return csvLines(COLUMNS, orders);
}
