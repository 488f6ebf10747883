import { describe, expect, it } from 'vitest';
import { DataQuality } from '../../../src/app/data-quality.ts';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { orderId } from '../../../src/core/ids.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { Series } from '../../../src/ports/bar-store.ts';
import type { RoundTrip } from '../../../src/reporting/round-trips.ts';
import { hourBar, sliceOf, START } from '../../support/bars.ts';
import { dec, strategyId } from '../../support/orders.ts';

const SERIES: Series = {
  id: 7,
  exchange: 'coinbase',
  symbol: 'BTC/USD',
  timeframe: '1h',
  adjustment: 'raw',
  assetClass: 'crypto',
  calendar: 'always',
  bars: 3,
  firstOpen: START,
  lastOpen: START + 3 * HOUR_MS,
};

function trade(entryHour: number, exitHour: number): RoundTrip {
  return {
    strategy: strategyId('test'),
    symbol: 'BTC/USD',
    side: 'long',
    quantity: dec(1),
    entryTime: START + entryHour * HOUR_MS,
    entryPrice: dec(100),
    exitTime: START + exitHour * HOUR_MS,
    exitPrice: dec(100),
    grossPnl: dec(0),
    fees: dec(0),
    slippage: dec(0),
    spreadCost: dec(0),
    impactCost: dec(0),
    financing: dec(0),
    netPnl: dec(0),
    netReturn: 0,
    exitReason: null,
    entryOrder: orderId(1),
    exitOrder: orderId(2),
  };
}

function quality(pages: readonly Float64Array[] = []) {
  return new DataQuality({ series: [SERIES] }, { pages: () => pages, openTimeBefore: () => null });
}

/** A dozen hours, some of them flagged. */
function observeHours(data: DataQuality, flags: Readonly<Record<number, number>>): void {
  for (let hour = 0; hour < 12; hour += 1) {
    data.observe(sliceOf({ ...hourBar(hour, { close: 1 }), flags: flags[hour] ?? 0 }));
  }
}

describe('DataQuality', () => {
  it.each([
    ['before the flagged bar', 1, 4, 0],
    ['that enters in it', 5, 9, 1],
    ['that leaves in it', 2, 5, 1],
    ['around it', 2, 9, 1],
    ['decided at its close', 6, 7, 1],
    ['between two flagged bars', 7, 7, 0],
    ['after the last one', 10, 11, 0],
  ])('counts a trade %s', (_title, entry, exit, touched) => {
    const data = quality();
    observeHours(data, { 5: BAR_FLAGS.outlier, 8: BAR_FLAGS.outlier });
    expect(data.summary([trade(entry, exit)])).toMatchObject({
      trades_on_flagged_bars: touched,
      trades_on_outliers: touched,
      trades_on_repaired_bars: 0,
    });
  });

  it('counts a trade decided at the close of a flagged bar that a weekend or a gap follows', () => {
    const data = quality();
    data.observe(sliceOf({ ...hourBar(5, { close: 1 }), flags: BAR_FLAGS.repaired }));
    data.observe(sliceOf(hourBar(60, { close: 1 })));
    data.observe(sliceOf(hourBar(61, { close: 1 })));
    const touched = (entry: number) => data.summary([trade(entry, 70)])['trades_on_repaired_bars'];
    expect([touched(60), touched(61)]).toEqual([1, 0]);
  });

  it('tells flags apart, and what was earned on repaired bars', () => {
    const data = quality();
    observeHours(data, {
      2: BAR_FLAGS.outlier,
      4: BAR_FLAGS.repaired,
      6: BAR_FLAGS.repaired | BAR_FLAGS.outlier,
      8: BAR_FLAGS.revised,
    });
    const trades = [
      { ...trade(1, 3), netPnl: dec('100') },
      { ...trade(4, 5), netPnl: dec('0.1') },
      { ...trade(6, 6), netPnl: dec('0.2') },
      { ...trade(8, 9), netPnl: dec('-5') },
      { ...trade(10, 11), netPnl: dec('7') },
    ];
    expect(data.summary(trades)).toMatchObject({
      trades_on_flagged_bars: 4,
      trades_on_outliers: 2,
      trades_on_repaired_bars: 2,
      trades_on_revised_bars: 1,
      // 0.1 + 0.2, exactly.
      net_pnl_on_repaired_bars: 0.3,
    });
  });

  it('measures the pages that are read through it', () => {
    const row = (hour: number, close: number, volume: number) => [
      START + hour * HOUR_MS,
      close,
      close,
      close,
      close,
      volume,
      0,
    ];
    // Hour 2 is missing; hour 3 has no volume but no run of it.
    const page = Float64Array.from([...row(0, 10, 5), ...row(1, 11, 5), ...row(3, 12, 0)]);
    const data = quality([page]);
    expect([...data.store.pages(7, 0, Infinity)]).toEqual([page]);
    expect(data.summary([])).toMatchObject({ missing_bars: 1, gaps: 1, zero_volume_bars: 0 });
  });
});
