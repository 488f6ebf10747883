import { formatTime } from '../core/time.ts';
import { csvLines } from './csv.ts';
import type { CsvColumns } from './csv.ts';
import type { RoundTrip } from './round-trips.ts';

const COLUMNS: CsvColumns<RoundTrip> = {
  strategy: (trade) => trade.strategy,
  symbol: (trade) => trade.symbol,
  side: (trade) => trade.side,
  quantity: (trade) => trade.quantity,
  entry_time: (trade) => formatTime(trade.entryTime),
  entry_price: (trade) => trade.entryPrice,
  exit_time: (trade) => formatTime(trade.exitTime),
  exit_price: (trade) => trade.exitPrice,
  gross_pnl: (trade) => trade.grossPnl,
  fees: (trade) => trade.fees,
  slippage: (trade) => trade.slippage,
  net_pnl: (trade) => trade.netPnl,
  return: (trade) => trade.netReturn,
  exit_reason: (trade) => trade.exitReason,
  entry_order: (trade) => trade.entryOrder,
  exit_order: (trade) => trade.exitOrder,
  spread_cost: (trade) => trade.spreadCost,
  impact_cost: (trade) => trade.impactCost,
  financing: (trade) => trade.financing,
};

/**
 * `trades.csv`: one round trip a row, of which `gross_pnl − slippage − fees − financing = net_pnl` and
 * `spread_cost + impact_cost = slippage`, to the last digit.
 */
export function tradesCsv(trades: Iterable<RoundTrip>): Iterable<string> {
  return csvLines(COLUMNS, trades);
}
