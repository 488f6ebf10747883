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
