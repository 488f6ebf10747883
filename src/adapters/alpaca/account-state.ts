import { Decimal } from '../../core/decimal.ts';
import type { AccountIdentity, VenueBalance } from '../../ports/exchange-account.ts';
import { isRecord, nameOf } from './alpaca-bars.ts';
import { badAnswer } from './alpaca-faults.ts';
import { decimalOf, symbolOf, textOf, type WireRow } from './wire-values.ts';

/**
 * Whose account it is. Alpaca does not say what a pair of keys may do: keys that trade may also send
 * coins to addresses that were approved by hand. That they may not is known where the account's
 * transfers are blocked. Throws an `ExchangeError`.
 */
export function readIdentity(answer: unknown): AccountIdentity {
  const account = accountOf(answer);
  const accountId = textOf(account['account_number']) ?? textOf(account['id']);
  if (accountId === null) throw badAnswer('the account', 'a number', 'none');
  const flags = ['trading_blocked', 'account_blocked', 'trade_suspended_by_user'];
  const isBlocked = flags.some((flag) => account[flag] === true);
  const status = textOf(account['status']);
  return {
    accountId,
    mayTrade: isBlocked ? false : status === null ? null : status === 'ACTIVE',
    mayWithdraw: account['transfers_blocked'] === true ? false : null,
  };
}

/**
 * Cash in its currency, then one row a position: shares by ticker, coins by name. What is short is
 * negative. Throws an `ExchangeError`.
 */
export function readBalances(account: unknown, positions: unknown): readonly VenueBalance[] {
  if (!Array.isArray(positions)) throw badAnswer('positions', 'a list', nameOf(positions));
  return [cashOf(accountOf(account)), ...positions.flatMap((row: unknown) => holdingOf(row) ?? [])];
}

/** Cash that open orders of any kind hold is not free, nor is what has not settled. */
function cashOf(account: WireRow): VenueBalance {
  const total = decimalOf(account['cash']);
  if (total === null) throw badAnswer('the account', 'its cash', nameOf(account['cash']));
  const unheld = decimalOf(account['non_marginable_buying_power']) ?? total;
  return {
    currency: textOf(account['currency']) ?? 'USD',
    total,
    free: unheld.min(total).max(Decimal.zero),
  };
}

function holdingOf(row: unknown): VenueBalance | null {
  if (!isRecord(row)) throw badAnswer('a position', 'an object', nameOf(row));
  const assetClass = row['asset_class'];
  if (assetClass !== 'us_equity' && assetClass !== 'crypto') return null;
  const symbol = symbolOf(row['symbol'], assetClass === 'crypto');
  if (symbol === null) throw badAnswer('a position', 'a symbol', nameOf(row['symbol']));
  const total = decimalOf(row['qty']);
  if (total === null) throw badAnswer('a position', 'a quantity', nameOf(row['qty']));
  return {
    currency: symbol.split('/')[0] ?? symbol,
    total,
    free: decimalOf(row['qty_available']) ?? total,
  };
}

function accountOf(answer: unknown): WireRow {
  if (!isRecord(answer)) throw badAnswer('the account', 'an object', nameOf(answer));
  return answer;
}
