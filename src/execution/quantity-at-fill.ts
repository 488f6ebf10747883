import { Decimal } from '../core/decimal.ts';
import type { SizedAtFill } from '../core/order.ts';
import { feeOf, instrumentOf, priced, type Encounter, type TradingCosts } from './fill-draft.ts';
import { fundedQuantity } from './funded-quantity.ts';
import type { VenueAccount } from './venue-account.ts';

/**
 * The quantity of an order for a share of the free funds, where it meets the market: the most whole
 * lots whose value and fee stay within `fraction × buying power` and `maxFunds`. Zero where not one is paid for.
 *
 * Slippage is that of the quantity without costs, so a model by size leaves a little unspent.
 */
export function quantityAtFill(
  encounter: Encounter,
  { fraction, maxFunds, fixedFee }: SizedAtFill,
  { account, costs }: { readonly account: VenueAccount; readonly costs: TradingCosts },
): Decimal {
  const rawPrice = encounter.meeting.exact;
  const share = Decimal.fromNumber(fraction);
  const free = account.buyingPower(encounter.order.request.symbol, rawPrice).times(share);
  const power = maxFunds === null ? free : free.min(Decimal.fromNumber(maxFunds));
  if (!power.isPositive) return Decimal.zero;
  const { lotStep } = instrumentOf(encounter);
  const priceOf = (quantity: Decimal) => priced(encounter, costs, quantity).price;
  const price = priceOf(power.dividedBy(rawPrice));
  const wanted = power.dividedBy(price).toStep(lotStep, 'down');
  if (wanted.isZero) return wanted;
  // backtesting.py takes the fee of an order for `fraction` units, at the price before the spread,
  // for the fee of one unit: a fixed part counts with every unit, and in full for a fraction.
  const ofFraction = () => feeOf(encounter, costs, { quantity: share, price: rawPrice });
  const perUnit = fixedFee === 'per_unit' ? ofFraction().dividedBy(share) : null;
  return fundedQuantity({
    wanted,
    lotStep,
    power,
    rawPrice,
    priceOf,
    feeOf: (quantity, at) =>
      perUnit?.times(quantity) ?? feeOf(encounter, costs, { quantity, price: at }),
  });
}
