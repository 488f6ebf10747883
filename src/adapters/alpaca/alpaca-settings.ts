import { ConfigError } from '../../core/errors.ts';

/** Feeds that have bars of the past. */
const HISTORICAL_FEEDS = ['iex', 'sip', 'otc', 'boats'] as const;
export type HistoricalFeed = (typeof HISTORICAL_FEEDS)[number];

/** Throws a `ConfigError` on a feed that only streams. */
export function historicalFeed(feed: string): HistoricalFeed {
  const known = HISTORICAL_FEEDS.find((each) => each === feed);
  if (known !== undefined) return known;
  const hint = feed === 'delayed_sip' ? '; take sip and end 15 minutes before now' : '';
  throw new ConfigError(
    `data.alpaca_feed: a feed with bars of the past (${HISTORICAL_FEEDS.join(', ')}) was ` +
      `expected, was "${feed}"${hint}`,
  );
}

/** Keys go into headers: what may not stand there would end up in an error message instead. */
const KEY_PATTERN = /^[\x21-\x7e]+$/;

/** Throws a `ConfigError` that names the variable, never its value. */
export function requireKey(variable: string, value: string | null): string {
  if (value !== null && KEY_PATTERN.test(value)) return value;
  const actual = value === null || value === '' ? 'not set' : 'text with spaces or odd characters';
  throw new ConfigError(
    `alpaca: a key was expected in ${variable}, was ${actual}; set APCA_API_KEY_ID and ` +
      `APCA_API_SECRET_KEY in the environment or in .env; a free account gives a pair: ` +
      `https://app.alpaca.markets (Paper, API Keys)`,
  );
}

/** Feeds that have a price of now. */
const QUOTE_FEEDS = ['iex', 'sip', 'delayed_sip', 'otc', 'boats', 'overnight'] as const;
export type QuoteFeed = (typeof QUOTE_FEEDS)[number];

/** Throws a `ConfigError` on a feed without quotes. */
export function quoteFeed(feed: string): QuoteFeed {
  const known = QUOTE_FEEDS.find((each) => each === feed);
  if (known !== undefined) return known;
  throw new ConfigError(
    `data.alpaca_feed: a feed with quotes (${QUOTE_FEEDS.join(', ')}) was expected, was "${feed}"`,
  );
}

/** How Alpaca's keys begin, by the kind of account they open. */
const PREFIXES = { paper: 'PK', live: 'AK' } as const;

/**
 * Throws a `ConfigError` for the keys of a paper account where money is meant, and the reverse. Keys
 * that begin in another way are for Alpaca to judge, which knows each pair at one of its hosts alone.
 */
export function requireMatchingKey(keyId: string, paper: boolean): void {
  const [meant, other] = paper ? (['paper', 'live'] as const) : (['live', 'paper'] as const);
  if (!keyId.startsWith(PREFIXES[other])) return;
  throw new ConfigError(
    `alpaca: keys of a ${meant} account were expected in APCA_API_KEY_ID, were those of a ${other} ` +
      `account (they begin with ${PREFIXES[other]}); set those of the ${meant} account, or trade ` +
      `on ${other}`,
  );
}
