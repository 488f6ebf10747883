import type { CcxtExchange } from './ccxt-exchange.ts';

/**
 * Points every address of an exchange at a server on this machine, keeping the paths: `ws:` for its
 * streams, `http:` for the rest.
 */
export async function redirectTo(endpoint: string, exchange: CcxtExchange): Promise<void> {
  exchange.urls['api'] = moved(exchange.urls['api'], new URL(endpoint).host);
  // ccxt opens unencrypted streams only once this is loaded.
  await exchange.loadHttpProxyAgent();
}

function moved(address: unknown, host: string): unknown {
  if (typeof address === 'string') {
    return address
      .replace(/^https?:\/\/[^/]+/, `http://${host}`)
      .replace(/^wss?:\/\/[^/]+/, `ws://${host}`);
  }
  if (typeof address !== 'object' || address === null) return address;
  return Object.fromEntries(Object.entries(address).map(([key, each]) => [key, moved(each, host)]));
}
