import { Decimal } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import { quoteCurrencyOf } from '../core/instrument.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import { timeframeMs } from '../core/time.ts';
import type { BarRow, DataIssue, SeriesKey } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import { BarTable } from './bar-table.ts';
import type { SampleAssetTraits } from './sample-asset.ts';
import { SampleAsset } from './sample-asset.ts';
import { SampleRandom } from './sample-random.ts';
import { SampleRegime } from './sample-regime.ts';
import { screenBars } from './screen-bars.ts';

/** Name under which synthetic series are stored, so that nobody takes them for a real venue's. */
export const SAMPLE_EXCHANGE = 'sample';
export const SAMPLE_TIMEFRAME: Timeframe = '1h';
/** 2023-01-01T00:00Z, the first open time. */
export const SAMPLE_START: EpochMs = 1_672_531_200_000;
/** 2025-01-01T00:00Z, where the next bar would open. */
export const SAMPLE_END: EpochMs = 1_735_689_600_000;
const SAMPLE_SEED = 36;

/** Symbols of the synthetic market. */
export function sampleSymbols(): readonly string[] {
  return SYMBOLS.map(({ symbol }) => symbol);
}

/** One synthetic series, ready for `BarStore.save`. */
export interface SampleSeries {
  readonly key: SeriesKey;
  readonly instrument: Instrument;
  readonly bars: readonly BarRow[];
  readonly issues: readonly DataIssue[];
}

interface SampleSymbol {
  readonly symbol: string;
  readonly traits: SampleAssetTraits;
}

const SYMBOLS: readonly SampleSymbol[] = [
  {
    symbol: 'BTC/USD',
    traits: {
      startPrice: 16_500,
      hourlySigma: 0.0075,
      hourlyVolume: 600,
      marketShare: 0.9,
      beta: 1,
    },
  },
  {
    symbol: 'ETH/USD',
    traits: {
      startPrice: 1_200,
      hourlySigma: 0.009,
      hourlyVolume: 6_500,
      marketShare: 0.78,
      beta: 1.1,
    },
  },
];

/**
 * Two years of hourly candles of a market that never was: trends and ranges, clusters of
 * volatility, jumps that half revert, volume that follows the clock and the moves. The same seed
 * gives the same bytes on every machine: sums, products, quotients and square roots only, which
 * IEEE 754 fixes to the last bit.
 */
export function generateSampleMarket(seed: number = SAMPLE_SEED): readonly SampleSeries[] {
  const regime = new SampleRegime(new SampleRandom(seed, 0));
  const members = SYMBOLS.map(({ symbol, traits }, index) => ({
    symbol,
    asset: new SampleAsset(traits, new SampleRandom(seed, index + 1)),
    table: new BarTable(),
  }));
  for (let time = SAMPLE_START; time < SAMPLE_END; time += timeframeMs(SAMPLE_TIMEFRAME)) {
    const growth = members.reduce((sum, { asset }) => sum + asset.growth, 0) / members.length;
    const hour = regime.next(growth);
    for (const { asset, table } of members) appendBar(table, asset.next(time, hour));
  }
  return members.map(({ symbol, table }) => toSeries(symbol, table));
}

function appendBar(table: BarTable, bar: BarRow): void {
  const page = new Float64Array(BAR_STRIDE);
  page.set([bar.openTime, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.flags]);
  table.append(page, 0, 0);
}

function toSeries(symbol: string, table: BarTable): SampleSeries {
  const screened = screenBars(table, {
    timeframe: SAMPLE_TIMEFRAME,
    assetClass: 'crypto',
    outliers: 'keep',
  });
  return {
    key: {
      exchange: SAMPLE_EXCHANGE,
      symbol,
      timeframe: SAMPLE_TIMEFRAME,
      adjustment: 'raw',
    },
    instrument: {
      symbol,
      assetClass: 'crypto',
      quoteCurrency: quoteCurrencyOf(symbol),
      tickSize: Decimal.parse('0.01'),
      lotStep: Decimal.parse('0.00000001'),
      minNotional: Decimal.one,
      fees: null,
    },
    bars: [...screened.table.rows()],
    issues: screened.issues,
  };
}
