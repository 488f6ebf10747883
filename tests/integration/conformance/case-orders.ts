import { inspect } from 'node:util';
import { Decimal } from '../../../src/core/decimal.ts';
import type { OrderPricing } from '../../../src/core/order.ts';
import type {
  PlaceOutcome,
  VenueOrder,
  VenueOrderRef,
  VenueOrderReport,
} from '../../../src/ports/exchange-account.ts';
import type { VenueWorld } from './venue-world.ts';

export const NEVER = new AbortController().signal;

/** A limit order far below the market: it rests. */
export const RESTING: OrderPricing = { type: 'limit', limitPrice: Decimal.parse('50000') };

export const MARKET: OrderPricing = { type: 'market' };

type OrderChange = Partial<
  Pick<VenueOrder, 'side' | 'timeInForce' | 'expiresAt' | 'isReducing'>
> & {
  readonly quantity?: string;
};

/** A buy of a hundredth that rests until it is told otherwise. */
export function orderFor(
  { symbol }: Pick<VenueWorld, 'symbol'>,
  clientId: string,
  pricing: OrderPricing = RESTING,
  { quantity = '0.01', ...change }: OrderChange = {},
): VenueOrder {
  return {
    clientId,
    symbol,
    side: 'buy',
    quantity: Decimal.parse(quantity),
    timeInForce: 'gtc',
    expiresAt: null,
    isReducing: false,
    ...change,
    ...pricing,
  };
}

/** The venue's id of an order that was taken. */
export function idOf(outcome: PlaceOutcome): string {
  if (outcome.kind === 'acknowledged') return outcome.venueId;
  throw new Error(`an order that is taken was expected, was ${outcome.kind}: ${outcome.reason}`);
}

/** Places an order that must be taken; names it. */
export async function placed(world: VenueWorld, order: VenueOrder): Promise<VenueOrderRef> {
  const venueId = idOf(await world.account.place(order));
  return { clientId: order.clientId, venueId, symbol: order.symbol };
}

export async function found(world: VenueWorld, order: VenueOrderRef): Promise<VenueOrderReport> {
  const report = await world.account.find(order, NEVER);
  if (report === null) throw new Error(`order ${order.clientId} was expected, was not found`);
  return report;
}

interface WireLog {
  readonly exchange: Pick<VenueWorld['exchange'], 'requests'>;
}

/** How often an order was asked for over the wire. */
export function posts({ exchange }: WireLog): number {
  return exchange.requests().filter(({ call }) => call === 'place').length;
}

/** A report with its numbers as text. */
export function plain(report: VenueOrderReport): object {
  const { quantity, filled, averagePrice, ...rest } = report;
  return {
    ...rest,
    quantity: quantity?.toString() ?? null,
    filled: filled?.toString() ?? null,
    averagePrice: averagePrice?.toString() ?? null,
  };
}

/** Everything an error says anywhere. */
export function allText(error: unknown): string {
  const seen = new Set<unknown>();
  const texts: string[] = [];
  let step: unknown = error;
  while (step instanceof Error && !seen.has(step)) {
    seen.add(step);
    texts.push(step.message, step.stack ?? '', JSON.stringify(step), inspected(step));
    step = step.cause;
  }
  return texts.join('\n');
}

function inspected(error: Error): string {
  return inspect(error, { depth: 10, showHidden: true });
}

export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('an error was expected, was none');
}
