import type { BarTrace, RunTrace, TrialSeries } from '../../../../src/app/check-strategy/trial.ts';

export const HOUR = 3_600_000;

/** Hourly bars from time zero on, with these closes. */
export function seriesOf(symbol: string, closes: readonly number[]): TrialSeries {
  const rows = closes.flatMap((close, index) => [
    index * HOUR,
    close,
    close + 2,
    close - 2,
    close + 1,
    10,
    0,
  ]);
  return {
    series: {
      id: 1,
      exchange: 'sample',
      symbol,
      timeframe: '1h',
      adjustment: 'raw',
      assetClass: 'crypto',
      calendar: 'always',
      bars: closes.length,
      firstOpen: 0,
      lastOpen: (closes.length - 1) * HOUR,
    },
    rows: Float64Array.from(rows),
    instruments: '[]',
  };
}

export function bar(hour: number, change: Partial<BarTrace> = {}): BarTrace {
  return {
    symbol: 'BTC/USD',
    openTime: hour * HOUR,
    signals: '',
    shape: 0,
    turn: 0,
    values: [hour, 50],
    ...change,
  };
}

export function trace(bars: readonly BarTrace[], change: Partial<RunTrace> = {}): RunTrace {
  return { bars, shapes: [['entry: rsi']], held: [], repainting: [], fault: null, ...change };
}
