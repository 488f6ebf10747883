import { binance, coinbase, kraken, type Exchange } from 'ccxt';
import { inProcessFetch, type InProcessOptions } from './in-process-fetch.ts';
import type { Credentials, VenueId } from './make-exchange.ts';

const CLASSES = { binance, coinbase, kraken } as const;

/** ccxt's own client of a venue, pointed at a server on this machine. */
export async function ccxtAt(
  venue: VenueId,
  url: string,
  credentials: Credentials,
): Promise<Exchange> {
  const client = ccxtClient(venue, credentials);
  client.urls = { ...client.urls, api: moved(client.urls.api, url) };
  await client.loadMarkets();
  return client;
}

/** ccxt's own client of a venue, for an exchange within the process; it tells time by its clock. */
export async function ccxtInProcess(
  venue: VenueId,
  options: InProcessOptions & { readonly credentials: Credentials },
): Promise<Exchange> {
  const client = ccxtClient(venue, options.credentials);
  const { time } = options;
  client.fetchImplementation = inProcessFetch(options);
  client.milliseconds = () => time.now();
  client.seconds = () => Math.floor(time.now() / 1000);
  await client.loadProxyModules();
  await time.settle(client.loadMarkets());
  return client;
}

/** ccxt's own client of a venue: no limit of rates, spot alone. */
export function ccxtClient(venue: VenueId, credentials: Credentials): Exchange {
  const options = {
    fetchMarkets: { types: ['spot'] },
    fetchCurrencies: false,
    fetchMargins: false,
  };
  return new CLASSES[venue]({
    ...credentials,
    enableRateLimit: false,
    ...(venue === 'binance' ? { options } : {}),
  });
}

/** These venues have one level of addresses. */
function moved(addresses: Exchange['urls']['api'], url: string): Record<string, string> {
  const found: Record<string, string> = {};
  if (typeof addresses !== 'object') return found;
  for (const [name, address] of Object.entries<unknown>(addresses)) {
    found[name] = String(address).replace(/^https?:\/\/[^/]+/, url);
  }
  return found;
}
