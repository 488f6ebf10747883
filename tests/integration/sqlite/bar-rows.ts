import { Decimal } from '../../../src/core/decimal.ts';
import type { Instrument } from '../../../src/core/instrument.ts';
import { HOUR_MS, type EpochMs } from '../../../src/core/time.ts';
import type { BarRow, SeriesKey, SeriesWrite } from '../../../src/ports/bar-store.ts';

/** 2024-01-01T00:00Z. */
export const START: EpochMs = 1_704_067_200_000;

export const BTC_1H: SeriesKey = {
  exchange: 'test',
  symbol: 'BTC/USD',
  timeframe: '1h',
  adjustment: 'raw',
};

/** 2025-06-15T15:06:40Z, when the bars of `write` came. */
export const CAME_AT: EpochMs = 1_750_000_000_000;

/** The hourly bar with that index counted from `START`; its prices tell one bar from another. */
export function barRow(index: number, changes: Partial<BarRow> = {}): BarRow {
  const close = 100 + (index % 50) + (index % 7) / 10;
  return {
    openTime: START + index * HOUR_MS,
    open: close - 0.3,
    high: close + 0.7,
    low: close - 0.9,
    close,
    volume: 10 + (index % 11) / 3,
    flags: index % 500 === 0 ? 1 : 0,
    ...changes,
  };
}

/** Bars with the indices `from ≤ index < to`. */
export function barRows(from: number, to: number): readonly BarRow[] {
  return Array.from({ length: to - from }, (_, offset) => barRow(from + offset));
}

export function instrumentOf(symbol: string, changes: Partial<Instrument> = {}): Instrument {
  return {
    symbol,
    assetClass: 'crypto',
    quoteCurrency: 'USD',
    tickSize: Decimal.parse('0.01'),
    lotStep: Decimal.parse('0.00000001'),
    minNotional: Decimal.one,
    fees: null,
    ...changes,
  };
}

export function write(bars: Iterable<BarRow>, changes: Partial<SeriesWrite> = {}): SeriesWrite {
  const key = changes.key ?? BTC_1H;
  return {
    key,
    assetClass: 'crypto',
    calendar: 'always',
    instrument: instrumentOf(key.symbol),
    bars,
    covers: null,
    onConflict: 'report',
    at: CAME_AT,
    issues: [],
    source: 'bars.csv',
    ...changes,
  };
}
