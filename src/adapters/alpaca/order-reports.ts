import type { Decimal } from '../../core/decimal.ts';
import type { VenueOrderReport, VenueOrderStatus } from '../../ports/exchange-account.ts';
import type { EpochMs } from '../../core/time.ts';
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

/**
 * Every status Alpaca documents. `replaced` ends an order in favour of another that we did not place
 * (after a split, say), and `calculated` one of which it is not said how: both need a human's eye.
 */
const STATUSES: Readonly<Record<string, VenueOrderStatus>> = {
  new: 'open',
  accepted: 'open',
  pending_new: 'open',
  accepted_for_bidding: 'open',
  held: 'open',
  partially_filled: 'open',
  // Waits for the next session.
  done_for_day: 'open',
  // A trade is promised, but has not happened.
  stopped: 'open',
  // Does not trade at present, but still may.
  suspended: 'open',
  pending_replace: 'open',
  pending_cancel: 'pending-cancel',
  filled: 'filled',
  canceled: 'canceled',
  expired: 'expired',
  rejected: 'rejected',
  replaced: 'unclear',
  calculated: 'unclear',
};

const FINAL: ReadonlySet<VenueOrderStatus> = new Set(['filled', 'canceled', 'expired']);

/** An order, and when it ended. */
export interface ListedOrder {
  readonly report: VenueOrderReport;
  /** Null while it has not, and where Alpaca did not say. */
  readonly endedAt: EpochMs | null;
}

/** What this account's keys may also trade, but no order of ours is of. */
const FOREIGN = /^us_option$|^crypto_perp$|^treasury$|^corporate$|^global_equity$|^us_index$|^ipo$/;

/**
 * Reads a list of orders, those inside others included, each once. Options and the like are left
 * out. Throws an `ExchangeError`.
 */
export function readOrders(answer: unknown): readonly ListedOrder[] {
  if (!Array.isArray(answer)) throw badAnswer('orders', 'a list', nameOf(answer));
  const rows = answer
    .flatMap((row: unknown) => [row, ...legsOf(row)])
    .filter((row) => !isForeign(row));
  return [...new Map(rows.map(readOrder).map((order) => [order.report.venueId, order])).values()];
}

/** Reads one order. Throws an `ExchangeError` where it cannot be told which, or of what. */
export function readOrder(row: unknown): ListedOrder {
  if (!isRecord(row)) throw badAnswer('an order', 'an object', nameOf(row));
  const venueId = textOf(row['id']);
  if (venueId === null) throw badAnswer('an order', 'an id', nameOf(row['id']));
  const symbol = symbolOf(row['symbol'], cryptoness(row['asset_class']));
  if (symbol === null) throw badAnswer('an order', 'a symbol', nameOf(row['symbol']));
  const quantity = positiveOf(row['qty']);
  const filled = filledOf(row['filled_qty']);
  const statusText = textOf(row['status']) ?? 'none';
  const report = {
    clientId: textOf(row['client_order_id']),
    venueId,
    symbol,
    side: sideOf(row['side']),
    status: statusOf(statusText, quantity, filled),
    statusText,
    quantity,
    filled,
    averagePrice: positiveOf(row['filled_avg_price']),
    updatedAt: timeOf(row['updated_at']),
  };
  return { report, endedAt: endOf(row) };
}

/**
 * A final status that says nothing of what was filled ends nothing, nor does one that contradicts it;
 * more than was ordered is for others to judge.
 */
function statusOf(
  text: string,
  quantity: Decimal | null,
  filled: Decimal | null,
): VenueOrderStatus {
  const status = Object.hasOwn(STATUSES, text) ? (STATUSES[text] ?? 'unclear') : 'unclear';
  if (!FINAL.has(status)) return status;
  if (filled === null) return 'unclear';
  if (status !== 'filled') return status;
  return quantity === null || filled.lessThan(quantity) ? 'unclear' : 'filled';
}

function filledOf(value: unknown): Decimal | null {
  const filled = decimalOf(value);
  return filled === null || filled.isNegative ? null : filled;
}

const ENDS = ['filled_at', 'canceled_at', 'expired_at', 'failed_at', 'replaced_at'];

function endOf(row: WireRow): EpochMs | null {
  const times = ENDS.flatMap((field) => timeOf(row[field]) ?? []);
  return times.length === 0 ? timeOf(row['updated_at']) : Math.max(...times);
}

function cryptoness(assetClass: unknown): boolean | null {
  return typeof assetClass === 'string' ? assetClass === 'crypto' : null;
}

function isForeign(row: unknown): boolean {
  if (!isRecord(row)) return false;
  return row['order_class'] === 'mleg' || FOREIGN.test(textOf(row['asset_class']) ?? '');
}

function legsOf(row: unknown): readonly unknown[] {
  const legs = isRecord(row) ? row['legs'] : null;
  return Array.isArray(legs) ? legs : [];
}
