import { Decimal } from '../../core/decimal.ts';
import { inVenuesFavour } from './fee-step.ts';
import type { CommissionModel } from './commission-model.ts';
import type { CommissionSettings } from './commission-settings.ts';
import { feeSchedule } from './fee-schedule.ts';

/**
 * Rate × value, plus an amount per share of stocks, plus one per order, at least the minimum: what
 * exchanges of crypto and most brokers charge.
 */
export function makerTakerCommission(
  settings: CommissionSettings,
  exchange: string,
): CommissionModel {
  const schedule = feeSchedule(settings, exchange);
  const perShare = Decimal.fromNumber(settings.perShare ?? 0);
  const perOrder = Decimal.fromNumber(settings.perOrder ?? 0);
  const minimum = settings.minimum === undefined ? null : Decimal.fromNumber(settings.minimum);
  return ({ instrument, liquidity, quantity, price, isFirstFill }) => {
    let fee = quantity.times(price).times(schedule(instrument).rates[liquidity]);
    if (instrument.assetClass === 'stock' && !perShare.isZero) {
      fee = fee.plus(quantity.times(perShare));
    }
    if (isFirstFill) fee = fee.plus(perOrder);
    return inVenuesFavour(minimum === null ? fee : fee.max(minimum));
  };
}
