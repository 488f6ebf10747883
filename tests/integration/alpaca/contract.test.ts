import type { Timeframe } from '../../../src/core/time.ts';
import type { SourceBar } from '../../../src/ports/bar-source.ts';
import { AlpacaExchange } from '../../support/exchanges/alpaca-exchange.ts';
import type { WireBar } from '../../support/exchanges/alpaca-market.ts';
import { barSourceContract } from '../contract/bar-source.contract.ts';
import { at, sourceOf, span } from './sources.ts';

const NOW = at('2024-06-28T20:00:00Z');

const WIRE = { '1m': '1Min', '1h': '1Hour', '1d': '1Day', '1w': '1Week' } as const;

/** Longer than a page where the exchange cuts pages short. */
const SPANS = {
  '1m': span('2024-06-03T08:00:00Z', '2024-06-21T20:00:00Z'),
  '1h': span('2024-03-04T08:00:00Z', '2024-03-15T20:00:00Z'),
  '1d': span('2024-01-02T00:00:00Z', '2024-06-01T00:00:00Z'),
  '1w': span('2024-01-01T00:00:00Z', '2024-06-03T00:00:00Z'),
} as const;

/** Nobody trades on a weekend, at night, or in half a week. */
const HOLES = {
  '1m': span('2024-06-08T00:00:00Z', '2024-06-10T08:00:00Z'),
  '1h': span('2024-03-09T01:00:00Z', '2024-03-11T08:00:00Z'),
  '1d': span('2024-03-29T00:00:00Z', '2024-04-01T00:00:00Z'),
  '1w': span('2024-03-05T00:00:00Z', '2024-03-11T00:00:00Z'),
} as const;

/** What the exchange has, as a program reads it. */
function readBar({ t, o, h, l, c, v }: WireBar, timeframe: Timeframe): SourceBar {
  // Midnight in New York is four or five hours into the UTC day.
  const isDated = timeframe === '1d' || timeframe === '1w';
  const openTime = isDated ? at(`${t.slice(0, 10)}T00:00:00Z`) : at(t);
  return { openTime, open: o, high: h, low: l, close: c, volume: v };
}

for (const timeframe of ['1m', '1h', '1d', '1w'] as const) {
  barSourceContract(`alpaca by ${timeframe}`, async () => {
    const pageBars = timeframe === '1m' ? 10_000 : 9;
    const exchange = await AlpacaExchange.start({ now: NOW, pageBars });
    const series = { symbol: 'AAPL', timeframe } as const;
    return {
      source: sourceOf(exchange.url),
      series,
      span: SPANS[timeframe],
      bars: exchange
        .bars({ symbol: 'AAPL', timeframe: WIRE[timeframe], adjustment: 'raw' }, SPANS[timeframe])
        .map((bar) => readBar(bar, timeframe)),
      hole: HOLES[timeframe],
      now: NOW,
      misspelt: { symbol: 'AAPLE', meant: 'AAPL' },
      requests: () => exchange.requests.length,
      hang: () => exchange.fail({ kind: 'hang' }, { times: Infinity }),
      stop: () => exchange.close(),
    };
  });
}
