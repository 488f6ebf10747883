import type { Bar } from '../../core/bar.ts';

export const INDICATOR_SOURCES = [
  'open',
  'high',
  'low',
  'close',
  'volume',
  'hl2',
  'hlc3',
  'ohlc4',
] as const;

/** What an indicator reads from a bar; `hl2`, `hlc3`, `ohlc4` are means of those prices. */
export type IndicatorSource = (typeof INDICATOR_SOURCES)[number];

type Reader = (bar: Bar) => number;

const READERS: Readonly<Record<IndicatorSource, Reader>> = {
  open: (bar) => bar.open,
  high: (bar) => bar.high,
  low: (bar) => bar.low,
  close: (bar) => bar.close,
  volume: (bar) => bar.volume,
  hl2: (bar) => (bar.high + bar.low) / 2,
  hlc3: (bar) => (bar.high + bar.low + bar.close) / 3,
  ohlc4: (bar) => (bar.open + bar.high + bar.low + bar.close) / 4,
};

export function sourceReader(source: IndicatorSource): Reader {
  return READERS[source];
}
