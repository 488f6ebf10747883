/**
 * What a strategy is. It decides from closed bars, indicators and its own position, and from
 * nothing else: it never sees clock, bus, portfolio, other strategies or the log. The host alone
 * listens to bars and publishes signals.
 */
import type * as z from 'zod';
import type { Bar } from '../core/bar.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { OrderId } from '../core/ids.ts';
import type { Side, TimeInForce } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { ProtectiveLevel, StopLevel } from '../core/protection.ts';
import type { Signal, WishedPricing, WishedTrail } from '../core/signal.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import type { OpenOrder } from '../ports/portfolio-view.ts';
import type { FurtherTimeframes } from './further-timeframes.ts';
import type { InformativeSymbols } from './informative-symbols.ts';
import type { Indicators } from './indicators/indicator-set.ts';
import type { Rule } from './rule.ts';

/** What every kind of strategy has: a name, and parameters. */
interface DefinitionBase<Schema extends z.ZodType> {
  /** The kind, snake_case: what `strategy:` in a strategy file names. */
  readonly id: string;
  /** One sentence for lists. */
  readonly description: string;
  /** Parameters by the names they have in YAML. */
  readonly params: Schema;
  /** Symbols it looks at and does not trade, fixed or by its parameters; none when absent. */
  readonly informative?: InformativeDeclaration<z.output<Schema>>;
}

type InformativeDeclaration<Params> =
  readonly SymbolName[] | InformativeByParams<Params>['informative'];

/** A method, so that definitions with other schemas fit one list. */
interface InformativeByParams<Params> {
  informative(params: Params): readonly SymbolName[];
}

/** A kind of strategy that decides on each symbol by itself. */
interface SingleSymbolDefinition<Schema extends z.ZodType> extends DefinitionBase<Schema> {
  /** Called once per symbol. A method, so that definitions with other schemas fit one list. */
  create(setup: StrategySetup<z.output<Schema>>): Strategy;
  readonly createForAll?: never;
}

/** A kind of strategy that decides on all symbols together. */
interface CrossSectionalDefinition<Schema extends z.ZodType> extends DefinitionBase<Schema> {
  /** Called once for all symbols. */
  createForAll(setup: CrossSectionalSetup<z.output<Schema>>): CrossSectionalStrategy;
  readonly create?: never;
}

/** A kind of strategy: its parameters, and how to make one for a symbol, or one for all. */
export type StrategyDefinition<Schema extends z.ZodType = z.ZodType> =
  SingleSymbolDefinition<Schema> | CrossSectionalDefinition<Schema>;

/** What a strategy is made from. */
export interface StrategySetup<Params = unknown> extends SymbolSetup {
  /** What the schema made of the parameters; frozen. */
  readonly params: Params;
  readonly timeframe: Timeframe;
  readonly allowShort: boolean;
  /**
   * Symbols that are looked at and not traded, as declared under `informative`; asked for here:
   *
   *     const btc = informative.of('BTC/USD');
   *     const trend = btc.indicators.ema({ period: 50 });
   *     return { onBar: (bar) => (btc.bar.close > trend.value ? … : null) };
   *
   * They are as of the last bar of theirs that closed by the close of `bar`, at that instant
   * included.
   */
  readonly informative: InformativeSymbols;
}

/** What a strategy that decides on all symbols together is made from. */
export interface CrossSectionalSetup<Params = unknown> extends Omit<
  StrategySetup<Params>,
  keyof SymbolSetup
> {
  /** In the order of the run. */
  readonly symbols: readonly SymbolName[];
  /** What belongs to one of `symbols`. Throws a `StrategyError` for any other. */
  readonly of: (symbol: SymbolName) => SymbolSetup;
}

/** What is made for a symbol before its first bar. */
export interface SymbolSetup {
  readonly symbol: SymbolName;
  /** Indicators are made here, in `create`, and nowhere later. */
  readonly indicators: Indicators;
  /**
   * Longer timeframes, built from the strategy's bars; asked for here, in `create`:
   *
   *     const fourHours = timeframes.of('4h');
   *     const trend = fourHours.indicators.ema({ period: 50 });
   *     return { onBar: (bar) => (bar.close > trend.value ? … : null) };
   *
   * They move on only when a bar of theirs is over: `trend.value` is as of the last 4h bar that
   * closed by the close of `bar`.
   */
  readonly timeframes: FurtherTimeframes;
}

/** What a strategy decides by, by name, so that a bar without a signal can be explained too. */
export type NamedRules = Readonly<Record<string, Rule>>;

/** One strategy on one symbol. */
export interface Strategy {
  readonly rules?: NamedRules;
  /** Bars that `context.history` is to keep; none when absent. */
  readonly history?: number;
  /** Called with every closed bar once the warm-up is over; the indicators include that bar. */
  onBar(bar: Bar, context: StrategyContext): Decision;
}

/** One strategy on all its symbols. */
export interface CrossSectionalStrategy {
  /** By symbol. */
  readonly rules?: Readonly<Record<SymbolName, NamedRules>>;
  /** Bars that the `history` of every symbol is to keep; none when absent. */
  readonly history?: number;
  /**
   * Called once an instant, when all bars that closed then are in the indicators. `bars` holds them
   * by symbol, in the order of the run: none of a symbol that had no bar or is still warming up.
   */
  onBars(bars: ReadonlyMap<SymbolName, Bar>, contexts: SymbolContexts): Decision;
}

/** The contexts of all symbols of a strategy. */
export interface SymbolContexts {
  /**
   * Of any symbol of the run; signals can be made only on those that `bars` holds. Throws a
   * `StrategyError` for any other symbol.
   */
  readonly of: (symbol: SymbolName) => StrategyContext;
}

export type Decision = Signal | readonly Signal[] | null;

/** What `onBar` may ask besides the bar. Valid during that call only. */
export interface StrategyContext {
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
  readonly allowShort: boolean;
  /** The strategy's own open position in the symbol, or null. */
  readonly position: Position | null;
  /** The strategy's own orders in the symbol that may still fill, oldest first. */
  readonly orders: readonly OpenOrder[];
  /** The last `count` closed bars, oldest first, the current one last. */
  readonly history: (count: number) => readonly Bar[];
  /**
   * A signal to hold a position, made on the current bar. While one is held or on order the same
   * way it is ignored, unless `portfolio.max_entries` allows for more.
   */
  readonly enter: (entry: Entry) => Signal;
  /** A signal to hold less or nothing, made on the current bar. */
  readonly exit: (exit: Exit) => Signal;
  /** Takes back an order of `orders`. */
  readonly cancel: (order: OpenOrder | OrderId, cancellation: Reasoned) => Signal;
  /** Changes an order of `orders`: it is cancelled, and one with the changes takes its place. */
  readonly replace: (order: OpenOrder | OrderId, replacement: Replacement) => Signal;
  /** Moves, adds or removes the stop-loss and take-profit of the position held. */
  readonly protect: (protection: NewProtection) => Signal;
}

/** Why, in words; and by which rules, whose numbers are recorded. */
export interface Reasoned {
  readonly reason: string;
  readonly rules?: Rule;
}

/** A market order where nothing else is said; prices in quote currency. */
export type OrderWish = WishedPricing & {
  /** `gtc` when absent, an entry for at most `execution.entry_bars` bars. */
  readonly timeInForce?: TimeInForce;
  /** When a `gtd` order ends, UTC milliseconds. */
  readonly expiresAt?: EpochMs;
};

/** What is to be different; the rest stays as it is. */
export interface Replacement extends Reasoned {
  /** Base units in all, what has filled already included. */
  readonly quantity?: number;
  readonly limitPrice?: number;
  /** Of a trailing stop: where that is closer than it has come by itself. */
  readonly stopPrice?: number;
  /** A trailing stop that is to follow at another distance begins anew, behind the last price. */
  readonly trail?: WishedTrail;
}

/** Absent leaves a leg as it is, null removes it. The risk limits may still hold a stop closer. */
export interface NewProtection extends Reasoned {
  readonly stopLoss?: StopLevel | null;
  readonly takeProfit?: ProtectiveLevel | null;
}

export interface Entry extends Reasoned {
  readonly side: Side;
  /** How it is to be ordered; at the market when absent. */
  readonly order?: OrderWish;
  /** Base units, rounded down to the lot step; position sizing decides when absent. */
  readonly quantity?: number;
  /** Entries of one name exclude one another: the first to fill cancels the others. */
  readonly oneCancelsOther?: string;
  /** In (0, 1], scales the size; 1 when absent. */
  readonly confidence?: number;
  /** Absent or null: no such order by the strategy (the risk limits may add one). */
  readonly protection?: {
    readonly stopLoss?: StopLevel | null;
    readonly takeProfit?: ProtectiveLevel | null;
  };
}

export interface Exit extends Reasoned {
  /** How it is to be ordered; at the market when absent. */
  readonly order?: OrderWish;
  /** Base units, rounded down to the lot step; all that is held when absent. */
  readonly quantity?: number;
}
