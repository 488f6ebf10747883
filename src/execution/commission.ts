import { Decimal } from '../core/decimal.ts';
import type { Liquidity } from '../core/fill.ts';
import type { AssetClass } from '../core/instrument.ts';

/** Fractions of the traded value; a negative maker rate is a rebate. */
export interface FeeRates {
  readonly maker: number;
  readonly taker: number;
}

export interface CommissionSettings extends Readonly<Record<AssetClass, FeeRates>> {
  /** Rates of single exchanges; they take the place of the asset class's. */
  readonly venues: Readonly<Record<string, FeeRates>>;
  /** Quote currency for each share, on top of the rate; stocks only. */
  readonly perShare?: number;
  /** Least fee of one fill, in quote currency. */
  readonly minimum?: number;
}

export interface CommissionInput {
  readonly assetClass: AssetClass;
  readonly liquidity: Liquidity;
  /** Base units. */
  readonly quantity: Decimal;
  readonly price: Decimal;
}

/** The fee of one fill in quote currency, a multiple of 1e-8. */
export type CommissionModel = (input: CommissionInput) => Decimal;

const FEE_STEP = Decimal.parse('0.00000001');

/**
 * Rate × value, plus the amount per share, at least the minimum. Rounded to 1e-8 in the venue's
 * favour: a fee up, a rebate down.
 */
export function commissionModel(settings: CommissionSettings, exchange: string): CommissionModel {
  const venue = Object.hasOwn(settings.venues, exchange) ? settings.venues[exchange] : undefined;
  const rates = {
    crypto: exactRates(venue ?? settings.crypto),
    stock: exactRates(venue ?? settings.stock),
  };
  const perShare = Decimal.fromNumber(settings.perShare ?? 0);
  const minimum = settings.minimum === undefined ? null : Decimal.fromNumber(settings.minimum);
  return ({ assetClass, liquidity, quantity, price }) => {
    let fee = quantity.times(price).times(rates[assetClass][liquidity]);
    if (assetClass === 'stock' && !perShare.isZero) fee = fee.plus(quantity.times(perShare));
    if (minimum !== null) fee = fee.max(minimum);
    return fee.toStep(FEE_STEP, fee.isNegative ? 'down' : 'up');
  };
}

function exactRates({ maker, taker }: FeeRates): Readonly<Record<Liquidity, Decimal>> {
  return { maker: Decimal.fromNumber(maker), taker: Decimal.fromNumber(taker) };
}
