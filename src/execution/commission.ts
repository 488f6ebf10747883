import { Decimal } from '../core/decimal.ts';
import type { Liquidity } from '../core/fill.ts';
import type { AssetClass, Instrument, VenueFees } from '../core/instrument.ts';

/** Fractions of the traded value; a negative maker rate is a rebate. */
export interface FeeRates {
  readonly maker: number;
  readonly taker: number;
}

export interface CommissionSettings extends Readonly<Record<AssetClass, FeeRates>> {
  /** Whether what a venue itself said of its fees goes before the rates of the asset class. */
  readonly venueFees: 'collected' | 'ignore';
  /** Rates of single exchanges; they go before all others. */
  readonly venues: Readonly<Record<string, FeeRates>>;
  /** Quote currency for each share, on top of the rate; stocks only. */
  readonly perShare?: number;
  /** Least fee of one fill, in quote currency. */
  readonly minimum?: number;
}

/** Where rates come from: set for the exchange, collected from it, or set for the asset class. */
export type FeeOrigin = 'exchange_setting' | 'collected' | 'asset_class_setting';

export interface AppliedFees {
  readonly rates: VenueFees;
  readonly origin: FeeOrigin;
}

/** Of the instrument as it is when the rates are asked for. */
export type FeeSchedule = (instrument: FeePayer) => AppliedFees;

type FeePayer = Pick<Instrument, 'assetClass' | 'fees'>;

export interface CommissionInput {
  /** As it is at the time of the fill. */
  readonly instrument: FeePayer;
  readonly liquidity: Liquidity;
  /** Base units. */
  readonly quantity: Decimal;
  readonly price: Decimal;
}

/** The fee of one fill in quote currency, a multiple of 1e-8. */
export type CommissionModel = (input: CommissionInput) => Decimal;

const FEE_STEP = Decimal.parse('0.00000001');

/**
 * The rates that hold at an exchange: those set for it by name, else those that were collected with
 * the instrument, else those of its asset class.
 */
export function feeSchedule(settings: CommissionSettings, exchange: string): FeeSchedule {
  const { venues, venueFees } = settings;
  const own = Object.hasOwn(venues, exchange) ? venues[exchange] : undefined;
  if (own !== undefined) {
    const fixed: AppliedFees = { rates: exactRates(own), origin: 'exchange_setting' };
    return () => fixed;
  }
  const usual = { crypto: ofClass(settings.crypto), stock: ofClass(settings.stock) };
  return ({ assetClass, fees }) =>
    fees === null || venueFees === 'ignore'
      ? usual[assetClass]
      : { rates: fees, origin: 'collected' };
}

/**
 * Rate × value, plus the amount per share, at least the minimum. Rounded to 1e-8 in the venue's
 * favour: a fee up, a rebate down.
 */
export function commissionModel(settings: CommissionSettings, exchange: string): CommissionModel {
  const schedule = feeSchedule(settings, exchange);
  const perShare = Decimal.fromNumber(settings.perShare ?? 0);
  const minimum = settings.minimum === undefined ? null : Decimal.fromNumber(settings.minimum);
  return ({ instrument, liquidity, quantity, price }) => {
    let fee = quantity.times(price).times(schedule(instrument).rates[liquidity]);
    if (instrument.assetClass === 'stock' && !perShare.isZero) {
      fee = fee.plus(quantity.times(perShare));
    }
    if (minimum !== null) fee = fee.max(minimum);
    return fee.toStep(FEE_STEP, fee.isNegative ? 'down' : 'up');
  };
}

function ofClass(rates: FeeRates): AppliedFees {
  return { rates: exactRates(rates), origin: 'asset_class_setting' };
}

function exactRates({ maker, taker }: FeeRates): VenueFees {
  return { maker: Decimal.fromNumber(maker), taker: Decimal.fromNumber(taker) };
}
