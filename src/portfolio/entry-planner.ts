import { Decimal } from '../core/decimal.ts';
import {
  expectedPrice,
  limitPriceOf,
  stopPriceOf,
  type OrderPricing,
  type SizedAtFill,
} from '../core/order.ts';
import { takeProfitPrice, type Protection } from '../core/protection.ts';
import type { EntrySignal, IgnoreReason } from '../core/signal.ts';
import type { EntryFunds } from './account-funds.ts';
import { pricingOf } from './order-pricing.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import { sizePosition, type SizingSettings } from './position-sizing.ts';
import { planProtection, type ProtectionPlan } from './protection-plan.ts';

/** Keeps products of doubles from landing above the limit that they were divided by. */
const BELOW_LIMIT = 1 - 1e-12;

export interface EntryPlan {
  readonly pricing: OrderPricing;
  readonly quantity: Decimal;
  readonly protection: Protection;
  /** Not null where the venue is to fix the quantity at the fill. */
  readonly sizedAtFill: SizedAtFill | null;
  /** Funds one unit is expected to tie up, costs included, long and short alike. */
  readonly cashPerUnit: number;
}

/** A signal with the price it is expected to fill at. */
interface PricedEntry {
  readonly signal: EntrySignal;
  readonly pricing: OrderPricing;
  readonly expected: number;
}

/** Turns an entry signal into an order's prices, quantity and protection, or says why not. */
export function planEntry(
  signal: EntrySignal,
  funds: EntryFunds,
  settings: PortfolioSettings,
): EntryPlan | IgnoreReason {
  const { symbol, side, price } = signal;
  const { tickSize, minNotional, assetClass } = settings.instrumentOf(symbol);
  const pricing = pricingOf(signal.terms.pricing, { side, isEntry: true, tickSize, last: price });
  const expected = expectedPrice(pricing, side, price);
  const { protection, stopFraction } = planProtection({
    wished: signal.protection,
    limits: settings.protection,
    assetClass,
    side: side === 'buy' ? 'long' : 'short',
    price: expected,
  });
  // Where a trailing stop will have gone by the time it fills, nobody knows.
  const isKnown = pricing.type !== 'trailing_stop';
  if (isKnown && !protects({ protection, stopFraction }, signal, expected)) {
    return 'wrong-side-protection';
  }
  const entry = { signal, pricing, expected };
  const size =
    signal.terms.quantity === null
      ? sizedQuantity(entry, { funds, settings, stopFraction })
      : givenQuantity(signal.terms.quantity, entry, { funds, settings });
  if (typeof size === 'string') return size;
  const { quantity, costFraction } = size;
  if (quantity.toNumber() * Math.min(price, expected) < minNotional.toNumber()) {
    return 'below-minimum';
  }
  return {
    pricing,
    quantity,
    protection,
    sizedAtFill: signal.terms.quantity === null ? sizedAtFill(signal, funds, settings) : null,
    cashPerUnit: expected * (1 + costFraction) * settings.margin.initial,
  };
}

/** A stop above a long entry, or a target below it, would close the position as soon as it is open. */
function protects(
  { protection, stopFraction }: ProtectionPlan,
  { side }: EntrySignal,
  entryPrice: number,
): boolean {
  if (stopFraction !== null && stopFraction <= 0) return false;
  if (protection.takeProfit === null) return true;
  const target = takeProfitPrice(protection.takeProfit, {
    side: side === 'buy' ? 'long' : 'short',
    entryPrice,
  });
  return side === 'buy' ? target > entryPrice : target < entryPrice;
}

interface Size {
  readonly quantity: Decimal;
  /** Fee and slippage to expect, as a fraction of the price. */
  readonly costFraction: number;
}

interface SizingBasis {
  readonly funds: EntryFunds;
  readonly settings: PortfolioSettings;
  readonly stopFraction: number | null;
}

/** The size that the configured method gives. */
function sizedQuantity(
  { signal, pricing, expected }: PricedEntry,
  { funds, settings, stopFraction }: SizingBasis,
): Size | IgnoreReason {
  const { symbol, side, confidence, price } = signal;
  const instrument = settings.instrumentOf(symbol);
  const atr = settings.atrOf(symbol);
  const maxPositionFraction = fractionAtWorst(settings.maxPositionFraction, {
    expected,
    worst: worstPrice(pricing, price),
  });
  const { sizing } = settings;
  const { equity, capital, buyingPower } = funds;
  const sized = (costFraction: number | null): Decimal =>
    sizePosition(sizing, {
      equity,
      capital,
      price: expected,
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
    price: expected,
    quantity: hasFeePerUnit(sizing) ? 1 : wished.toNumber(),
  });
  const quantity = sized(costFraction);
  const asksForAll = sizing.method === 'all_in';
  if (quantity.isZero) return wished.isZero && !asksForAll ? 'below-minimum' : 'no-cash';
  return { quantity, costFraction };
}

/** A fixed fee counted with every unit makes one unit cost what an order for one unit costs. */
function hasFeePerUnit(sizing: SizingSettings): boolean {
  return sizing.method === 'all_in' && sizing.fixedFee === 'per_unit';
}

/**
 * The venue knows the account alone, so a strategy with a share of the funds, or with a buffer to
 * leave, asks for a smaller fraction of it, and for no more than its share allows now. Where the position limit cuts the entry, the quantity
 * that is within it stands.
 */
function sizedAtFill(
  { confidence, strategy }: EntrySignal,
  { equity, buyingPower, accountPower }: EntryFunds,
  { sizing, maxPositionFraction, shareOf }: PortfolioSettings,
): SizedAtFill | null {
  if (sizing.method !== 'all_in' || sizing.evaluateAt === 'decision') return null;
  const share = sizing.fraction * confidence;
  const isCut = maxPositionFraction !== null && share * buyingPower > equity * maxPositionFraction;
  if (isCut) return null;
  return {
    fraction: share * (buyingPower / accountPower),
    maxFunds: shareOf(strategy) < 1 ? share * buyingPower : null,
    fixedFee: sizing.fixedFee,
  };
}

/**
 * The size that the strategy gives, on the lot step. What is to fill at once must be paid for;
 * for an order that waits, the venue sees when it fills, and so for all where it is left to it.
 */
function givenQuantity(
  wished: number,
  { signal, pricing, expected }: PricedEntry,
  { funds, settings }: Pick<SizingBasis, 'funds' | 'settings'>,
): Size | IgnoreReason {
  const { symbol, side } = signal;
  const { lotStep } = settings.instrumentOf(symbol);
  const quantity = Decimal.fromNumber(wished).toStep(lotStep, 'down');
  if (!quantity.isPositive) return 'below-minimum';
  const size = quantity.toNumber();
  const costFraction = settings.costFraction({ symbol, side, price: expected, quantity: size });
  const isAsked = pricing.type === 'market' && !settings.leavesFundsToVenue;
  if (isAsked && size * expected * (1 + costFraction) > funds.buyingPower) return 'no-cash';
  return { quantity, costFraction };
}

/** The highest price that the order may fill at or that it is valued at until then. */
function worstPrice(pricing: OrderPricing, last: number): number {
  const limit = limitPriceOf(pricing)?.toNumber() ?? last;
  const stop = stopPriceOf(pricing)?.toNumber() ?? last;
  return Math.max(last, limit, stop);
}

/** The limit of a position's share is held at the worst price, while sizes are of the expected. */
function fractionAtWorst(
  fraction: number | null,
  { expected, worst }: { readonly expected: number; readonly worst: number },
): number | null {
  if (fraction === null || worst === expected) return fraction;
  return ((fraction * expected) / worst) * BELOW_LIMIT;
}
