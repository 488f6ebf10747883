import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/core/errors.ts';
import { mapColumns } from '../../../src/data/bar-columns.ts';

const BTC = { source: 'bars.csv', line: 1, symbol: 'BTC/USD' };

function indexesOf(header: string): readonly number[] {
  const { openTime, open, high, low, close, volume } = mapColumns(header.split(','), BTC).indexes;
  return [openTime, open, high, low, close, volume];
}

describe('mapColumns', () => {
  it.each([
    ['our own export', 'timestamp,open,high,low,close,volume', [0, 1, 2, 3, 4, 5]],
    ['Yahoo', 'Date,Open,High,Low,Close,Adj Close,Volume', [0, 1, 2, 3, 4, 6]],
    [
      'CryptoDataDownload',
      'unix,date,symbol,open,high,low,close,Volume BTC,Volume USD',
      [0, 3, 4, 5, 6, 7],
    ],
    [
      'CryptoDataDownload, the other order',
      'Unix Timestamp,Date,Symbol,Open,High,Low,Close,Volume USD,Volume BTC',
      [0, 3, 4, 5, 6, 8],
    ],
    [
      'Binance',
      'Open time,Open,High,Low,Close,Volume,Close time,Quote asset volume,Trades',
      [0, 1, 2, 3, 4, 5],
    ],
    [
      'Bitstamp on Kaggle',
      'Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency),Weighted_Price',
      [0, 1, 2, 3, 4, 5],
    ],
    ['TradingView', 'time,open,high,low,close,Volume', [0, 1, 2, 3, 4, 5]],
    ['a data frame with a nameless index', ',Open,High,Low,Close,Volume', [0, 1, 2, 3, 4, 5]],
    ['MetaTrader brackets', '<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>', [0, 1, 2, 3, 4, 5]],
    ['shuffled columns', 'volume,close,low,high,open,datetime', [5, 4, 3, 2, 1, 0]],
    ['blanks around names', ' timestamp , open ,high,low,close, volume ', [0, 1, 2, 3, 4, 5]],
    ['the older name of bitcoin', 'date,open,high,low,close,Volume XBT', [0, 1, 2, 3, 4, 5]],
  ])('finds the columns of %s', (_, header, indexes) => {
    expect(indexesOf(header)).toEqual(indexes);
  });

  it('says which columns it does not use, and that prices stay unadjusted', () => {
    const header = ['Date', 'Open', 'High', 'Low', 'Close', 'Adj Close', 'Volume', 'symbol'];
    expect(mapColumns(header, BTC).notes).toEqual([
      'column "Adj Close" not used; ' +
        'prices are taken as they are, not adjusted for splits or dividends',
    ]);
  });

  it('notes nothing when every column is used', () => {
    const header = ['timestamp', 'open', 'high', 'low', 'close', 'volume'];
    expect(mapColumns(header, BTC).notes).toEqual([]);
  });

  it.each([
    ['timestamp,open,high,low,close', 'a header with a column for volume'],
    ['timestamp,open,high,low,close,Volume USD', 'a header with a column for volume'],
    ['timestamp,open,hihg,low,close,volume', 'a header with a column for high'],
    ['day,open,high,low,close,volume', 'a header with a column for time'],
    ['timestamp,open,high,low,close,volume,Close', 'one close column instead of "close" and'],
    ['timestamp,open,high,low,close,volume,Volume', 'one volume column instead of "volume" and'],
    ['date,time,open,high,low,close,volume', 'one time column instead of "date" and "time"'],
  ])('refuses the header %s and asks for %s', (header, expected) => {
    const attempt = (): unknown => mapColumns(header.split(','), BTC);
    expect(attempt).toThrow(DataError);
    expect(attempt).toThrow(`bars.csv:1: ${expected}`);
    expect(attempt).toThrow(`was ${JSON.stringify(header).slice(0, 50)}`);
  });

  it('tells a file without a header to begin with one', () => {
    const row = ['2018-01-01T00:00:00Z', '1', '2', '1', '2', '5'];
    expect(() => mapColumns(row, BTC)).toThrow(
      'bars.csv:1: a header with a column for time was expected, was "2018-01-01T00:00:00Z,1,2,1,2,5"; ' +
        'begin the file with the line timestamp,open,high,low,close,volume',
    );
  });
});
