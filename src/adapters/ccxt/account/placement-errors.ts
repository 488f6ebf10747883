import type { RefusalCause } from '../../../ports/exchange-account.ts';

/**
 * What an error of ccxt says of an order that was sent, by class; one that is not listed says what its
 * parent does. A cause is proof that the exchange did not take it; `unknown` is everything else:
 * the order may be working. Not even a name that sounds like a refusal is one where the library uses
 * it for answers it does not know (`ExchangeError`), or where it tells of an order that is there
 * (`DuplicateOrderId`).
 */
export const PLACEMENT_ERRORS: Readonly<Record<string, RefusalCause | 'unknown'>> = {
  BaseError: 'unknown',
  ExchangeError: 'unknown',
  AuthenticationError: 'auth',
  PermissionDenied: 'auth',
  AccountSuspended: 'auth',
  ArgumentsRequired: 'other',
  BadRequest: 'other',
  BadSymbol: 'market',
  OperationRejected: 'other',
  NoChange: 'unknown',
  MarketClosed: 'market',
  ManualInteractionNeeded: 'unknown',
  RestrictedLocation: 'auth',
  InsufficientFunds: 'funds',
  InvalidAddress: 'unknown',
  InvalidOrder: 'filter',
  OrderNotFound: 'unknown',
  OrderNotCached: 'unknown',
  OrderImmediatelyFillable: 'other',
  OrderNotFillable: 'other',
  DuplicateOrderId: 'unknown',
  ContractUnavailable: 'market',
  NotSupported: 'other',
  InvalidProxySettings: 'other',
  ExchangeClosedByUser: 'unknown',
  OperationFailed: 'unknown',
  NetworkError: 'unknown',
  RequestTimeout: 'unknown',
  RateLimitExceeded: 'unknown',
  DDoSProtection: 'unknown',
  ExchangeNotAvailable: 'unknown',
  OnMaintenance: 'unknown',
  InvalidNonce: 'other',
  ChecksumError: 'unknown',
  BadResponse: 'unknown',
  CancelPending: 'unknown',
  UnsubscribeError: 'unknown',
};
