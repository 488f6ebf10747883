import { createHash } from 'node:crypto';
import type { EventBus } from '../core/event-bus.ts';
import type { Fill } from '../core/fill.ts';
import {
  limitPriceOf,
  stopPriceOf,
  type EntryOrder,
  type OrderRequest,
  type SizedAtFill,
} from '../core/order.ts';
import type { OrderRejection } from '../core/risk.ts';
import type { StopLevel } from '../core/protection.ts';
import type { OrderTerms, Signal, WishedPricing, WishedTrail } from '../core/signal.ts';

/** Bytes gathered before they are hashed: one call a batch, not one a line. */
const BATCH = 65_536;
/** No line is longer; names are bounded by their own rules. */
const LINE_MAX = 2_048;

/**
 * SHA-256 over the ordered decisions of a run: signals, orders, refusals and fills, one line each.
 * Neither ids of the run, wall-clock times nor event numbers enter it, so the same decisions give
 * the same hash on every machine.
 */
export class ResultHash {
  readonly #hash = createHash('sha256');
  /** Bytes rather than a growing text: that would keep every piece of every line alive. */
  readonly #batch = Buffer.allocUnsafe(BATCH);
  #length = 0;

  constructor(bus: Pick<EventBus, 'on'>) {
    bus.on('signal.raised', ({ payload }) => this.#add(signalLine(payload)));
    bus.on('order.requested', ({ payload }) => this.#add(orderLine(payload)));
    bus.on('order.rejected', ({ payload }) => this.#add(refusalLine(payload)));
    bus.on('order.filled', ({ payload }) => this.#add(fillLine(payload)));
  }

  /** Hexadecimal digest; nothing may be added afterwards. */
  digest(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #add(line: string): undefined {
    this.#length += this.#batch.write(line, this.#length, 'utf8');
    if (this.#length > BATCH - LINE_MAX) this.#flush();
  }

  #flush(): void {
    this.#hash.update(this.#batch.subarray(0, this.#length));
    this.#length = 0;
  }
}

function signalLine(signal: Signal): string {
  const { strategy, symbol, barOpenTime, intent, price } = signal;
  const wish = signal.intent === 'enter' ? `${signal.side}|${signal.confidence}` : '|';
  const rest = unusualOf(signal);
  return `signal|${strategy}|${symbol}|${barOpenTime}|${intent}|${wish}|${price}${rest}\n`;
}

/** What a signal asks for beyond a market order of the configured size; empty where nothing. */
function unusualOf(signal: Signal): string {
  switch (signal.intent) {
    case 'enter': {
      const { terms, oneCancelsOther } = signal;
      return termsOf(terms) + (oneCancelsOther === null ? '' : `|one of ${oneCancelsOther}`);
    }
    case 'exit':
      return termsOf(signal.terms);
    case 'cancel':
      return `|${signal.orderId}`;
    case 'replace': {
      const { quantity, limitPrice, stopPrice, trail } = signal.changes;
      return `|${signal.orderId}|${quantity}|${limitPrice}|${stopPrice}|${trailOf(trail)}`;
    }
    case 'protect':
      return `|${levelOf(signal.stopLoss)}|${levelOf(signal.takeProfit)}`;
  }
}

function termsOf({ pricing, timeInForce, expiresAt, quantity }: OrderTerms): string {
  const isUsual = timeInForce === null && expiresAt === null && quantity === null;
  if (isUsual && pricing.type === 'market') return '';
  return `|${pricing.type}|${wishedPriceOf(pricing)}|${timeInForce}|${expiresAt}|${quantity}`;
}

function wishedPriceOf(pricing: WishedPricing): string {
  switch (pricing.type) {
    case 'market':
      return '';
    case 'limit':
      return `${pricing.limitPrice}`;
    case 'stop':
      return `${pricing.stopPrice}`;
    case 'stop_limit':
      return `${pricing.stopPrice}/${pricing.limitPrice}`;
    case 'trailing_stop':
      return trailOf(pricing.trail);
  }
}

function trailOf(trail: WishedTrail | null): string {
  if (trail === null) return 'null';
  return `${trail.kind}:${trail.kind === 'distance' ? trail.distance : trail.fraction}`;
}

function levelOf(level: StopLevel | null | 'keep'): string {
  if (level === null || level === 'keep') return `${level}`;
  switch (level.kind) {
    case 'price':
      return `price:${level.price}`;
    case 'distance':
    case 'trailing_distance':
      return `${level.kind}:${level.distance}`;
    case 'fraction':
    case 'trailing_fraction':
      return `${level.kind}:${level.fraction}`;
    case 'toward':
      return `toward:${level.reference}:${level.multiple}`;
  }
}

function orderLine(order: OrderRequest): string {
  const { id, strategy, symbol, side, role, quantity, referencePrice } = order;
  return (
    `order|${id}|${strategy}|${symbol}|${side}|${role}|${order.type}|${priceOf(order)}|` +
    `${quantity.toString()}|${referencePrice}${unusualTermsOf(order)}\n`
  );
}

/** What sets an order apart from one that stands alone until it is filled; empty where nothing. */
function unusualTermsOf(order: OrderRequest): string {
  const { timeInForce, expiresAt, replaces } = order;
  const lasts = timeInForce === 'gtc' ? '' : `|${timeInForce} ${expiresAt}`;
  const follows = replaces === null ? '' : `|for ${replaces}`;
  return lasts + follows + (order.role === 'entry' ? unusualEntryTermsOf(order) : '');
}

function unusualEntryTermsOf({ group, sizedAtFill }: EntryOrder): string {
  const excludes = group === null ? '' : `|one of ${group}`;
  return excludes + (sizedAtFill === null ? '' : sizeOf(sizedAtFill));
}

function sizeOf({ fraction, maxFunds, fixedFee }: SizedAtFill): string {
  const most = maxFunds === null ? '' : `, at most ${maxFunds}`;
  return `|${fraction} of funds${most}, fee ${fixedFee}`;
}

/** Stop, limit and trail with a slash between, as far as the order has them. */
function priceOf(order: OrderRequest): string {
  const prices = [stopPriceOf(order), limitPriceOf(order)];
  if (order.type === 'trailing_stop') {
    const { trail } = order;
    prices.push(trail.kind === 'distance' ? trail.distance : trail.fraction);
  }
  return prices.flatMap((price) => price?.toString() ?? []).join('/');
}

function refusalLine({ order, refusal }: OrderRejection): string {
  return `refusal|${order.id}|${refusal.layer}|${refusal.check}|${refusal.limit}|${refusal.actual}\n`;
}

function fillLine({ tradeId, orderId, quantity, price, fee, time }: Fill): string {
  return (
    `fill|${tradeId}|${orderId}|${quantity.toString()}|${price.toString()}|${fee.toString()}|` +
    `${time}\n`
  );
}
