import { Decimal } from '../../core/decimal.ts';
import type { CommissionModel } from './commission-model.ts';
import type { CommissionAmounts } from './commission-settings.ts';
import { inVenuesFavour } from './fee-step.ts';

/**
 * An amount per share (or unit of crypto) plus one per order, at least the minimum, and never more
 * than a fraction of the traded value: the shape of Interactive Brokers' fixed pricing
 * (https://www.interactivebrokers.com/en/pricing/commissions-stocks.php). Rates play no part.
 */
export function perShareCommission(settings: CommissionAmounts): CommissionModel {
  const perShare = Decimal.fromNumber(settings.perShare ?? 0);
  const perOrder = Decimal.fromNumber(settings.perOrder ?? 0);
  const minimum = Decimal.fromNumber(settings.minimum ?? 0);
  const most = settings.maxFraction === undefined ? null : Decimal.fromNumber(settings.maxFraction);
  return ({ quantity, price, isFirstFill }) => {
    const amount = quantity.times(perShare);
    const fee = (isFirstFill ? amount.plus(perOrder) : amount).max(minimum);
    return inVenuesFavour(most === null ? fee : fee.min(quantity.times(price).times(most)));
  };
}
