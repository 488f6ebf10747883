import type { Bar } from '../../core/bar.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type {
  Decision,
  Strategy,
  StrategyContext,
  StrategyDefinition,
} from '../../strategies/strategy.ts';
import { heldText } from './held-text.ts';
import { FLAT, type BarTrace, type HeldSpan, type Place, type Repainting } from './trial.ts';

/** Decisions that are looked at again on every bar; all of them when the run is over. */
const RECENT = 2;
/** More of a kind say nothing new. */
const REPAINTING_MAX = 5;

interface HandedOut {
  readonly symbol: SymbolName;
  readonly openTime: EpochMs;
  readonly decision: object;
  readonly text: string;
}

/** Stands between the engine and a strategy, and writes down what passes. */
export class StrategyWatch {
  readonly bars: BarTrace[] = [];
  readonly shapes: (readonly string[])[] = [];
  readonly held: HeldSpan[] = [];
  readonly repainting: Repainting[] = [];
  /** Where the strategy's own code is running; null while it is not. */
  place: Place | null = null;
  /** The last place there was. */
  lastPlace: Place | null = null;
  readonly #asksRules: boolean;
  readonly #shapeNumbers = new Map<string, number>();
  readonly #lastHeld = new Map<SymbolName, string>();
  readonly #handedOut: HandedOut[] = [];

  constructor({ asksRules }: { readonly asksRules: boolean }) {
    this.#asksRules = asksRules;
  }

  /** The same definition, whose strategies are watched. */
  watched(definition: StrategyDefinition): StrategyDefinition {
    if (definition.createForAll !== undefined) return definition;
    return {
      ...definition,
      create: (setup) => {
        const made = this.#at({ phase: 'create', symbol: setup.symbol, openTime: null }, () =>
          definition.create(setup),
        );
        return this.#watchedStrategy(made);
      },
    };
  }

  /** Looks at everything that was handed out once more. */
  finish(now: EpochMs): void {
    for (const each of this.#handedOut) this.#lookAgain(each, now);
  }

  #at<T>(place: Place, run: () => T): T {
    this.place = place;
    this.lastPlace = place;
    try {
      return run();
    } finally {
      this.place = null;
    }
  }

  /** Reads through to the strategy, whatever else of it the engine asks for. */
  #watchedStrategy(strategy: Strategy): Strategy {
    if (typeof strategy !== 'object' || strategy === null) return strategy;
    const onBar = (bar: Bar, context: StrategyContext): Decision =>
      this.#onBar(strategy, bar, context);
    return new Proxy<Strategy>(
      { onBar },
      {
        get: (_, key) => {
          if (key === 'onBar') return onBar;
          const value: unknown = Reflect.get(strategy, key);
          return typeof value === 'function' ? boundTo(strategy, value) : value;
        },
        has: (_, key) => Reflect.has(strategy, key),
      },
    );
  }

  #onBar(strategy: Strategy, bar: Bar, context: StrategyContext): Decision {
    const { symbol, openTime } = bar;
    for (let back = 1; back <= RECENT; back++) this.#lookAgain(this.#handedOut.at(-back), openTime);
    this.#noteHeld(symbol, openTime, heldText(context));
    return this.#at({ phase: 'decide', symbol, openTime }, () => {
      const decision = strategy.onBar(bar, context);
      const signals = textOf(decision);
      if (typeof decision === 'object' && decision !== null && signals !== '') {
        this.#handedOut.push({ symbol, openTime, decision, text: signals });
      }
      const { shape, values } = this.#rulesOn(strategy, bar);
      this.bars.push({ symbol, openTime, signals, shape, values });
      return decision;
    });
  }

  #noteHeld(symbol: SymbolName, since: EpochMs, held: string): void {
    if ((this.#lastHeld.get(symbol) ?? FLAT) === held) return;
    this.#lastHeld.set(symbol, held);
    this.held.push({ symbol, since, held });
  }

  #rulesOn(strategy: Strategy, bar: Bar): Pick<BarTrace, 'shape' | 'values'> {
    const names: string[] = [];
    const values: number[] = [];
    const rules = this.#asksRules ? Object.entries(strategy.rules ?? {}) : [];
    for (const [ruleName, rule] of rules) {
      for (const { name, value, threshold } of rule.conditions(bar)) {
        names.push(`${ruleName}: ${name}`);
        values.push(value, threshold);
      }
    }
    return { shape: this.#shapeOf(names), values };
  }

  #shapeOf(names: readonly string[]): number {
    const key = names.join('\n');
    const known = this.#shapeNumbers.get(key);
    if (known !== undefined) return known;
    this.#shapeNumbers.set(key, this.shapes.length);
    return this.shapes.push(names) - 1;
  }

  #lookAgain(handedOut: HandedOut | undefined, now: EpochMs): void {
    if (handedOut === undefined || this.repainting.length >= REPAINTING_MAX) return;
    const { symbol, openTime, decision, text } = handedOut;
    const after = textOf(decision);
    if (after === text) return;
    const known = this.repainting.some(
      (each) => each.openTime === openTime && each.symbol === symbol,
    );
    if (!known) this.repainting.push({ symbol, openTime, noticedAt: now, before: text, after });
  }
}

/** Private fields are there for the object itself only, not for what stands before it. */
function boundTo(strategy: Strategy, method: object): (...args: unknown[]) => unknown {
  return (...args): unknown =>
    typeof method === 'function' ? Reflect.apply(method, strategy, args) : undefined;
}

/** A list of one signal is that signal; nothing at all is no text. */
function textOf(decision: unknown): string {
  if (decision === null || decision === undefined) return '';
  const list: readonly unknown[] = Array.isArray(decision) ? decision : [decision];
  if (list.length === 0) return '';
  try {
    return JSON.stringify(list.length === 1 ? list[0] : list) ?? typeof decision;
  } catch (error) {
    return `what cannot be written down: ${error instanceof Error ? error.message : String(error)}`;
  }
}
