/** A process of its own: watches candles, stops, and has to come to an end by itself. */
import { createCcxtBarSource } from '../../../src/adapters/ccxt/create-ccxt-bar-source.ts';

const [exchange = '', endpoint = ''] = process.argv.slice(2);
const source = await createCcxtBarSource({
  exchange,
  endpoint,
  timeoutMs: 10_000,
  streaming: true,
  nearest: () => null,
});
const stop = new AbortController();
const heard: unknown[] = [];
await source.watch?.(
  [{ symbol: 'BTC/USD', timeframe: '1h' }],
  (update) => {
    heard.push(update);
    stop.abort();
  },
  stop.signal,
);
await source.close();
process.stdout.write(JSON.stringify({ heard: heard.length > 0 }));
