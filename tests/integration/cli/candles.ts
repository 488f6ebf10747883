const HEADER = 'timestamp,open,high,low,close,volume';
const HOUR_MS = 3_600_000;

interface CandleSketch {
  /** ISO time of the first bar. */
  readonly from: string;
  readonly count: number;
  /** Close of each bar; the rest of its prices follow from it. */
  readonly close: (index: number) => number;
  readonly stepMs?: number;
  readonly volume?: (index: number) => number;
}

/** A CSV file of candles, hourly unless told otherwise. */
export function candles(sketch: CandleSketch): string {
  const { from, count, close, stepMs = HOUR_MS, volume = () => 100 } = sketch;
  const rows = Array.from({ length: count }, (_, index) => {
    const time = new Date(Date.parse(from) + index * stepMs).toISOString();
    const [open, last] = [close(Math.max(index - 1, 0)), close(index)];
    return [time, open, Math.max(open, last), Math.min(open, last), last, volume(index)].join(',');
  });
  return `${[HEADER, ...rows].join('\n')}\n`;
}

/** A few hours of a quiet market: enough for a series, too few for a strategy. */
export function fewCandles(from: string, count = 6): string {
  return candles({ from, count, close: (index) => 100 + (index % 3) });
}
