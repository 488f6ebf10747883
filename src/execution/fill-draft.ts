import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import { limitPriceOf } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import type { Meeting } from './bar-matching.ts';
import type { CommissionModel } from './commission/commission-model.ts';
import { fillPrice } from './fill-price.ts';
import { fundedQuantity } from './funded-quantity.ts';
import { impactOnly } from './slippage/impact-only.ts';
import type { SlippageModel } from './slippage/slippage-model.ts';
import type { SymbolBook } from './symbol-book.ts';
import type { VenueAccount } from './venue-account.ts';
import type { WorkingOrder } from './working-order.ts';

/** What trading costs at the venue. */
export interface TradingCosts {
  readonly slippage: SlippageModel;
  readonly commission: CommissionModel;
}

/** An order meeting the market at one price: of a bar, or between two bars. */
export interface Encounter {
  readonly order: WorkingOrder;
  readonly book: SymbolBook;
  /** Null where the price is that of a quote: whoever quotes it takes the other side of the whole. */
  readonly bar: Bar | null;
  readonly meeting: Meeting;
  /** What the fill is dated. */
  readonly time: EpochMs;
  /** Trading of the bar goes on after this price: protective orders may still meet it. */
  readonly goesOn: boolean;
  readonly ignoreVolume: boolean;
}

export interface FillDraft {
  readonly quantity: Decimal;
  readonly price: Decimal;
  /** Of the size of the fill on its price, in quote currency. */
  readonly impact: Decimal;
  readonly fee: Decimal;
  /** The quantity was cut to what the account can carry. */
  readonly isShortOfFunds: boolean;
}

/**
 * How much of an order fills where it met the market, and at what cost: capped by the bar's
 * volume, an exit by what the position holds, an entry by the account's buying power. Null where
 * volume or holding leave nothing.
 */
export function draftFill(
  encounter: Encounter,
  account: VenueAccount,
  costs: TradingCosts,
): FillDraft | null {
  const quantity = fillableQuantity(encounter, account);
  if (!quantity.isPositive) return null;
  const full = priced(encounter, costs, quantity);
  const { role, symbol } = encounter.order.request;
  if (role !== 'entry') return full;
  const power = account.buyingPower(symbol, encounter.meeting.exact);
  const isPaid = !quantity.times(full.price).plus(full.fee).greaterThan(power);
  return isPaid ? full : cutToFunds(encounter, costs, { full, power });
}

/** Whether the bar's volume lets anything of the order fill. */
export function hasRoom({ order, book, bar, ignoreVolume }: Encounter): boolean {
  return ignoreVolume || bar === null || book.budget.cap(bar, order.remaining).isPositive;
}

function fillableQuantity(
  { order, book, bar, ignoreVolume }: Encounter,
  account: VenueAccount,
): Decimal {
  const { role, position } = order.request;
  const isUnlimited = ignoreVolume || bar === null;
  const open = isUnlimited ? order.remaining : book.budget.cap(bar, order.remaining);
  return role === 'entry' ? open : open.min(account.held(position));
}

function cutToFunds(
  encounter: Encounter,
  costs: TradingCosts,
  { full, power }: { readonly full: FillDraft; readonly power: Decimal },
): FillDraft {
  const quantity = fundedQuantity({
    wanted: full.quantity,
    lotStep: instrumentOf(encounter).lotStep,
    power,
    rawPrice: encounter.meeting.exact,
    priceOf: (part) => priced(encounter, costs, part).price,
    feeOf: (part, price) => feeOf(encounter, costs, { quantity: part, price }),
  });
  const part = quantity.isZero
    ? { quantity, price: full.price, impact: Decimal.zero, fee: Decimal.zero }
    : priced(encounter, costs, quantity);
  return { ...part, isShortOfFunds: true };
}

export function priced(encounter: Encounter, costs: TradingCosts, quantity: Decimal): FillDraft {
  const { order, meeting, bar, book } = encounter;
  const { price, impact } = fillPrice({
    side: order.request.side,
    role: order.request.role,
    meeting,
    quantity,
    barVolume: (bar ?? book.bar)?.volume ?? 0,
    instrument: instrumentOf(encounter),
    slippage: bar === null ? impactOnly(costs.slippage) : costs.slippage,
    limit: order.kind === 'limit' ? limitPriceOf(order.request) : null,
  });
  const fee = feeOf(encounter, costs, { quantity, price });
  return { quantity, price, impact, fee, isShortOfFunds: false };
}

export function feeOf(
  encounter: Encounter,
  { commission }: TradingCosts,
  { quantity, price }: { readonly quantity: Decimal; readonly price: Decimal },
): Decimal {
  const { liquidity, hasFilled } = encounter.order;
  return commission({
    instrument: instrumentOf(encounter),
    liquidity,
    quantity,
    price,
    isFirstFill: !hasFilled,
  });
}

/** A fill is made by the rules of its own time, whenever its order was accepted. */
export function instrumentOf({ book, time }: Encounter): Instrument {
  return book.instrumentAt(time);
}
