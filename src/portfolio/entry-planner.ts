import type { Decimal } from '../core/decimal.ts';
import type { SizedAtFill } from '../core/order.ts';
import type { EntrySignal, IgnoreReason } from '../core/signal.ts';
import type { Protection } from '../core/protection.ts';
import type { EntryFunds } from './account-funds.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import { sizePosition, type SizingSettings } from './position-sizing.ts';
import { planProtection } from './protection-plan.ts';

export interface EntryPlan {
  readonly quantity: Decimal;
  readonly protection: Protection;
  /** Not null where the venue is to fix the quantity at the fill. */
  readonly sizedAtFill: SizedAtFill | null;
  /** Funds one unit is expected to tie up, costs included, long and short alike. */
  readonly cashPerUnit: number;
}

/** Turns an entry signal into a quantity and its protection, or says why there is none. */
export function planEntry(
  signal: EntrySignal,
  funds: EntryFunds,
  settings: PortfolioSettings,
): EntryPlan | IgnoreReason {
  const { symbol, side, price, confidence } = signal;
  const instrument = settings.instrumentOf(symbol);
  const { protection, stopFraction } = planProtection({
    wished: signal.protection,
    limits: settings.protection,
    assetClass: instrument.assetClass,
    side: side === 'buy' ? 'long' : 'short',
    price,
  });
  const { maxPositionFraction, sizing } = settings;
  const atr = settings.atrOf(symbol);
  const { equity, capital, buyingPower } = funds;
  const sized = (costFraction: number | null): Decimal =>
    sizePosition(sizing, {
      equity,
      capital,
      price,
      confidence,
      stopFraction,
      atr,
      maxPositionFraction,
      instrument,
      buyingPower,
      costFraction,
    });
  // Costs grow with size, so the size without a cap by funds gives the highest cost to plan for.
  const wished = sized(null);
  const costFraction = settings.costFraction({
    symbol,
    side,
    price,
    quantity: hasFeePerUnit(sizing) ? 1 : wished.toNumber(),
  });
  const quantity = sized(costFraction);
  const asksForAll = sizing.method === 'all_in';
  if (quantity.isZero) return wished.isZero && !asksForAll ? 'below-minimum' : 'no-cash';
  if (quantity.toNumber() * price < instrument.minNotional.toNumber()) return 'below-minimum';
  return {
    quantity,
    sizedAtFill: sizedAtFill(signal, funds, settings),
    protection,
    cashPerUnit: price * (1 + costFraction) * settings.margin.initial,
  };
}

/** A fixed fee counted with every unit makes one unit cost what an order for one unit costs. */
function hasFeePerUnit(sizing: SizingSettings): boolean {
  return sizing.method === 'all_in' && sizing.fixedFee === 'per_unit';
}

/**
 * The venue knows the account alone, so a strategy with a share of the funds, or with a buffer to
 * leave, asks for a smaller fraction of it. Where the position limit cuts the entry, the quantity
 * that is within it stands.
 */
function sizedAtFill(
  { confidence }: EntrySignal,
  { equity, buyingPower, accountPower }: EntryFunds,
  { sizing, maxPositionFraction }: PortfolioSettings,
): SizedAtFill | null {
  if (sizing.method !== 'all_in' || sizing.evaluateAt === 'decision') return null;
  const share = sizing.fraction * confidence;
  const isCut = maxPositionFraction !== null && share * buyingPower > equity * maxPositionFraction;
  if (isCut) return null;
  return { fraction: share * (buyingPower / accountPower), fixedFee: sizing.fixedFee };
}
