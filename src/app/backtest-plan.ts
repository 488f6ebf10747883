import type { Decimal } from '../core/decimal.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import type { LimitFillRule } from '../execution/bar-matching.ts';
import type { CommissionSettings } from '../execution/commission.ts';
import type { MarketFillTime } from '../execution/simulated-venue.ts';
import type { SlippageSettings } from '../execution/slippage.ts';
import type { OppositeSignal } from '../portfolio/portfolio-settings.ts';
import type { SizingSettings } from '../portfolio/position-sizing.ts';
import type { RiskLimits } from '../risk/risk-limits.ts';
import type { HostedStrategy } from '../strategies/strategy-runner.ts';
import type { InstrumentDirectory } from './instrument-directory.ts';
import type { ReadableSeries } from './readable-series.ts';

/** Carry prices on across splits, refuse to run, or trade them as the price moves they look like. */
export type SplitPolicy = 'adjust' | 'refuse' | 'trade';

/** Everything a backtest is determined by; the same plan and data give the same result. */
export interface BacktestPlan {
  /** What the user asked for by name. */
  readonly strategyName: string;
  readonly strategies: readonly HostedStrategy[];
  readonly exchange: string;
  /** One a symbol. */
  readonly series: readonly ReadableSeries[];
  readonly timeframe: Timeframe;
  /** The trading period: bars with `start ≤ openTime < end`. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly initialCapital: Decimal;
  readonly currency: string;
  readonly limits: RiskLimits;
  readonly sizing: SizingSettings;
  /** How often a position may be entered before it is closed. */
  readonly maxEntries: number;
  readonly oppositeSignal: OppositeSignal;
  readonly commission: CommissionSettings;
  readonly slippage: SlippageSettings;
  readonly fillAt: MarketFillTime;
  readonly limitFill: LimitFillRule;
  /** Fraction of a bar's volume; null ignores volume. */
  readonly maxVolumeShare: number | null;
  /** How long an entry may take to fill, in milliseconds; null for no limit. */
  readonly entryLifetimeMs: number | null;
  /** Whether positions still open at the end are closed at the last close. */
  readonly closeAtEnd: boolean;
  /** What to do about splits in raw prices of stocks. */
  readonly splits: SplitPolicy;
  readonly instruments: Pick<InstrumentDirectory, 'at' | 'within' | 'storedWithin'>;
  /** The equity curve keeps the last mark of each such stretch, in milliseconds. */
  readonly equityIntervalMs: number;
  /** Effective configuration, canonical JSON. */
  readonly config: string;
  /** What a reader must know before comparing results with others. */
  readonly labels: readonly string[];
}
