import { assertNever } from './assert.ts';
import type { PositionSide } from './position.ts';

/**
 * Where a protective order goes, once the entry price is known.
 * - `price`: at that price;
 * - `distance`: that far from the entry, in quote currency, always positive;
 * - `fraction`: that fraction of the entry price away from it, always positive;
 * - `toward`: `multiple` times the way from the entry to `reference`.
 */
export type ProtectiveLevel =
  | { readonly kind: 'price'; readonly price: number }
  | { readonly kind: 'distance'; readonly distance: number }
  | { readonly kind: 'fraction'; readonly fraction: number }
  | { readonly kind: 'toward'; readonly reference: number; readonly multiple: number };

/**
 * Where a stop-loss goes. A trailing one begins that far from the entry and follows the market:
 * - `trailing_distance`: in quote currency;
 * - `trailing_fraction`: a fraction of the price.
 */
export type StopLevel =
  | ProtectiveLevel
  | { readonly kind: 'trailing_distance'; readonly distance: number }
  | { readonly kind: 'trailing_fraction'; readonly fraction: number };

/** The stop-loss and take-profit a position is to carry; null where there is none. */
export interface Protection {
  readonly stopLoss: StopLevel | null;
  readonly takeProfit: ProtectiveLevel | null;
}

interface EntryPoint {
  readonly side: PositionSide;
  readonly entryPrice: number;
}

/** Price of a stop-loss for a position entered at that price; where one that trails begins. */
export function stopLossPrice(level: StopLevel, entry: EntryPoint): number {
  return priceOf(fixed(level), entry, entry.side === 'long' ? -1 : 1);
}

/** Price of a take-profit for a position entered at that price. */
export function takeProfitPrice(level: ProtectiveLevel, entry: EntryPoint): number {
  return priceOf(level, entry, entry.side === 'long' ? 1 : -1);
}

function fixed(level: StopLevel): ProtectiveLevel {
  if (level.kind === 'trailing_distance') return { kind: 'distance', distance: level.distance };
  if (level.kind === 'trailing_fraction') return { kind: 'fraction', fraction: level.fraction };
  return level;
}

/** `direction` is +1 where the level lies above the entry, −1 where it lies below. */
function priceOf(level: ProtectiveLevel, { entryPrice }: EntryPoint, direction: 1 | -1): number {
  switch (level.kind) {
    case 'price':
      return level.price;
    case 'distance':
      return entryPrice + direction * level.distance;
    case 'fraction':
      return entryPrice * (1 + direction * level.fraction);
    case 'toward':
      return entryPrice + level.multiple * (level.reference - entryPrice);
    default:
      return assertNever(level, 'protective level');
  }
}
