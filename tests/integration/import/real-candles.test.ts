import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import type { BarRow } from '../../../src/ports/bar-store.ts';
import { SeriesQualityMeter } from '../../../src/data/series-quality.ts';
import type { FileToImport } from './import-file.ts';
import { importFile } from './import-file.ts';

const FOLDER = '../shared/data';

function real(name: string, symbol: string, timeframe: FileToImport['timeframe']): FileToImport {
  return { path: `${FOLDER}/${name}`, symbol, timeframe };
}

const BITMEX = real('bitmex_XBT-USD-PERP_5m.csv', 'XBT/USD', '5m');

async function barAt(file: FileToImport, time: string): Promise<BarRow | undefined> {
  const { bars } = await importFile(file);
  return [...bars].find(({ openTime }) => openTime === Date.parse(time));
}

describe.skipIf(!existsSync(FOLDER))(`real candles (skipped where ${FOLDER} is absent)`, () => {
  it.each([
    ['coinbase_BTC-USD_1h.csv.gz', 'BTC/USD', '1h', 20_111, 0, 0, '0.01'],
    ['coinbase_ETH-USD_1h.csv.gz', 'ETH/USD', '1h', 27_149, 0, 0, '0.01'],
    ['coinbase-ta4j_ETH-USD_4h.csv.gz', 'ETH/USD', '4h', 20_675, 9, 26, '0.01'],
    ['kraken_BTC-USD_1h.csv.gz', 'BTC/USD', '1h', 18_401, 0, 0, '0.01'],
    ['bitfinex-201811_BTC-USD_1m.csv.gz', 'BTC/USD', '1m', 41_699, 1242, 1501, '0.00000001'],
    ['bitfinex-201811_ETH-USD_1m.csv.gz', 'ETH/USD', '1m', 39_398, 2743, 3802, '0.00000001'],
    ['lean_SPY_1d.csv', 'SPY', '1d', 5849, 0, 0, '0.0001'],
    ['lean_AAPL_1d.csv', 'AAPL', '1d', 5849, 0, 0, '0.0001'],
    ['lean_IBM_1d.csv', 'IBM', '1d', 5849, 0, 0, '0.0001'],
    ['backtestingpy_GOOG_1d.csv', 'GOOG', '1d', 2148, 0, 0, '0.01'],
    ['skender-default_SPY_1d.csv', 'SPY', '1d', 502, 0, 0, '0.01'],
    ['yahoo-backtrader_ORCL_1d.csv', 'ORCL', '1d', 5036, 0, 0, '0.000001'],
    ['backtrader-2006_STOXX50_1d.csv', 'STOXX50', '1d', 255, 3, 3, '0.01'],
  ] as const)('imports %s as it is', async (...row) => {
    const [name, symbol, timeframe, rows, gaps, missing, tick] = row;
    const { summary, issues, instrument } = await importFile(real(name, symbol, timeframe));
    expect(summary).toMatchObject({ rows, bars: rows, badRows: 0, repeatedRows: 0, notes: [] });
    expect(summary).toMatchObject({ gaps, missingBars: missing });
    expect(issues.some(({ quarantined }) => quarantined)).toBe(false);
    expect(instrument.tickSize.toString()).toBe(tick);
  });

  it('drops the five repeated rows of the binance file, whose values are equal', async () => {
    const file = real('binance-ninjabot_BTC-USDT_1h.csv', 'BTC/USDT', '1h');
    const { summary, issues } = await importFile(file);
    expect(summary).toMatchObject({ rows: 4314, bars: 4309, repeatedRows: 5, badRows: 0 });
    expect(summary).toMatchObject({ gaps: 7, missingBars: 12 });
    expect(issues.filter(({ rule }) => rule === 'repeated-row')).toHaveLength(5);
  });

  it('refuses the bitmex file over its first bad row', async () => {
    await expect(importFile(BITMEX)).rejects.toThrow(
      /bitmex_XBT-USD-PERP_5m\.csv:133: low ≤ open \(\d+(\.\d)?\) was expected in column "low", was "7959\.5"/,
    );
  });

  it('sets the five bad rows of the bitmex file aside when allowed to, and no fewer', async () => {
    const { summary, issues } = await importFile({ ...BITMEX, maxBadRows: 5 });
    expect(summary).toMatchObject({ rows: 490, bars: 485, badRows: 5 });
    const quarantined = issues.filter(({ quarantined }) => quarantined);
    expect(quarantined.map(({ rule }) => rule)).toEqual(
      Array.from({ length: 5 }, () => 'ohlc-order'),
    );
    await expect(importFile({ ...BITMEX, maxBadRows: 4 })).rejects.toThrow(
      'more than --max-bad-rows 4 allows',
    );
  });

  it('keeps the flash crash of 2017-06-21 and flags it', async () => {
    const file = real('coinbase-ta4j_ETH-USD_4h.csv.gz', 'ETH/USD', '4h');
    expect(await barAt(file, '2017-06-21T16:00:00Z')).toMatchObject({
      low: 0.1,
      close: 298,
      flags: BAR_FLAGS.outlier,
    });
  });

  it('flags a bad print of AAPL, and no split', async () => {
    const file = real('lean_AAPL_1d.csv', 'AAPL', '1d');
    expect(await barAt(file, '2014-06-09T00:00:00Z')).toMatchObject({ flags: 0 });
    expect(await barAt(file, '2009-09-21T00:00:00Z')).toMatchObject({
      low: 10.59,
      flags: BAR_FLAGS.outlier,
    });
  });

  it('measures the outage of 2018-08-10 and the hole of 2017-10-20', async () => {
    const outage = await qualityOf(real('coinbase_BTC-USD_1h.csv.gz', 'BTC/USD', '1h'));
    expect(outage).toMatchObject({ bars: 20_111, expected: 20_111, missing: 0, broken: 0 });
    expect(outage.zeroVolume.longest).toMatchObject({ bars: 15 });
    expect(outage.flat.longest?.bars).toBeGreaterThanOrEqual(15);
    const hole = await qualityOf(real('kraken_BTC-USD_1h.csv.gz', 'BTC/USD', '1h'));
    expect(hole.flat.longest).toMatchObject({ bars: 59 });
    expect(new Date(hole.flat.longest?.from ?? 0).toISOString()).toMatch(/^2017-10-20/);
  });
});

async function qualityOf(file: FileToImport) {
  const { bars } = await importFile(file);
  const meter = new SeriesQualityMeter({ timeframe: file.timeframe, calendar: 'always' });
  for (const bar of bars) {
    const { openTime, open, high, low, close, volume, flags } = bar;
    meter.add(Float64Array.of(openTime, open, high, low, close, volume, flags));
  }
  return meter.quality();
}
