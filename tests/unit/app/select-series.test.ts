import { describe, expect, it } from 'vitest';
import { selectSeries, type SeriesQuery } from '../../../src/app/select-series.ts';
import { ConfigError, DataError } from '../../../src/core/errors.ts';
import { assetClassOf, type Adjustment } from '../../../src/core/instrument.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import type { Series } from '../../../src/ports/bar-store.ts';
import { START } from '../../support/bars.ts';

function series(id: number, symbol: string, adjustment: Adjustment): Series {
  return {
    id,
    exchange: 'alpaca',
    symbol,
    timeframe: '1d',
    adjustment,
    assetClass: assetClassOf(symbol),
    calendar: 'unknown',
    bars: 10,
    firstOpen: START,
    lastOpen: START + 9 * DAY_MS,
  };
}

const STORED = [
  series(1, 'AAPL', 'raw'),
  series(2, 'AAPL', 'all'),
  series(3, 'MSFT', 'raw'),
  series(4, 'BTC/USD', 'raw'),
  { ...series(5, 'GOOG', 'raw'), exchange: 'stooq' },
];

function idsOf(symbols: readonly string[], adjustment: Adjustment): readonly number[] {
  const query: SeriesQuery = {
    symbols,
    timeframe: '1d',
    range: { start: null, end: null },
    exchange: null,
    preferredExchange: 'alpaca',
    adjustment,
  };
  const store = { series: () => STORED, openTimeBefore: () => null, pages: () => [] };
  return selectSeries(store, query).map(({ id }) => id);
}

describe('selectSeries', () => {
  it('takes stocks with the adjustment that was asked for', () => {
    expect(idsOf(['AAPL'], 'raw')).toEqual([1]);
    expect(idsOf(['AAPL'], 'all')).toEqual([2]);
  });

  it('takes crypto raw whatever was asked for', () => {
    expect(idsOf(['BTC/USD', 'AAPL'], 'all')).toEqual([4, 2]);
  });

  it('says where bars are on another exchange than the rest', () => {
    expect(idsOf(['GOOG'], 'raw')).toEqual([5]);
    expect(() => idsOf(['AAPL', 'MSFT', 'GOOG'], 'raw')).toThrow(
      /no bars for GOOG 1d .*stooq has 1d from .*; a backtest is on one exchange, the others are of alpaca; run/,
    );
  });

  it('asks whether a pair was meant where a symbol is written as one elsewhere', () => {
    expect(() => idsOf(['BTC-USD'], 'raw')).toThrow(ConfigError);
    expect(() => idsOf(['BTC-USD'], 'raw')).toThrow(/was "BTC-USD"; did you mean "BTC\/USD"\?/);
    expect(() => idsOf(['SOL/USD'], 'raw')).toThrow(DataError);
  });

  it('never fills a missing adjustment with another one, and says what there is', () => {
    expect(() => idsOf(['AAPL', 'MSFT'], 'all')).toThrow(DataError);
    expect(() => idsOf(['AAPL', 'MSFT'], 'all')).toThrow(
      /no all-adjusted bars for MSFT 1d .*alpaca has 1d from .*--set data\.adjustment=all/,
    );
    expect(() => idsOf(['AAPL'], 'split')).toThrow(/alpaca has 1d with data\.adjustment=all from/);
  });
});
