import { formatTime } from '../core/time.ts';
import { csvLines } from './csv.ts';
import type { CsvColumns } from './csv.ts';
import { notionalOf, slippageOf } from './fill-costs.ts';
import type { FillRow } from './order-log.ts';

const COLUMNS: CsvColumns<FillRow> = {
  trade: ({ fill }) => fill.tradeId,
  time: ({ fill }) => formatTime(fill.time),
  order: ({ fill }) => fill.orderId,
  strategy: ({ order }) => order?.strategy ?? null,
  symbol: ({ fill }) => fill.symbol,
  role: ({ order }) => order?.role ?? null,
  side: ({ fill }) => fill.side,
  quantity: ({ fill }) => fill.quantity,
  price: ({ fill }) => fill.price,
  raw_price: ({ fill }) => fill.rawPrice,
  notional: ({ fill }) => notionalOf(fill),
  slippage: ({ fill }) => slippageOf(fill),
  fee: ({ fill }) => fill.fee,
  liquidity: ({ fill }) => fill.liquidity,
  impact_cost: ({ fill }) => fill.impact,
};

/** `fills.csv`: one execution a row. */
export function fillsCsv(fills: Iterable<FillRow>): Iterable<string> {
  return csvLines(COLUMNS, fills);
}
