/**
 * How a venue answers a request for candles.
 * - `window`: all of the span asked for.
 * - `next`: the first that exist from the start on, jumping over holes.
 * - `recent`: its latest only, down to the one that still forms, whatever was asked for.
 * - `unified`: as ccxt promises for all: the first from the start on, up to a limit.
 */
export type AnswerStyle = 'window' | 'next' | 'recent' | 'unified';

export interface VenueProfile {
  readonly answers: AnswerStyle;
  /** Most candles of one answer; null where ccxt's own word is taken. */
  readonly pageBars: number | null;
  /** Weeks open on Monday: elsewhere on Thursday, or nobody knows. */
  readonly mondayWeeks: boolean;
  /** False where ccxt would ask for more than candles and markets need. */
  readonly needsCurrencies: boolean;
  /** Every signed request must bear a higher number than the one before, within a millisecond too. */
  readonly noncesRise: boolean;
  /** Options of ccxt's exchange class. */
  readonly options: Readonly<Record<string, unknown>>;
}

const UNKNOWN: VenueProfile = {
  answers: 'unified',
  pageBars: null,
  mondayWeeks: false,
  needsCurrencies: true,
  noncesRise: false,
  options: {},
};

const BINANCE: VenueProfile = {
  answers: 'next',
  pageBars: 1000,
  mondayWeeks: true,
  needsCurrencies: false,
  noncesRise: false,
  options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false },
};

const BITSTAMP: VenueProfile = {
  ...UNKNOWN,
  answers: 'window',
  pageBars: 1000,
  needsCurrencies: false,
  // A list of markets that made no sense would be kept for a second, and its second try spoilt.
  options: { fetchMarkets: { expires: -1 } },
};

const PROFILES = new Map<string, VenueProfile>([
  ['coinbase', { ...UNKNOWN, answers: 'window', pageBars: 300, needsCurrencies: false }],
  ['bitstamp', BITSTAMP],
  // Names of assets (XXBT) come from the list of currencies.
  ['kraken', { ...UNKNOWN, answers: 'recent', pageBars: 720, noncesRise: true }],
  ['binance', BINANCE],
  ['binanceus', BINANCE],
]);

export function profileOf(exchange: string): VenueProfile {
  return PROFILES.get(exchange) ?? UNKNOWN;
}
