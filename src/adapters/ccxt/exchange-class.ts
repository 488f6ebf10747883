import { readdirSync } from 'node:fs';
import * as z from 'zod';
import { ConfigError } from '../../core/errors.ts';
import type { ExchangeClass } from './ccxt-exchange.ts';

/** The known word a misspelt one stands for; null when none is close. Both in lower case. */
export type FindNearest = (word: string, known: readonly string[]) => string | null;

const exchangeClass = z.custom<ExchangeClass>((value) => typeof value === 'function');
const oneExchange = z.object({ default: exchangeClass });

/**
 * Loads the class of one exchange: a hundred of them come along with ccxt's own entry, which takes
 * three times as long. Throws a `ConfigError` on an exchange that ccxt does not know.
 */
export async function loadExchangeClass(
  id: string,
  streaming: boolean,
  nearest: FindNearest,
): Promise<ExchangeClass> {
  const entry = import.meta.resolve('ccxt');
  const known = exchangeIds(new URL('./src/', entry));
  if (!known.includes(id)) throw unknownExchange(id, known, nearest);
  const streams = streaming && exchangeIds(new URL('./src/pro/', entry)).includes(id);
  const file = new URL(`./src/${streams ? 'pro/' : ''}${id}.js`, entry);
  try {
    const module: unknown = await import(file.href);
    return oneExchange.parse(module).default;
  } catch {
    // The file is no public entry of the package: should it move, the public one has them all.
    return fromEntry(id, streams);
  }
}

async function fromEntry(id: string, streams: boolean): Promise<ExchangeClass> {
  const { default: all } = await import('ccxt');
  const classes = z.record(z.string(), z.unknown()).parse(streams ? all.pro : all);
  return exchangeClass.parse(classes[id]);
}

/** Names of exchanges from names of files: nothing is loaded to know them. */
function exchangeIds(folder: URL): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => name.slice(0, -'.js'.length));
}

function unknownExchange(id: string, known: readonly string[], nearest: FindNearest): ConfigError {
  const candidate = nearest(id.toLowerCase(), known);
  const hint =
    candidate === null
      ? `one of ${known.length}, among them binance, bitstamp, coinbase and kraken`
      : `did you mean "${candidate}"?`;
  return new ConfigError(`an exchange that ccxt knows was expected, was "${id}"; ${hint}`);
}
