import type { Refusal } from './exchange-types.ts';

interface ErrorBody {
  readonly code: number;
  readonly msg: string;
}

/** An error as Binance answers it: https://developers.binance.com/docs/binance-spot-api-docs/errors */
export class BinanceError extends Error {
  readonly body: ErrorBody;
  readonly status: number;

  constructor(body: ErrorBody) {
    super(body.msg);
    this.body = body;
    this.status = body.code === -1 ? 404 : body.code === -2015 ? 401 : 400;
  }
}

export const ERRORS = {
  noSuchPath: { code: -1, msg: 'Not found' },
  interval: { code: -1120, msg: 'Invalid interval.' },
  invalidSymbol: { code: -1121, msg: 'Invalid symbol.' },
  tooEarly: {
    code: -1021,
    msg: "Timestamp for this request was 1000ms ahead of the server's time.",
  },
  tooLate: { code: -1021, msg: 'Timestamp for this request is outside of the recvWindow.' },
  badSignature: { code: -1022, msg: 'Signature for this request is not valid.' },
  badKey: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' },
  noPermission: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' },
  unknownOrder: { code: -2011, msg: 'Unknown order sent.' },
  noSuchOrder: { code: -2013, msg: 'Order does not exist.' },
  longSpan: { code: -1127, msg: 'More than 24 hours between startTime and endTime.' },
  type: { code: -1116, msg: 'Invalid orderType.' },
  side: { code: -1117, msg: 'Invalid side.' },
  timeInForce: { code: -1115, msg: 'Invalid timeInForce.' },
  missing: (name: string): ErrorBody => ({
    code: -1102,
    msg: `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
  }),
  illegal: (name: string): ErrorBody => ({
    code: -1100,
    msg: `Illegal characters found in parameter '${name}'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.`,
  }),
  precision: (name: string): ErrorBody => ({
    code: -1111,
    msg: `Parameter '${name}' has too much precision.`,
  }),
} as const;

const REFUSALS: Readonly<Record<Refusal, ErrorBody>> = {
  'unknown-symbol': ERRORS.invalidSymbol,
  'not-trading': { code: -1013, msg: 'Market is closed.' },
  'lot-step': { code: -1013, msg: 'Filter failure: LOT_SIZE' },
  'min-quantity': { code: -1013, msg: 'Filter failure: LOT_SIZE' },
  'tick-size': { code: -1013, msg: 'Filter failure: PRICE_FILTER' },
  'min-notional': { code: -1013, msg: 'Filter failure: NOTIONAL' },
  'price-band': { code: -1013, msg: 'Filter failure: PERCENT_PRICE_BY_SIDE' },
  funds: { code: -2010, msg: 'Account has insufficient balance for requested action.' },
  'duplicate-id': { code: -2010, msg: 'Duplicate order sent.' },
  'would-trigger': { code: -2010, msg: 'Stop price would trigger immediately.' },
  'would-take': { code: -2010, msg: 'Order would immediately match and take.' },
  'bad-order': ERRORS.missing('price'),
};

export function binanceRefusal(reason: Refusal): ErrorBody {
  return REFUSALS[reason];
}
