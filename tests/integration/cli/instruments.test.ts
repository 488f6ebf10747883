import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { BTC, dec } from '../../support/orders.ts';
import { candles, fewCandles } from './candles.ts';
import { DATABASE, refusalOf, userDirectories, type UserDirectory } from './command-line.ts';

const makeDirectory = userDirectories();
const FROM = '2024-01-01T00:00:00Z';

/** Bars of three instruments, of which the venue of one has told its terms twice. */
async function toldTwice(): Promise<UserDirectory> {
  const directory = makeDirectory({
    'btc.csv': candles({ from: FROM, count: 300, close: (index) => 100 + (index % 3) }),
    'aapl.csv': fewCandles(FROM),
  });
  const hourly = ['--timeframe', '1h'] as const;
  await directory.prepare('import', 'btc.csv', '--symbol', 'BTC/USD', ...hourly);
  await directory.prepare('import', 'btc.csv', '--symbol', 'ETH/USD', ...hourly);
  const eth = ['--symbol', 'ETH/USD', '--exchange', 'kraken'] as const;
  await directory.prepare('import', 'btc.csv', ...eth, ...hourly);
  const database = openDatabase(directory.at(DATABASE));
  const store = new SqliteBarStore(database);
  const fees = { maker: dec('0.004'), taker: dec('0.006') };
  const first = { ...BTC, fees };
  store.recordInstrument('coinbase', { validFrom: 1, instrument: first }, 'coinbase');
  const later = { ...first, lotStep: dec('0.0001'), fees: { ...fees, taker: dec('0.0055') } };
  const validFrom = Date.parse('2024-01-05T12:30:00Z');
  store.recordInstrument('coinbase', { validFrom, instrument: later }, 'coinbase');
  database.close();
  return directory;
}

describe('data instruments', () => {
  it('prints the terms of every instrument, with the times they hold from', async () => {
    const { code, stdout, stderr } = await (await toldTwice()).run('data', 'instruments');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'Exchange  Symbol   Valid from        Tick         Lot  Minimum   Maker   Taker  Source',
      'coinbase  BTC/USD  always            0.01  0.00000001    1 USD  0.40 %  0.60 %  coinbase',
      'coinbase  BTC/USD  2024-01-05 12:30  0.01      0.0001    1 USD  0.40 %  0.55 %  coinbase',
      'coinbase  ETH/USD  always               1  0.00000001    1 USD                  btc.csv (taken from prices)',
      'kraken    ETH/USD  always               1  0.00000001    1 USD                  btc.csv (taken from prices)',
      '',
    ]);
  });

  it('prints the same as JSON, amounts as exact text', async () => {
    const directory = await toldTwice();
    const { stdout } = await directory.run('data', 'instruments', '--symbols', 'BTC/USD', '--json');
    const terms = {
      exchange: 'coinbase',
      symbol: 'BTC/USD',
      quote_currency: 'USD',
      tick_size: '0.01',
      min_notional: '1',
      maker: 0.004,
      origin: 'venue',
      source: 'coinbase',
    };
    expect(JSON.parse(stdout)).toEqual([
      { ...terms, valid_from: null, lot_step: '0.00000001', taker: 0.006 },
      { ...terms, valid_from: '2024-01-05T12:30:00Z', lot_step: '0.0001', taker: 0.0055 },
    ]);
  });

  it('prints those of one exchange', async () => {
    const { stdout } = await (await toldTwice()).run('data', 'instruments', '--exchange', 'kraken');
    expect(stdout.split('\n').slice(1, -1)).toHaveLength(1);
  });

  it.each([
    [['--symbols', 'SOL/USD'], 5, 'a stored series of SOL/USD was expected, there is none;'],
    [
      ['--symbols', 'BTC/USD', '--exchange', 'kraken'],
      5,
      'a stored series of BTC/USD at kraken was expected, there is none;',
    ],
    [['--exchange', 'nowhere'], 5, 'a stored series at nowhere was expected, there is none;'],
    [['--exchange', 'Kraken'], 2, '--exchange: an id such as coinbase was expected, was "Kraken"'],
    [['--symbols', 'btc/usd'], 2, '--symbols: a symbol such as BTC/USD or AAPL was expected,'],
  ])('refuses %j', async (flags, code, sentence) => {
    const outcome = await (await toldTwice()).run('data', 'instruments', ...flags);
    expect(outcome.code).toBe(code);
    expect(refusalOf(outcome)).toContain(sentence);
  });

  it('says what to do where there is nothing, and makes no database', async () => {
    const directory = makeDirectory();
    const { code, stdout } = await directory.run('data', 'instruments');
    expect([code, stdout.startsWith('no data in data/quantsage.db; run ')]).toEqual([0, true]);
    expect(directory.has(DATABASE)).toBe(false);
  });
});
