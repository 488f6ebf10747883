import { afterEach, describe, expect, it } from 'vitest';
import { HOUR_MS, timeframeMs, type TimeSpan } from '../../../src/core/time.ts';
import type { BarSource, SourcePage } from '../../../src/ports/bar-source.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { openSource } from './open-source.ts';
import { BTC_1H, FORMING, HOLE, MARKETS, NOW, VENUES, barsOf, hoursAgo } from './venue-stages.ts';

const NEVER = new AbortController().signal;
const STARTS = new Map<string, (typeof VENUES)[number][1]>(VENUES);

let server: LoopbackServer;
let source: BarSource;

async function pageFrom(venue: string, span: TimeSpan): Promise<SourcePage> {
  const start = STARTS.get(venue);
  if (start === undefined) throw new Error(`no server speaks as ${venue}`);
  server = await start({ now: NOW, markets: MARKETS });
  source = await openSource(venue, server);
  return source.page(BTC_1H, span, NEVER);
}

afterEach(async () => {
  await source.close();
  await server.stop();
});

/** Hours before the forming candle opens, from which on the page vouches for nothing. */
function hoursLeft({ completeTo }: SourcePage): number {
  return (FORMING - completeTo) / HOUR_MS;
}

describe('a page of candles', () => {
  it.each([
    ['coinbase', 'as long as its answers can be', [900, 0, 600]],
    ['coinbase', 'to the end of a short span', [100, 0, 0]],
    ['coinbase', 'over candles that do not exist', [290, 270, 270]],
    ['bitstamp', 'as long as its answers can be', [2500, 0, 1500]],
    ['bitstamp', 'over candles that do not exist', [290, 270, 270]],
    // 1000 candles, of which 40 that do not exist lie beyond the page.
    ['binance', 'to the last of a full answer', [2500, 0, 1500]],
    ['binance', 'to the last of a full answer with a hole in it', [1100, 0, 60]],
    ['binance', 'to the end where the next candle is later', [290, 270, 270]],
    ['kraken', 'to the end of the span', [700, 50, 50]],
    ['kraken', 'past what it no longer has', [5000, 0, 0]],
    ['kraken', 'over candles that do not exist', [290, 270, 270]],
  ] as const)('is complete on %s %s', async (venue, _, [from, to, left]) => {
    const page = await pageFrom(venue, { from: hoursAgo(from), to: hoursAgo(to) });
    expect(hoursLeft(page)).toBe(left);
  });

  it('tells on kraken what its last 720 candles tell, the forming one included', async () => {
    const page = await pageFrom('kraken', { from: hoursAgo(5000), to: hoursAgo(0) });
    const kept = { from: hoursAgo(719), to: NOW };
    expect(page.bars).toEqual(barsOf(server.market.candles('BTC/USD', '1h', kept)));
    expect(page.bars.at(-1)?.openTime).toBe(FORMING);
  });

  it('keeps the order of the venue: coinbase sends the newest first', async () => {
    const page = await pageFrom('coinbase', { from: hoursAgo(5), to: hoursAgo(0) });
    expect(page.bars.map(({ openTime }) => openTime)).toEqual([1, 2, 3, 4, 5].map(hoursAgo));
  });

  it('jumps on binance over a hole in one request', async () => {
    const page = await pageFrom('binance', { from: HOLE.from, to: hoursAgo(0) });
    expect(page.bars[0]?.openTime).toBe(HOLE.to);
    expect(server.requestsFor('candles')).toHaveLength(1);
  });

  it('brings the candle that still forms where the span holds it', async () => {
    const page = await pageFrom('binance', { from: hoursAgo(2), to: hoursAgo(-1) });
    expect(page.bars).toEqual(
      barsOf(server.market.candles('BTC/USD', '1h', { from: hoursAgo(2), to: NOW })),
    );
  });

  it('carries prices of eight decimals to the last digit', async () => {
    await pageFrom('coinbase', { from: hoursAgo(1), to: hoursAgo(0) });
    const span = { from: hoursAgo(20), to: hoursAgo(0) };
    const page = await source.page({ symbol: 'SHIB/USD', timeframe: '1h' }, span, NEVER);
    const honest = server.market.candles('SHIB/USD', '1h', span);
    expect(page.bars.toReversed()).toEqual(barsOf(honest));
    expect(page.bars[0]?.close).toBeLessThan(1e-4);
  });

  it.each(VENUES)('reads on %s whatever timeframe it says it serves', async (venue) => {
    await pageFrom(venue, { from: hoursAgo(2), to: hoursAgo(0) });
    for (const timeframe of source.timeframes) {
      const span = { from: NOW - 3 * timeframeMs(timeframe), to: NOW };
      const { bars } = await source.page({ symbol: 'BTC/USD', timeframe }, span, NEVER);
      const honest = barsOf(server.market.candles('BTC/USD', timeframe, span));
      expect(honest).toHaveLength(3);
      expect(bars).toEqual(expect.arrayContaining([...honest]));
    }
  });
});
