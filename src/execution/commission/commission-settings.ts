import type { AssetClass } from '../../core/instrument.ts';
import type { FeeRates } from '../../core/venue-fees.ts';

/** Null leaves a rate to what is known of the exchange. */
export interface ClassRates {
  readonly maker: number | null;
  readonly taker: number | null;
}

/** Amounts of one order or fill, whatever its rates; absent where there are none. */
export interface CommissionAmounts {
  /** Quote currency for each share: of stocks with `maker_taker`, of anything with `per_share`. */
  readonly perShare?: number;
  /** Quote currency for each order, charged with its first fill. */
  readonly perOrder?: number;
  /** Least fee of one fill, in quote currency. */
  readonly minimum?: number;
  /** Most that `per_share` charges for one fill: a fraction of the traded value. */
  readonly maxFraction?: number;
}

export interface RateSettings extends Readonly<Record<AssetClass, ClassRates>> {
  /** Whether what a venue itself said of its fees goes before the rates of the asset class. */
  readonly venueFees: 'collected' | 'ignore';
  /** Rates of single exchanges; they go before all others. */
  readonly venues: Readonly<Record<string, FeeRates>>;
}

export interface CommissionSettings extends RateSettings, CommissionAmounts {
  /** `maker_taker` where nothing is said. */
  readonly model?: 'maker_taker' | 'per_share' | 'none';
}
