import { expect, it } from 'vitest';
import type { Bar } from '../../../src/core/bar.ts';
import { fromExactJson, toExactJson } from '../../../src/core/exact-json.ts';
import type { Quote } from '../../../src/core/quote.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { Fill } from '../../../src/core/fill.ts';
import { orderId, type OrderId } from '../../../src/core/ids.ts';
import type { Instrument } from '../../../src/core/instrument.ts';
import type { OrderPricing, OrderUpdate, Trail } from '../../../src/core/order.ts';
import { ORDER_ROLES, SIDES, TIMES_IN_FORCE } from '../../../src/core/order.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { tradingCalendar } from '../../../src/core/trading-calendar.ts';
import { commissionModel } from '../../../src/execution/commission.ts';
import {
  SimulatedVenue,
  type SimulatedVenueOptions,
} from '../../../src/execution/simulated-venue.ts';
import { slippageModel } from '../../../src/execution/slippage.ts';
import type { VenueSnapshot } from '../../../src/execution/venue-snapshot.ts';
import type { VenueReports } from '../../../src/ports/venue.ts';
import { approvedOrder } from './orders.ts';

interface ScriptOptions extends Partial<Omit<SimulatedVenueOptions, 'instruments'>> {
  readonly instrument?: Partial<Instrument>;
}

interface ScriptResult {
  /** What a trader would note: one line a fill, cancellation or refusal. */
  readonly notes: readonly string[];
  readonly fills: readonly Fill[];
  readonly updates: readonly OrderUpdate[];
  readonly venue: SimulatedVenue;
}

export const FREE = commissionModel(
  {
    crypto: { maker: 0, taker: 0 },
    stock: { maker: 0, taker: 0 },
    venues: {},
    venueFees: 'collected',
  },
  'none',
);
export const NO_SLIPPAGE = slippageModel({ model: 'fixed_bps', bps: 0 });

export function hourBar(
  count: number,
  [open, high, low, close, volume]: readonly number[],
  symbol = 'BTC/USD',
): Bar {
  return {
    symbol,
    timeframe: '1h',
    openTime: count * HOUR_MS,
    closeTime: (count + 1) * HOUR_MS,
    open: open ?? 0,
    high: high ?? 0,
    low: low ?? 0,
    close: close ?? 0,
    volume: volume ?? 0,
    flags: 0,
  };
}

/** A venue without costs, without steps and without a volume limit, but for what is given. */
export function plainVenue({ instrument, ...options }: ScriptOptions = {}): SimulatedVenue {
  return new SimulatedVenue({
    instruments: (symbol) => ({
      symbol,
      assetClass: 'crypto',
      quoteCurrency: 'USD',
      tickSize: Decimal.zero,
      lotStep: Decimal.zero,
      minNotional: Decimal.zero,
      fees: null,
      ...instrument,
    }),
    slippage: NO_SLIPPAGE,
    commission: FREE,
    fillAt: 'next_open',
    limitFill: 'through',
    trailingReference: 'extreme',
    entryBarExits: 'cautious',
    shortOfFunds: 'reduce',
    calendarOf: () => tradingCalendar('always'),
    maxVolumeShare: null,
    initialCash: Decimal.parse('1000000'),
    margin: { initial: 1, borrowRate: 0, interestRate: 0 },
    ...options,
  });
}

/**
 * Plays a script of one line a step:
 *
 *     bar OPEN HIGH LOW CLOSE [VOLUME]     a bar; the one before it is settled
 *     quote BID ASK [@MINUTES]             a price so long (ten minutes) after the last bar
 *     restart                              another venue goes on from where this one was
 *     end                                  settles the bar: what follows meets later bars
 *     oN ROLE[/pN] SIDE QTY TYPE [PRICE] [TERMS]    an order; position p1 unless named
 *     cancel oN
 *     close-session
 *
 * A stop-limit's PRICE is STOP/LIMIT, a trailing stop's STOP~TRAIL (98~2 or 98~2%). TERMS are a time
 * in force (gtd@3: until the third bar opens), `group=NAME`, `for=oN` (in the place of oN),
 * `with-stop`, `with-target`.
 *
 * Bars count from one. Notes look like `1: o1 buys 10 at 100` and `2: o3 canceled, group filled`;
 * `(4 left)` follows a partial fill.
 */
export function play(script: string, options: ScriptOptions = {}): ScriptResult {
  let venue = plainVenue(options);
  const notes: string[] = [];
  const fills: Fill[] = [];
  const updates: OrderUpdate[] = [];
  let bars = 0;
  const left = new Map<string, Decimal>();
  const reports: VenueReports = {
    charged: ({ kind, amount }) => {
      notes.push(`${bars}: ${kind} ${amount.toString()}`);
    },
    updated: (update) => {
      updates.push(update);
      if (update.state === 'accepted') return;
      notes.push(`${bars}: ${update.orderId} ${update.state}, ${update.reason}`);
    },
    filled: (fill) => {
      fills.push(fill);
      const rest = (left.get(fill.orderId) ?? Decimal.zero).minus(fill.quantity);
      left.set(fill.orderId, rest);
      const partial = fill.orderState === 'filled' ? '' : ` (${rest.toString()} left)`;
      const verb = fill.side === 'buy' ? 'buys' : 'sells';
      notes.push(
        `${bars}: ${fill.orderId} ${verb} ${fill.quantity.toString()} at ${fill.price.toString()}${partial}`,
      );
    },
  };
  venue.connect(reports);
  for (const line of lines(script)) {
    const words = line.split(/\s+/);
    const [command = '', argument = ''] = words;
    if (command === 'bar') {
      venue.settle();
      venue.observe(hourBar(++bars, [...words.slice(1, 5).map(Number), Number(words[5] ?? 1000)]));
    } else if (command === 'quote') venue.quote(quoteAfter(bars, words.slice(1)));
    else if (command === 'restart') {
      const text = toExactJson(venue.snapshot());
      venue = plainVenue({ ...options, restored: fromExactJson(text) as VenueSnapshot });
      venue.connect(reports);
    } else if (command === 'end') venue.settle();
    else if (command === 'cancel') venue.cancel(orderId(Number(argument.slice(1))), 'asked to');
    else if (command === 'close-session') venue.closeSession();
    else {
      const order = orderOf(words);
      left.set(order.id, order.quantity);
      venue.submit(order);
    }
  }
  return { notes, fills, updates, venue };
}

interface Scene {
  readonly fact: string;
  readonly script: string;
  readonly notes: string;
}

/** One test a scene: what a trader reads in the script is what the venue reports. */
export function tells(scenes: readonly Scene[], options: ScriptOptions = {}): void {
  it.each(scenes)('$fact', ({ script, notes }) => {
    expect(play(script, options).notes).toEqual(lines(notes));
  });
}

/** Non-empty lines of a text block, trimmed. */
function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Of BTC/USD; minutes count from where the last bar closed. */
export function quoteAfter(bars: number, [bid, ask, at = '@10']: readonly string[]): Quote {
  const time = (bars + 1) * HOUR_MS + Number(at.slice(1)) * MINUTE_MS;
  return { symbol: 'BTC/USD', bid: Number(bid), ask: Number(ask), time };
}

function orderOf(words: readonly string[]): ReturnType<typeof approvedOrder> {
  const [id = '', roleAndPosition = '', side, quantity = '', type, price = '0'] = words;
  const [role, position = 'p1'] = roleAndPosition.split('/');
  const terms = words.slice(5);
  const [timeInForce = 'gtc', end] =
    terms.map((term) => term.split('@')).find(([term]) => isTimeInForce(term)) ?? [];
  return approvedOrder({
    count: Number(id.slice(1)),
    role: oneOf(ORDER_ROLES, role),
    side: oneOf(SIDES, side),
    quantity,
    pricing: pricingOf(type, price),
    position: Number(position.slice(1)),
    timeInForce: oneOf(TIMES_IN_FORCE, timeInForce),
    expiresAt: end === undefined ? null : Number(end) * HOUR_MS,
    group: termOf(terms, 'group='),
    replaces: replacedBy(terms),
    withStop: terms.includes('with-stop'),
    withTarget: terms.includes('with-target'),
  });
}

function replacedBy(terms: readonly string[]): OrderId | null {
  const count = termOf(terms, 'for=o');
  return count === null ? null : orderId(Number(count));
}

function termOf(terms: readonly string[], name: string): string | null {
  return terms.find((term) => term.startsWith(name))?.slice(name.length) ?? null;
}

function isTimeInForce(word: string | undefined): boolean {
  return TIMES_IN_FORCE.some((each) => each === word);
}

function pricingOf(type: string | undefined, text: string): OrderPricing {
  if (type === 'market') return { type };
  if (type === 'limit') return { type, limitPrice: Decimal.parse(text) };
  if (type === 'stop') return { type, stopPrice: Decimal.parse(text) };
  if (type === 'stop_limit') {
    const [stop = '', limit = ''] = text.split('/');
    return { type, stopPrice: Decimal.parse(stop), limitPrice: Decimal.parse(limit) };
  }
  if (type === 'trailing_stop') {
    const [stop = '', trail = ''] = text.split('~');
    return { type, stopPrice: Decimal.parse(stop), trail: trailOf(trail) };
  }
  throw new Error(`an order type was expected, was "${type}"`);
}

function trailOf(text: string): Trail {
  if (!text.endsWith('%')) return { kind: 'distance', distance: Decimal.parse(text) };
  const percent = Decimal.parse(text.slice(0, -1));
  return { kind: 'fraction', fraction: percent.dividedBy(Decimal.parse('100')) };
}

function oneOf<const T extends string>(known: readonly T[], word: string | undefined): T {
  const found = known.find((item) => item === word);
  if (found === undefined)
    throw new Error(`one of ${known.join(', ')} was expected, was "${word}"`);
  return found;
}
