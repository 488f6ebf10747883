import { ConfigError } from '../../../core/errors.ts';
import type { Credentials } from '../ccxt-exchange.ts';

/** Variables of the environment that hold keys of exchanges. */
export const CCXT_SECRETS = [
  'BINANCE_API_KEY',
  'BINANCE_API_SECRET',
  'BINANCEUS_API_KEY',
  'BINANCEUS_API_SECRET',
  'COINBASE_API_KEY',
  'COINBASE_API_SECRET',
  'KRAKEN_API_KEY',
  'KRAKEN_API_SECRET',
] as const;
export type CcxtSecret = (typeof CCXT_SECRETS)[number];

/** Where the keys of one exchange are. */
export interface SecretNames {
  readonly apiKey: CcxtSecret;
  readonly secret: CcxtSecret;
}

/**
 * Keys of an account. A key of several lines may stand in one, with `\n` between: that is how it
 * fits into `.env`. Throws a `ConfigError` that names the variable, never its value.
 */
export function credentialsFrom(
  exchange: string,
  names: SecretNames,
  read: (name: CcxtSecret) => string | null,
): Credentials {
  const value = (name: CcxtSecret) => {
    const text = read(name)?.replaceAll('\\n', '\n').trim() ?? '';
    if (isKey(text)) return text;
    throw new ConfigError(
      `${exchange}: a key was expected in ${name}, was ` +
        `${text === '' ? 'not set' : 'text with spaces or odd characters'}; set ${names.apiKey} ` +
        `and ${names.secret} in the environment or in .env`,
    );
  };
  return { apiKey: value(names.apiKey), secret: value(names.secret) };
}

/** Keys go into headers: what may not stand there would end up in an error message instead. */
function isKey(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text) || /^-----BEGIN [\x20-\x7e\n]+-----$/.test(text);
}
