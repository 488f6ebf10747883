/**
 * A strategy that wishes at random, on a market that moves at random, through the wiring of a real
 * run: for tests that let anything be asked for and look at what comes of it.
 */
import * as z from 'zod';
import {
  readEngineSnapshot,
  writeEngineSnapshot,
  type EngineSnapshot,
} from '../../src/app/engine-snapshot.ts';
import { wireEngine, type Engine } from '../../src/app/wire-engine.ts';
import type { Bar, Slice } from '../../src/core/bar.ts';
import type { AnyEvent } from '../../src/core/events.ts';
import { TIMES_IN_FORCE } from '../../src/core/order.ts';
import type { ProtectiveLevel, StopLevel } from '../../src/core/protection.ts';
import type { Signal, WishedTrail } from '../../src/core/signal.ts';
import type { Quote } from '../../src/core/quote.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { tradingCalendar } from '../../src/core/trading-calendar.ts';
import { commissionModel } from '../../src/execution/commission.ts';
import { SimulatedVenue } from '../../src/execution/simulated-venue.ts';
import { slippageModel } from '../../src/execution/slippage.ts';
import type { OpenOrder } from '../../src/ports/portfolio-view.ts';
import type { RiskLimits } from '../../src/risk/risk-limits.ts';
import { defineStrategy } from '../../src/strategies/define-strategy.ts';
import type { OrderWish, StrategyContext } from '../../src/strategies/strategy.ts';
import { hourBar, sliceOf, START } from './bars.ts';
import { BTC, dec, strategyId } from './orders.ts';

/** One wish, as numbers: what they mean depends on the kind, and on what there is to wish about. */
export interface Wish {
  readonly kind: 'enter' | 'exit' | 'cancel' | 'replace' | 'protect' | 'turn';
  readonly isBuy: boolean;
  /** Type of order and time in force. */
  readonly form: number;
  readonly lasting: number;
  /** Distances from the close, in ticks. */
  readonly near: number;
  readonly far: number;
  /** Lots; zero for none of its own. */
  readonly lots: number;
  readonly pick: number;
  readonly levels: number;
}

/** What a symbol costs within a bar, before that closes. */
export interface WishedQuote {
  /** Minutes after the open of the bar; from 60 on, after its close. */
  readonly minute: number;
  /** How far up from the low to the high, in [0, 1]. */
  readonly height: number;
  readonly spread: number;
}

export interface WishedBar {
  readonly gap: number;
  readonly move: number;
  readonly up: number;
  readonly down: number;
  readonly volume: number;
  readonly wishes: readonly Wish[];
  readonly quotes?: readonly WishedQuote[];
}

export interface WishScript {
  readonly bars: readonly WishedBar[];
  readonly allowShort: boolean;
  readonly maxEntries: number;
  readonly reverses: boolean;
  readonly stopLimit: number | null;
  readonly maxFraction: number | null;
  readonly entryBars: number | null;
  readonly fillsAtClose: boolean;
}

export const WISHER = strategyId('wisher');
export const INITIAL_CAPITAL = dec(10_000);
export const SYMBOL = 'BTC/USD';
const INSTRUMENT = { ...BTC, lotStep: dec('0.001') };

const FREE_LIMITS: RiskLimits = {
  position: { maxFraction: null, stopLoss: { crypto: null, stock: null }, takeProfitRatio: 2 },
  symbol: { maxExposure: null },
  portfolio: {
    maxInvested: null,
    correlation: { threshold: null, lookbackBars: 10, maxGroupExposure: null },
  },
  system: {
    maxDailyLoss: null,
    maxDrawdown: 0.5,
    dailyLossReset: 'next_day',
    onBreach: 'flatten',
    maxOrdersPerMinute: null,
    maxOrdersPerDay: null,
    maxOrderNotional: null,
    maxDailyNotional: null,
  },
};

const FREE_MARGIN = { initial: 1, maintenance: null, borrowRate: 0, interestRate: 0 } as const;

export interface WishRun {
  readonly engine: Engine;
  readonly venue: SimulatedVenue;
  readonly events: readonly AnyEvent[];
  /** At each restart, the snapshot that was passed on, and that of the engine made of it. */
  readonly passedOn: readonly { readonly before: string; readonly after: string }[];
}

/**
 * Runs a script to its end; `check` is called after every bar, when all that it led to is done. After
 * so many bars as `restarts` tells, the engine gives way to another one that has its snapshot alone,
 * and the venue.
 */
export function runWishes(
  script: WishScript,
  check: (run: WishRun) => void = () => undefined,
  restarts: readonly number[] = [],
): WishRun {
  let now = START;
  const events: AnyEvent[] = [];
  const passedOn: { before: string; after: string }[] = [];
  const limits = limitsOf(script);
  const venue = new SimulatedVenue({
    instruments: () => INSTRUMENT,
    slippage: slippageModel({ model: 'fixed_bps', bps: 5 }),
    commission: commissionModel(
      {
        crypto: { maker: 0.001, taker: 0.002 },
        stock: { maker: 0, taker: 0 },
        venues: {},
        venueFees: 'collected',
      },
      'test',
    ),
    calendarOf: () => tradingCalendar('always'),
    fillAt: script.fillsAtClose ? 'close' : 'next_open',
    limitFill: 'through',
    trailingReference: 'extreme',
    entryBarExits: 'cautious',
    shortOfFunds: 'reduce',
    margin: FREE_MARGIN,
    maxVolumeShare: 0.5,
    initialCash: INITIAL_CAPITAL,
  });
  const slices = slicesOf(script.bars);
  /** An engine that runs from one bar to another; those before it are known to it as they were. */
  const wire = (restored: EngineSnapshot | null, from: number, to: number) =>
    wireEngine({
      feed: {
        run(sink) {
          for (const slice of slices.slice(0, from)) sink.warmUp(slice);
          for (const [at, slice] of slices.slice(from, to).entries()) {
            for (const quote of quotesIn(slice, script.bars[from + at]?.quotes ?? [])) {
              if (!venue.isMovedBy(quote)) continue;
              now = quote.time;
              engine.quote(quote);
              check(run());
            }
            now = slice.closeTime;
            sink.trade(slice);
            check(run());
          }
          return Promise.resolve();
        },
      },
      restored,
      venue,
      clock: { now: () => now },
      strategies: [
        {
          id: WISHER,
          definition: wisher(script),
          params: {},
          symbols: [SYMBOL],
          timeframe: '1h',
          allowShort: script.allowShort,
          calendarOf: () => tradingCalendar('always'),
        },
      ],
      limits,
      instrumentOf: () => INSTRUMENT,
      intake: null,
      observers: [],
      portfolio: {
        initialCapital: INITIAL_CAPITAL,
        margin: FREE_MARGIN,
        cashBuffer: 0,
        shareOf: () => 1,
        sizing: { method: 'fixed_fraction', fraction: 0.3 },
        protection: limits.position,
        maxPositionFraction: limits.position.maxFraction,
        maxEntries: script.maxEntries,
        oppositeSignal: script.reverses ? 'reverse' : 'close',
        entryBars: script.entryBars,
        staleAt: () => Infinity,
        leavesFundsToVenue: false,
        allowsShort: () => script.allowShort,
        instrumentOf: () => INSTRUMENT,
        costFraction: () => 0.003,
        atrOf: () => null,
      },
    });
  const go = (restored: EngineSnapshot | null, from: number, to: number): Engine => {
    engine = wire(restored, from, to);
    if (restored !== null) {
      const before = writeEngineSnapshot(restored);
      passedOn.push({ before, after: writeEngineSnapshot(engine.snapshot()) });
    }
    engine.bus.tap((event) => {
      events.push(event);
      return undefined;
    });
    // Everything of a feed that does not wait happens within the call.
    void engine.run(new AbortController().signal);
    return engine;
  };
  let engine: Engine = wire(null, 0, 0);
  const run = (): WishRun => ({ engine, venue, events, passedOn });
  const ends = [...restarts, slices.length];
  ends.forEach((end, index) => {
    const begin = index === 0 ? 0 : (ends[index - 1] ?? 0);
    engine = go(index === 0 ? null : stored(engine), begin, end);
  });
  venue.closeSession();
  engine.portfolio.closeOut('end of data');
  return run();
}

/** A snapshot as a later process reads it. */
function stored(engine: Engine): EngineSnapshot {
  return readEngineSnapshot(writeEngineSnapshot(engine.snapshot()));
}

function limitsOf({ stopLimit, maxFraction }: WishScript): RiskLimits {
  const { position } = FREE_LIMITS;
  const stopLoss = { crypto: stopLimit, stock: stopLimit };
  return { ...FREE_LIMITS, position: { ...position, stopLoss, maxFraction } };
}

function slicesOf(bars: readonly WishedBar[]): readonly Slice[] {
  let close = 100;
  return bars.map(({ gap, move, up, down, volume }, index) => {
    const open = onTick(Math.max(20, close + gap));
    close = onTick(Math.max(20, open + move));
    const high = onTick(Math.max(open, close) + up);
    const low = onTick(Math.max(1, Math.min(open, close) - down));
    return sliceOf(hourBar(index, { open, high, low, close, volume }));
  });
}

/** In the order of their time. */
function quotesIn({ bars }: Slice, wished: readonly WishedQuote[]): readonly Quote[] {
  return bars.flatMap(({ symbol, openTime, high, low }) =>
    wished
      .toSorted((one, other) => one.minute - other.minute)
      .map(({ minute, height, spread }) => {
        const bid = onTick(low + (high - low) * height);
        return { symbol, bid, ask: onTick(bid + spread), time: openTime + minute * MINUTE_MS };
      }),
  );
}

const onTick = (price: number): number => Math.round(price * 100) / 100;

function wisher({ bars }: WishScript) {
  return defineStrategy({
    id: WISHER,
    params: z.object({}),
    create: () => ({
      onBar: (bar, context) => {
        const wishes = bars[(bar.openTime - START) / HOUR_MS]?.wishes ?? [];
        return wishes.flatMap((wish) => signalsOf(wish, bar, context));
      },
    }),
  });
}

function signalsOf(wish: Wish, bar: Bar, context: StrategyContext): readonly Signal[] {
  switch (wish.kind) {
    case 'enter':
      return [entryOf(wish, bar, context)];
    case 'exit':
      return [exitOf(wish, bar, context)];
    case 'turn':
      return [context.exit({ reason: 'turn' }), entryOf(wish, bar, context)];
    case 'protect':
      return [protectionOf(wish, bar, context)];
    case 'cancel':
    case 'replace':
      return amendmentsOf(wish, bar, context);
  }
}

function exitOf(wish: Wish, bar: Bar, context: StrategyContext): Signal {
  const side = context.position?.side === 'short' ? 'buy' : 'sell';
  return context.exit({ reason: 'exit', ...quantityOf(wish), order: orderOf({ wish, bar, side }) });
}

/** Changes one leg or both. */
function protectionOf(wish: Wish, bar: Bar, context: StrategyContext): Signal {
  return context.protect({
    reason: 'protect',
    ...(wish.pick % 3 === 0 ? {} : { stopLoss: stopOf(wish, bar) }),
    ...(wish.pick % 3 === 1 ? {} : { takeProfit: targetOf(wish) }),
  });
}

function amendmentsOf(wish: Wish, bar: Bar, context: StrategyContext): readonly Signal[] {
  const order = context.orders[wish.pick % Math.max(1, context.orders.length)];
  if (order === undefined) return [];
  return wish.kind === 'cancel'
    ? [context.cancel(order, { reason: 'cancel' })]
    : [context.replace(order, changesOf(wish, bar, order))];
}

function entryOf(wish: Wish, bar: Bar, context: StrategyContext): Signal {
  const side = wish.isBuy ? 'buy' : 'sell';
  return context.enter({
    side,
    reason: 'enter',
    ...quantityOf(wish),
    order: orderOf({ wish, bar, side }),
    ...(wish.pick % 4 === 0 ? { oneCancelsOther: wish.pick % 8 === 0 ? 'this' : 'that' } : {}),
    protection: { stopLoss: stopOf(wish, bar), takeProfit: targetOf(wish) },
  });
}

const quantityOf = ({ lots }: Wish) => (lots === 0 ? {} : { quantity: lots / 1000 });

interface OrderBasis {
  readonly wish: Wish;
  readonly bar: Bar;
  readonly side: 'buy' | 'sell';
}

function orderOf({ wish, bar, side }: OrderBasis): OrderWish {
  const away = side === 'buy' ? 1 : -1;
  const limitPrice = Math.max(1, bar.close - (away * wish.near) / 100);
  const stopPrice = Math.max(1, bar.close + (away * wish.far) / 100);
  const lasting = lastingOf(wish, bar);
  switch (wish.form) {
    case 0:
      return { type: 'market' };
    case 1:
      return { type: 'market', ...lasting };
    case 2:
      return { type: 'limit', limitPrice, ...lasting };
    case 3:
      return { type: 'stop', stopPrice, ...lasting };
    case 4:
      return { type: 'stop_limit', stopPrice, limitPrice: stopPrice, ...lasting };
    default:
      return { type: 'trailing_stop', trail: trailOf(wish), ...lasting };
  }
}

/** Orders of a stop type do not end at once. */
function lastingOf(
  { lasting, form }: Wish,
  bar: Bar,
): Pick<OrderWish, 'timeInForce' | 'expiresAt'> {
  const timeInForce = TIMES_IN_FORCE[lasting % TIMES_IN_FORCE.length] ?? 'gtc';
  if (timeInForce === 'gtd') return { timeInForce, expiresAt: bar.closeTime + 3 * HOUR_MS };
  const isBrief = timeInForce === 'ioc' || timeInForce === 'fok';
  return { timeInForce: isBrief && form > 2 ? 'gtc' : timeInForce };
}

function trailOf({ far, pick }: Wish): WishedTrail {
  return pick % 2 === 0
    ? { kind: 'distance', distance: far / 100 }
    : { kind: 'fraction', fraction: far / 10_000 };
}

function changesOf(wish: Wish, bar: Bar, order: OpenOrder) {
  const away = order.side === 'buy' ? 1 : -1;
  return {
    reason: 'replace',
    ...quantityOf(wish),
    limitPrice: Math.max(1, bar.close - (away * wish.near) / 100),
    ...(wish.pick % 3 === 0 ? {} : { stopPrice: Math.max(1, bar.close + (away * wish.far) / 100) }),
    ...(wish.pick % 2 === 0 ? {} : { trail: trailOf(wish) }),
  };
}

function stopOf({ levels, far, near, isBuy }: Wish, bar: Bar): StopLevel | null {
  const distance = far / 100;
  switch (levels % 6) {
    case 0:
      return null;
    case 1:
      return { kind: 'price', price: Math.max(1, bar.close + (isBuy ? -distance : distance)) };
    case 2:
      return { kind: 'distance', distance };
    case 3:
      return { kind: 'fraction', fraction: near / 10_000 };
    case 4:
      return { kind: 'trailing_distance', distance };
    default:
      return { kind: 'trailing_fraction', fraction: near / 10_000 };
  }
}

function targetOf({ levels, near }: Wish): ProtectiveLevel | null {
  return levels % 5 === 0 ? null : { kind: 'distance', distance: near / 50 };
}
