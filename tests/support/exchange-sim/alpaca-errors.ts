import type { Refusal } from './exchange-types.ts';

/** An error as Alpaca answers it. */
export class AlpacaError extends Error {
  readonly status: number;
  readonly code: number | null;

  constructor(status: number, code: number | null, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  get body(): object {
    return { ...(this.code !== null && { code: this.code }), message: this.message };
  }
}

export const ERRORS = {
  badKey: () => new AlpacaError(401, null, 'unauthorized.'),
  noPath: () => new AlpacaError(404, 40_410_000, 'endpoint not found'),
  noOrder: (id: string) => new AlpacaError(404, 40_410_000, `order not found for ${id}`),
  noAsset: (symbol: string) => new AlpacaError(404, 40_410_000, `asset not found for ${symbol}`),
  notCancelable: (status: string) =>
    new AlpacaError(422, 42_210_000, `order is already in "${status}" state`),
  invalid: (words: string) => new AlpacaError(422, 42_210_000, words),
  malformed: () => new AlpacaError(400, 40_010_000, 'request body format is invalid'),
} as const;

const REFUSALS: Readonly<Record<Refusal, readonly [number, number, string]>> = {
  'unknown-symbol': [422, 42_210_000, 'asset "X" not found'],
  'not-trading': [422, 42_210_000, 'asset X is not tradable'],
  'lot-step': [422, 42_210_000, 'qty increment is not a multiple of the minimum'],
  'min-quantity': [403, 40_310_000, 'cost basis must be >= minimal amount of order 10'],
  'tick-size': [422, 42_210_000, 'invalid limit_price 1.23456. sub-penny increment'],
  'min-notional': [403, 40_310_000, 'cost basis must be >= minimal amount of order 10'],
  'price-band': [422, 42_210_000, 'limit price is too far from the market'],
  funds: [403, 40_310_000, 'insufficient buying power'],
  'duplicate-id': [422, 40_010_001, 'client_order_id must be unique'],
  'would-trigger': [422, 42_210_000, 'stop price must be below the market'],
  'would-take': [422, 42_210_000, 'order would take'],
  'bad-order': [422, 42_210_000, 'limit orders require limit price'],
};

export function alpacaRefusal(reason: Refusal): AlpacaError {
  return new AlpacaError(...REFUSALS[reason]);
}
