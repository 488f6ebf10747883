import type { Decimal } from '../../core/decimal.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { VenueTrade } from '../../ports/exchange-account.ts';
import { isRecord, nameOf } from './alpaca-bars.ts';
import { badAnswer } from './alpaca-faults.ts';
import {
  decimalOf,
  positiveOf,
  sideOf,
  symbolOf,
  textOf,
  timeOf,
  type WireRow,
} from './wire-values.ts';

/** A fill, and what of its order was filled with it. */
export interface FillActivity {
  readonly trade: VenueTrade;
  readonly cumulative: Decimal | null;
}

/** A fee of crypto trades of a day; Alpaca does not say of which ones. */
export interface FeeActivity {
  /** Of New York, `2024-05-31`. */
  readonly date: string;
  readonly currency: string;
  /** Positive when paid. */
  readonly amount: Decimal;
}

/** Rows of one page of activities, each with its id. Throws an `ExchangeError`. */
export function readActivities(answer: unknown): readonly (WireRow & { readonly id: string })[] {
  if (!Array.isArray(answer)) throw badAnswer('activities', 'a list', nameOf(answer));
  return answer.map((row: unknown) => {
    const id = isRecord(row) ? textOf(row['id']) : null;
    if (!isRecord(row) || id === null) throw badAnswer('activities', 'an id', nameOf(row));
    return { ...row, id };
  });
}

/**
 * Reads a fill; null for one of a symbol that does not concern us. The id is that of the activity
 * and never that of a stream's message: nothing Alpaca writes says that one follows from the other,
 * and a fill must have one name for ever. Activities can be read again, back to the first one, and a
 * stream cannot. Throws an `ExchangeError`.
 */
export function readFill(
  row: WireRow & { readonly id: string },
  concerns: (symbol: SymbolName) => boolean,
): FillActivity | null {
  const symbol = symbolOf(row['symbol'], null);
  if (symbol === null) throw badAnswer('a fill', 'a symbol', nameOf(row['symbol']));
  if (!concerns(symbol)) return null;
  const [venueOrderId, side, time] = [
    textOf(row['order_id']),
    sideOf(row['side']),
    timeOf(row['transaction_time']),
  ];
  const [quantity, price] = [positiveOf(row['qty']), positiveOf(row['price'])];
  if (venueOrderId === null) throw badAnswer('a fill', 'an order', nameOf(row['order_id']));
  if (side === null) throw badAnswer('a fill', 'a side', nameOf(row['side']));
  if (time === null) throw badAnswer('a fill', 'a time', nameOf(row['transaction_time']));
  if (quantity === null) throw badAnswer('a fill', 'a quantity', nameOf(row['qty']));
  if (price === null) throw badAnswer('a fill', 'a price', nameOf(row['price']));
  return {
    trade: {
      tradeId: row.id,
      venueOrderId,
      clientId: null,
      symbol,
      side,
      quantity,
      price,
      fee: null,
      liquidity: null,
      time,
    },
    cumulative: decimalOf(row['cum_qty']),
  };
}

const DATE = /^\d{4}-\d{2}-\d{2}/;

/**
 * Reads a fee of crypto trades: of coins as `qty` of the coin's pair with the dollar, of dollars as
 * `net_amount`. Null for any other fee, such as one of a stock.
 */
export function readFee(row: WireRow): FeeActivity | null {
  const date = DATE.exec(textOf(row['date']) ?? '')?.[0];
  if (date === undefined || Number.isNaN(Date.parse(date))) return null;
  const coin = coinOf(row['symbol']);
  if (coin === null && row['activity_type'] !== 'CFEE') return null;
  const [quantity, cash] = [decimalOf(row['qty']), decimalOf(row['net_amount'])];
  if (coin !== null && quantity?.isNegative === true) {
    return { date, currency: coin, amount: quantity.negated() };
  }
  return cash?.isNegative === true ? { date, currency: 'USD', amount: cash.negated() } : null;
}

/** First of a pair; null for what is none. */
function coinOf(value: unknown): string | null {
  const [coin = '', quote] = symbolOf(value, true)?.split('/') ?? [];
  return quote === undefined ? null : coin;
}

/** Oldest first; of one order within a millisecond, which Alpaca lists in any order, as it filled. */
export function inOrder(fills: readonly FillActivity[]): readonly FillActivity[] {
  return [...fills].sort((one, other) => {
    const later = one.trade.time - other.trade.time;
    if (later !== 0 || one.trade.venueOrderId !== other.trade.venueOrderId) return later;
    return one.cumulative === null || other.cumulative === null
      ? 0
      : one.cumulative.compare(other.cumulative);
  });
}
