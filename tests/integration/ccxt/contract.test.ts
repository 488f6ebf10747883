import { barSourceContract } from '../contract/bar-source.contract.ts';
import { openSource } from './open-source.ts';
import { BTC_1H, FORMING, HOLE, MARKETS, NOW, VENUES, barsOf, hoursAgo } from './venue-stages.ts';

/** Kraken keeps 720 candles; the others more than fit one page. */
const SPANS = { coinbase: 900, kraken: 700, binance: 2500, bitstamp: 2500 };

for (const [venue, start] of VENUES) {
  barSourceContract(`ccxt on ${venue}`, async () => {
    const server = await start({ now: NOW, markets: MARKETS });
    const span = { from: hoursAgo(SPANS[venue]), to: FORMING };
    return {
      source: await openSource(venue, server),
      series: BTC_1H,
      span,
      bars: barsOf(server.market.candles('BTC/USD', '1h', span)),
      hole: HOLE,
      now: NOW,
      misspelt: { symbol: 'BTC/UDS', meant: 'BTC/USD' },
      requests: () => server.requests.length,
      hang: () => server.inject({ kind: 'hang' }, { on: 'any', times: Infinity }),
      stop: () => server.stop(),
    };
  });
}
