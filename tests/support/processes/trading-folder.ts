import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credentials, VenueId } from '../exchange-sim/make-exchange.ts';

export interface FolderOptions {
  readonly venue: VenueId | 'alpaca';
  /** Where the exchange listens. */
  readonly url: string;
  readonly credentials: Credentials;
  /** Names of the variables of the key and its secret. */
  readonly secretNames?: readonly [string, string];
  readonly symbols: readonly string[];
  /** Source of the strategy, `strategy.mjs` in the folder. */
  readonly strategy: string;
  /** Further lines of the configuration; sections that are named here replace those of below. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Where a user would start the program: configuration, keys, a strategy of their own. */
export interface TradingFolder {
  readonly path: string;
  readonly database: string;
  readonly delete: () => void;
}

/** Makes one from nothing; always delete it. */
export function makeTradingFolder(options: FolderOptions): TradingFolder {
  const { venue, url, credentials, symbols, strategy, config = {} } = options;
  const path = mkdtempSync(join(tmpdir(), 'quantsage-trading-'));
  mkdirSync(join(path, 'config'));
  const { data = {}, live = {}, ...rest } = config;
  const text = JSON.stringify({
    data: {
      exchange: venue,
      stock_exchange: venue === 'alpaca' ? 'alpaca' : 'alpaca',
      symbols,
      timeframe: '1m',
      endpoints: { [venue]: url },
      ...asObject(data),
    },
    live: { enabled: true, max_errors: 10_000, max_creates_per_minute: 10_000, ...asObject(live) },
    execution: { max_volume_share: null },
    ...rest,
  });
  // JSON is YAML.
  writeFileSync(join(path, 'config', 'config.yaml'), text);
  writeFileSync(join(path, 'strategy.mjs'), strategy);
  const upper = venue.toUpperCase();
  const [keyName, secretName] = options.secretNames ?? [`${upper}_API_KEY`, `${upper}_API_SECRET`];
  const quoted = credentials.secret.replaceAll('\n', '\\n');
  const lines = [`${keyName}=${credentials.apiKey}`, `${secretName}="${quoted}"`];
  writeFileSync(join(path, '.env'), `${lines.join('\n')}\n`, { mode: 0o600 });
  return {
    path,
    database: join(path, 'data', 'quantsage.db'),
    delete: () => rmSync(path, { recursive: true, force: true }),
  };
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
