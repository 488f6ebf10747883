import type { Decimal } from '../core/decimal.ts';
import type { EntrySignal, IgnoreReason } from '../core/signal.ts';
import type { Protection } from '../core/protection.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import { sizePosition } from './position-sizing.ts';
import { planProtection } from './protection-plan.ts';

interface Funds {
  readonly equity: number;
  /** Cash not promised to other orders. */
  readonly availableCash: number;
}

export interface EntryPlan {
  readonly quantity: Decimal;
  readonly protection: Protection;
  /** Cash one unit is expected to take, costs included; zero for a short sale. */
  readonly cashPerUnit: number;
}

/** Turns an entry signal into a quantity and its protection, or says why there is none. */
export function planEntry(
  signal: EntrySignal,
  funds: Funds,
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
  const atr = settings.atrOf(symbol);
  const { maxPositionFraction } = settings;
  const sized = (availableCash: number | null, costFraction: number): Decimal =>
    sizePosition(settings.sizing, {
      equity: funds.equity,
      price,
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
    price,
    quantity: wished.toNumber(),
  });
  const quantity = side === 'buy' ? sized(funds.availableCash, costFraction) : wished;
  if (quantity.isZero) return wished.isZero ? 'below-minimum' : 'no-cash';
  if (quantity.toNumber() * price < instrument.minNotional.toNumber()) return 'below-minimum';
  return { quantity, protection, cashPerUnit: side === 'buy' ? price * (1 + costFraction) : 0 };
}
