import * as z from 'zod';
import type { BarUpdate, SourceSeries } from '../../ports/bar-source.ts';
import { sourceBars } from './candle-rows.ts';
import type { CcxtExchange } from './ccxt-exchange.ts';
import { exchangeFault } from './ccxt-faults.ts';

/** Opens an exchange for one stream alone, its markets known. */
type OpenStream = () => Promise<CcxtExchange>;

/** What the WebSocket of a ccxt client can do at any time. */
interface Socket {
  terminate(): void;
}

const clients = z.record(
  z.string(),
  z.object({
    connection: z.custom<Socket>(
      (value) => typeof value === 'object' && value !== null && 'terminate' in value,
    ),
  }),
);

/**
 * Follows candles until the signal aborts; rejects with an `ExchangeError` when a stream breaks.
 * Every timeframe has an exchange, and so a socket, of its own: ccxt tells Kraken's candles apart by
 * symbol alone, and after a break its caches would repeat old ones.
 */
export async function followCandles(
  open: OpenStream,
  series: readonly SourceSeries[],
  onUpdate: (update: BarUpdate) => void,
  signal: AbortSignal,
): Promise<void> {
  const exchanges: CcxtExchange[] = [];
  const ended = new AbortController();
  try {
    const followings: Promise<void>[] = [];
    for (const timeframe of new Set(series.map((each) => each.timeframe))) {
      const exchange = await open();
      exchanges.push(exchange);
      const group = series.filter((each) => each.timeframe === timeframe);
      followings.push(...group.map((each) => followSeries(exchange, each, onUpdate, ended.signal)));
    }
    await Promise.race([whenAborted(signal, ended.signal), Promise.all(followings)]);
  } finally {
    ended.abort();
    for (const exchange of exchanges) hangUp(exchange);
  }
}

async function followSeries(
  exchange: CcxtExchange,
  { symbol, timeframe }: SourceSeries,
  onUpdate: (update: BarUpdate) => void,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    const rows = await exchange.watchOHLCV(symbol, timeframe).catch((error: unknown) => {
      throw exchangeFault(exchange.id, `a stream of ${symbol} ${timeframe}`, error, null);
    });
    if (ended.aborted) return;
    for (const bar of sourceBars(rows)) onUpdate({ symbol, timeframe, bar });
  }
}

function whenAborted(signal: AbortSignal, forget: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: forget });
  });
}

/** At once: a polite close would wait half a minute for a server that no longer answers. */
function hangUp(exchange: CcxtExchange): void {
  const open = clients.safeParse(exchange.clients);
  for (const { connection } of Object.values(open.data ?? {})) connection.terminate();
}
