import { Decimal } from '../core/decimal.ts';
import { expectedPrice, limitPriceOf, stopPriceOf, type OrderPricing } from '../core/order.ts';
import type { Protection } from '../core/protection.ts';
import type { EntrySignal, IgnoreReason } from '../core/signal.ts';
import { pricingOf } from './order-pricing.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import { sizePosition } from './position-sizing.ts';
import { planProtection } from './protection-plan.ts';

/** Keeps products of doubles from landing above the limit that they were divided by. */
const BELOW_LIMIT = 1 - 1e-12;

interface Funds {
  readonly equity: number;
  /** Cash not promised to other orders. */
  readonly availableCash: number;
}

export interface EntryPlan {
  readonly pricing: OrderPricing;
  readonly quantity: Decimal;
  readonly protection: Protection;
  /** Cash one unit is expected to take, costs included; zero for a short sale. */
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
  funds: Funds,
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
  const cashPerUnit = side === 'buy' ? expected * (1 + costFraction) : 0;
  return { pricing, quantity, protection, cashPerUnit };
}

interface Size {
  readonly quantity: Decimal;
  /** Fee and slippage to expect, as a fraction of the price. */
  readonly costFraction: number;
}

interface SizingBasis {
  readonly funds: Funds;
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
  const sized = (availableCash: number | null, costFraction: number): Decimal =>
    sizePosition(settings.sizing, {
      equity: funds.equity,
      price: expected,
      confidence,
      stopFraction,
      atr,
      maxPositionFraction,
      instrument,
      availableCash,
      costFraction,
    });
  // Costs grow with size, so the size without a cash cap gives the highest cost to plan for.
  const wished = sized(null, 0);
  const costFraction = settings.costFraction({
    symbol,
    side,
    price: expected,
    quantity: wished.toNumber(),
  });
  const quantity = side === 'buy' ? sized(funds.availableCash, costFraction) : wished;
  if (quantity.isZero) return wished.isZero ? 'below-minimum' : 'no-cash';
  return { quantity, costFraction };
}

/**
 * The size that the strategy gives, on the lot step. What is to be bought at once must be paid for;
 * for an order that waits, the venue sees when it fills.
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
  const isAtOnce = side === 'buy' && pricing.type === 'market';
  if (isAtOnce && size * expected * (1 + costFraction) > funds.availableCash) return 'no-cash';
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
