import { afterEach } from 'vitest';
import { createAlpacaBarSource } from '../../../src/adapters/alpaca/alpaca-bar-source.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import { ALPACA_KEYS, AlpacaExchange } from '../../support/exchanges/alpaca-exchange.ts';

type SourceOptions = Parameters<typeof createAlpacaBarSource>[0];
type ExchangeOptions = Parameters<typeof AlpacaExchange.start>[0];

export const NEVER = new AbortController().signal;

/** A source of a test's own exchange, or of anything else. */
export function sourceOf(endpoint: string, options: Partial<SourceOptions> = {}): BarSource {
  return createAlpacaBarSource({
    keyId: ALPACA_KEYS.APCA_API_KEY_ID,
    secret: ALPACA_KEYS.APCA_API_SECRET_KEY,
    feed: 'iex',
    adjustment: 'raw',
    timeoutMs: 20_000,
    endpoint,
    ...options,
  });
}

/** Starts exchanges that go when the test is over. */
export function exchanges(): (options?: ExchangeOptions) => Promise<AlpacaExchange> {
  const started: AlpacaExchange[] = [];
  afterEach(async () => {
    for (const exchange of started.splice(0)) await exchange.close();
  });
  return async (options) => {
    const exchange = await AlpacaExchange.start(options);
    started.push(exchange);
    return exchange;
  };
}

export const at = (text: string) => Date.parse(text);

export const span = (from: string, to: string) => ({ from: at(from), to: at(to) });

export async function problemOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('an error was expected, was none');
}
