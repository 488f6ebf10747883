import { assertNever } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import type { SizedAtFill } from '../core/order.ts';

/** How much of a symbol an entry asks for; fractions of equity, money in quote currency. */
export type SizingSettings =
  | { readonly method: 'risk_based'; readonly riskPerTrade: number }
  | { readonly method: 'fixed_fraction'; readonly fraction: number }
  | { readonly method: 'fixed_notional'; readonly notional: number }
  | {
      readonly method: 'volatility_target';
      readonly riskPerTrade: number;
      /** Bars of the average true range. */
      readonly atrPeriod: number;
      /** Average true ranges that lose the risk. */
      readonly atrMultiple: number;
    }
  | {
      readonly method: 'kelly_fraction';
      readonly winRate: number;
      /** Mean win divided by mean loss. */
      readonly payoffRatio: number;
      /** Share of the full Kelly bet, e.g. 0.5. */
      readonly fraction: number;
      /** Highest fraction of equity a bet may take. */
      readonly cap: number;
    }
  | { readonly method: 'fixed_quantity'; readonly quantity: number }
  | {
      readonly method: 'all_in';
      /** Share of the free funds. */
      readonly fraction: number;
      /** Whether funds and price of the fill count, or those of the close decided on. */
      readonly evaluateAt: 'fill' | 'decision';
      /** How often a fee that does not depend on the size is provided for. */
      readonly fixedFee: SizedAtFill['fixedFee'];
    };

/** Some rounding errors of doubles, relative. */
const DOUBLE_ERROR_MAX = 1e-14;

export interface SizingInput {
  /** Of the account: what limits are taken of. */
  readonly equity: number;
  /** Equity that methods size by: the strategy's share of the account's. */
  readonly capital: number;
  readonly price: number;
  /** In (0, 1]. */
  readonly confidence: number;
  /** Distance of the stop-loss as a fraction of the price; null without a stop. */
  readonly stopFraction: number | null;
  /** Average true range in quote currency; null until known. */
  readonly atr: number | null;
  /** Largest fraction of equity in one position; null when that limit is off. */
  readonly maxPositionFraction: number | null;
  /** Value of further positions that the funds carry. */
  readonly buyingPower: number;
  /** Fee and slippage expected, as a fraction of the price; null, and funds set no cap, until known. */
  readonly costFraction: number | null;
  readonly instrument: Instrument;
}

/**
 * Quantity to ask for in base units, rounded down to the lot step; zero when nothing is affordable.
 *
 * The method's wish is capped by `equity × maxPositionFraction / price` and by
 * `buyingPower / (price × (1 + costFraction))` (DESIGN section 5).
 */
export function sizePosition(settings: SizingSettings, input: SizingInput): Decimal {
  const { equity, price, maxPositionFraction, buyingPower, costFraction, instrument } = input;
  let quantity = wishedQuantity(settings, input);
  if (maxPositionFraction !== null) {
    quantity = Math.min(quantity, (equity * maxPositionFraction) / price);
  }
  if (costFraction !== null) {
    quantity = Math.min(quantity, buyingPower / (price * (1 + costFraction)));
  }
  if (!(quantity > 0) || !Number.isFinite(quantity)) return Decimal.zero;
  const lots = Decimal.fromNumber(quantity).toStep(instrument.lotStep, 'down');
  return withinLimit(lots, input);
}

function wishedQuantity(settings: SizingSettings, input: SizingInput): number {
  const { capital, price, confidence, stopFraction, atr } = input;
  switch (settings.method) {
    case 'risk_based':
      // Without a stop the loss at risk is the whole price.
      return (capital * settings.riskPerTrade * confidence) / (price * (stopFraction ?? 1));
    case 'fixed_fraction':
      return (capital * settings.fraction * confidence) / price;
    case 'fixed_notional':
      return (settings.notional * confidence) / price;
    case 'volatility_target':
      return atr === null
        ? 0
        : (capital * settings.riskPerTrade * confidence) / (atr * settings.atrMultiple);
    case 'kelly_fraction':
      return (capital * kellyBet(settings) * confidence) / price;
    case 'fixed_quantity':
      return settings.quantity * confidence;
    case 'all_in': {
      const pricePerUnit = price * (1 + (input.costFraction ?? 0));
      return (input.buyingPower * settings.fraction * confidence) / pricePerUnit;
    }
    default:
      return assertNever(settings, 'position sizing');
  }
}

/** Kelly, "A New Interpretation of Information Rate" (1956): f = W − (1 − W) / R. */
function kellyBet(settings: Extract<SizingSettings, { method: 'kelly_fraction' }>): number {
  const full = settings.winRate - (1 - settings.winRate) / settings.payoffRatio;
  return Math.max(0, Math.min(settings.cap, full * settings.fraction));
}

/**
 * Somewhat less where the product of doubles lands a hair above the limit that risk will apply:
 * less by more than doubles can err, and then by what the lot step cuts off.
 */
function withinLimit(quantity: Decimal, input: SizingInput): Decimal {
  const { equity, price, maxPositionFraction, instrument } = input;
  if (maxPositionFraction === null) return quantity;
  if (quantity.toNumber() * price <= equity * maxPositionFraction) return quantity;
  const less = ((equity * maxPositionFraction) / price) * (1 - DOUBLE_ERROR_MAX);
  return Decimal.fromNumber(less).toStep(instrument.lotStep, 'down');
}
