import { Decimal } from '../../core/decimal.ts';
import type { AssetClass, Instrument, VenueFees } from '../../core/instrument.ts';
import { knownFees, type FeeRates, type KnownFees } from '../../core/venue-fees.ts';
import type { CommissionSettings, RateSettings } from './commission-settings.ts';

/**
 * Where rates come from: set for the exchange, collected from it, set for the asset class (either
 * rate of it), known of the exchange, assumed of any, or there are none in the commission model.
 */
export type FeeOrigin =
  | 'exchange_setting'
  | 'collected'
  | 'asset_class_setting'
  | KnownFees['origin']
  | 'commission_model';

export interface AppliedFees {
  readonly rates: VenueFees;
  readonly origin: FeeOrigin;
}

export type FeePayer = Pick<Instrument, 'assetClass' | 'fees'>;

/** Of the instrument as it is when the rates are asked for. */
export type FeeSchedule = (instrument: FeePayer) => AppliedFees;

/**
 * The rates that hold at an exchange: those set for it by name, else those that were collected with
 * the instrument, else those set for the asset class, else what is known of the exchange, else what
 * is assumed of any.
 */
export function feeSchedule(settings: CommissionSettings, exchange: string): FeeSchedule {
  if (settings.model !== undefined && settings.model !== 'maker_taker') return () => NO_RATES;
  const set = ratesOf(settings, exchange);
  if (set !== null) {
    const fixed: AppliedFees = { rates: exactRates(set), origin: 'exchange_setting' };
    return () => fixed;
  }
  const usual = {
    crypto: usualFees(settings, exchange, 'crypto'),
    stock: usualFees(settings, exchange, 'stock'),
  };
  return ({ assetClass, fees }) =>
    fees === null || settings.venueFees === 'ignore'
      ? usual[assetClass]
      : { rates: fees, origin: 'collected' };
}

const NO_RATES: AppliedFees = {
  rates: { maker: Decimal.zero, taker: Decimal.zero },
  origin: 'commission_model',
};

function ratesOf({ venues }: RateSettings, exchange: string): FeeRates | null {
  return Object.hasOwn(venues, exchange) ? (venues[exchange] ?? null) : null;
}

function usualFees(settings: RateSettings, exchange: string, assetClass: AssetClass): AppliedFees {
  const { rates, origin } = knownFees(exchange, assetClass);
  const { maker, taker } = settings[assetClass];
  return {
    rates: exactRates({ maker: maker ?? rates.maker, taker: taker ?? rates.taker }),
    origin: maker === null && taker === null ? origin : 'asset_class_setting',
  };
}

function exactRates({ maker, taker }: FeeRates): VenueFees {
  return { maker: Decimal.fromNumber(maker), taker: Decimal.fromNumber(taker) };
}
