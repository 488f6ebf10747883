import type { Decimal } from '../core/decimal.ts';
import type { StrategyId } from '../core/ids.ts';
import type { MarginTerms } from '../core/margin.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import type { LimitFillRule } from '../execution/bar-matching.ts';
import type { CommissionSettings } from '../execution/commission/commission-settings.ts';
import type { ShortageRule } from '../execution/fill-desk.ts';
import type { FinalPrice } from '../execution/final-price.ts';
import type { EntryBarExits, MarketFillTime } from '../execution/simulated-venue.ts';
import type { SensitivitySettings } from '../execution/scenarios/pessimistic-fill.ts';
import type { SlippageSettings } from '../execution/slippage.ts';
import type { TrailingReference } from '../execution/trailing-stop.ts';
import type { OppositeSignal } from '../portfolio/portfolio-settings.ts';
import type { SizingSettings } from '../portfolio/position-sizing.ts';
import type { RiskLimits } from '../risk/risk-limits.ts';
import type { HostedStrategy } from '../strategies/strategy-runner.ts';
import type { StrategySource } from '../ports/run-store.ts';
import type { InstrumentDirectory } from './instrument-directory.ts';
import type { ReadableSeries } from './readable-series.ts';

/** Carry prices on across splits, refuse to run, or trade them as the price moves they look like. */
export type SplitPolicy = 'adjust' | 'refuse' | 'trade';

/** A strategy of a run, and the user's own file it came from. */
export interface PlannedStrategy extends HostedStrategy {
  readonly source: StrategySource | null;
}

/** Everything a backtest is determined by; the same plan and data give the same result. */
export interface BacktestPlan {
  /** What the user asked for by name. */
  readonly strategyName: string;
  readonly strategies: readonly PlannedStrategy[];
  /** Which part of the capital each strategy has, a fraction. */
  readonly capitalShares: ReadonlyMap<StrategyId, number>;
  readonly exchange: string;
  /** One a symbol that is traded. */
  readonly series: readonly ReadableSeries[];
  /** One a symbol that strategies look at and none trades. */
  readonly informative: readonly ReadableSeries[];
  readonly timeframe: Timeframe;
  /** The trading period: bars with `start ≤ openTime < end`. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly initialCapital: Decimal;
  readonly margin: MarginTerms;
  /** Fraction of equity that entries leave untouched. */
  readonly cashBuffer: number;
  readonly currency: string;
  readonly limits: RiskLimits;
  readonly sizing: SizingSettings;
  /** How often a position may be entered before it is closed. */
  readonly maxEntries: number;
  readonly oppositeSignal: OppositeSignal;
  readonly commission: CommissionSettings;
  readonly slippage: SlippageSettings;
  /** How much worse pessimistic fills are. */
  readonly sensitivity: SensitivitySettings;
  readonly fillAt: MarketFillTime;
  readonly limitFill: LimitFillRule;
  readonly trailingReference: TrailingReference;
  readonly entryBarExits: EntryBarExits;
  readonly shortOfFunds: ShortageRule;
  /** Fraction of a bar's volume; null ignores volume. */
  readonly maxVolumeShare: number | null;
  /** Bars of its symbol an entry may take to fill; null for no limit. */
  readonly entryBars: number | null;
  /** How long after the close of a bar entries are decided on it; null: as long as bars may be due. */
  readonly staleAfterMs: number | null;
  /** Whether positions still open at the end are closed. */
  readonly closeAtEnd: boolean;
  /** Price that they are closed at. */
  readonly closeAtEndPrice: FinalPrice;
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
