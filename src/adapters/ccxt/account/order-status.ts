import type { Decimal } from '../../../core/decimal.ts';
import type { VenueOrderStatus } from '../../../ports/exchange-account.ts';

/** A venue's own words in capitals. Closed: a word that is not listed says nothing. */
export type StatusTable = Readonly<Record<string, VenueOrderStatus>>;

export const COINBASE_STATUSES: StatusTable = {
  PENDING: 'open',
  QUEUED: 'open',
  OPEN: 'open',
  EDIT_QUEUED: 'open',
  CANCEL_QUEUED: 'pending-cancel',
  FILLED: 'filled',
  CANCELLED: 'canceled',
  CANCELED: 'canceled',
  EXPIRED: 'expired',
  FAILED: 'rejected',
};

export const KRAKEN_STATUSES: StatusTable = {
  PENDING: 'open',
  OPEN: 'open',
  CLOSED: 'filled',
  CANCELED: 'canceled',
  CANCELLED: 'canceled',
  EXPIRED: 'expired',
};

export const BINANCE_STATUSES: StatusTable = {
  PENDING_NEW: 'open',
  NEW: 'open',
  PARTIALLY_FILLED: 'open',
  PENDING_CANCEL: 'pending-cancel',
  FILLED: 'filled',
  CANCELED: 'canceled',
  CANCELLED: 'canceled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired',
};

/**
 * What a venue's word for an order comes to. An order that is over while nobody says how much of it
 * was filled, or filled without having filled anything, is `unclear`: its trades must tell.
 */
export function statusOf(
  table: StatusTable,
  word: string,
  filled: Decimal | null,
): VenueOrderStatus {
  const upper = word.toUpperCase();
  const status = (Object.hasOwn(table, upper) ? table[upper] : undefined) ?? 'unclear';
  if (status === 'open' || status === 'pending-cancel') return status;
  if (filled === null) return 'unclear';
  return status === 'filled' && !filled.isPositive ? 'unclear' : status;
}
