import type { Bar } from '../../core/bar.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type {
  CrossSectionalStrategy,
  Decision,
  NamedRules,
  Strategy,
  StrategyContext,
  StrategyDefinition,
} from '../../strategies/strategy.ts';
import { decidedOn, signalsOf, type DecidedOn } from './decision-text.ts';
import { heldText } from './held-text.ts';
import { FLAT, type BarTrace, type HeldSpan, type Place, type Repainting } from './trial.ts';

/** Decisions that are looked at again on every bar; all of them when the run is over. */
const RECENT = 2;
/** More of a kind say nothing new. */
const REPAINTING_MAX = 5;

const DECLARING: Place = { phase: 'declare', symbol: null, openTime: null };

interface HandedOut {
  readonly openTime: EpochMs;
  readonly signals: readonly unknown[];
  readonly texts: readonly DecidedOn[];
}

/** One call of a strategy, about one bar or about all bars of an instant. */
interface Question {
  /** The symbol it is about; null where it is about all. */
  readonly symbol: SymbolName | null;
  /** At least one. */
  readonly bars: readonly Bar[];
  /** Of all symbols that the strategy is shown. */
  readonly contexts: readonly StrategyContext[];
  readonly answer: () => Decision;
  readonly rulesOf: (symbol: SymbolName) => NamedRules | undefined;
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
    const informative = this.#watchedDeclaration(definition);
    if (definition.createForAll !== undefined) {
      return {
        ...definition,
        ...informative,
        createForAll: (setup) => {
          const made = this.#at({ phase: 'create', symbol: null, openTime: null }, () =>
            definition.createForAll(setup),
          );
          return this.#watchedForAll(made, setup.symbols);
        },
      };
    }
    return {
      ...definition,
      ...informative,
      create: (setup) => {
        const { symbol } = setup;
        const made = this.#at({ phase: 'create', symbol, openTime: null }, () =>
          definition.create(setup),
        );
        return this.#watchedStrategy(made, symbol);
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

  #watchedDeclaration(definition: StrategyDefinition): Pick<StrategyDefinition, 'informative'> {
    const { informative } = definition;
    if (typeof informative !== 'function') return {};
    return {
      informative: (params) => this.#at(DECLARING, () => informative.call(definition, params)),
    };
  }

  #watchedStrategy(strategy: Strategy, symbol: SymbolName): Strategy {
    return standingBefore<Strategy>(strategy, {
      onBar: (bar, context) =>
        this.#decide({
          symbol,
          bars: [bar],
          contexts: [context],
          answer: () => strategy.onBar(bar, context),
          rulesOf: () => strategy.rules,
        }),
    });
  }

  #watchedForAll(
    strategy: CrossSectionalStrategy,
    symbols: readonly SymbolName[],
  ): CrossSectionalStrategy {
    return standingBefore<CrossSectionalStrategy>(strategy, {
      onBars: (bars, contexts) =>
        this.#decide({
          symbol: null,
          bars: [...bars.values()],
          contexts: symbols.map((symbol) => contexts.of(symbol)),
          answer: () => strategy.onBars(bars, contexts),
          rulesOf: (symbol) => strategy.rules?.[symbol],
        }),
    });
  }

  #decide({ symbol, bars, contexts, answer, rulesOf }: Question): Decision {
    const openTime = bars[0]?.openTime ?? 0;
    for (let back = 1; back <= RECENT; back++) this.#lookAgain(this.#handedOut.at(-back), openTime);
    for (const context of contexts) this.#noteHeld(context, openTime);
    return this.#at({ phase: 'decide', symbol, openTime }, () => {
      const decision = answer();
      const signals = signalsOf(decision);
      const texts = decidedOn(
        signals,
        bars.map((bar) => bar.symbol),
      );
      if (signals.length > 0) this.#handedOut.push({ openTime, signals, texts });
      for (const [index, bar] of bars.entries()) {
        const decided = texts[index] ?? { symbol: bar.symbol, signals: '', turn: 0 };
        this.bars.push({ ...decided, openTime, ...this.#rulesOn(rulesOf(bar.symbol), bar) });
      }
      return decision;
    });
  }

  #noteHeld(context: StrategyContext, since: EpochMs): void {
    const { symbol } = context;
    const held = heldText(context);
    if ((this.#lastHeld.get(symbol) ?? FLAT) === held) return;
    this.#lastHeld.set(symbol, held);
    this.held.push({ symbol, since, held });
  }

  #rulesOn(rules: NamedRules | undefined, bar: Bar): Pick<BarTrace, 'shape' | 'values'> {
    const names: string[] = [];
    const values: number[] = [];
    const asked = this.#asksRules ? Object.entries(rules ?? {}) : [];
    for (const [ruleName, rule] of asked) {
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
    const { openTime, texts } = handedOut;
    const again = decidedOn(
      handedOut.signals,
      texts.map(({ symbol }) => symbol),
    );
    const at = texts.findIndex(({ signals }, index) => signals !== again[index]?.signals);
    const [before, after] = [texts[at], again[at]];
    if (before === undefined || after === undefined) return;
    const { symbol } = before;
    const known = this.repainting.some(
      (each) => each.openTime === openTime && each.symbol === symbol,
    );
    const change = { before: before.signals, after: after.signals };
    if (!known) this.repainting.push({ symbol, openTime, noticedAt: now, ...change });
  }
}

/** Reads through to the strategy, whatever of it is not replaced; what is none passes as it is. */
function standingBefore<S extends object>(strategy: S, replaced: S): S {
  if (typeof strategy !== 'object' || strategy === null) return strategy;
  return new Proxy<S>(replaced, {
    get: (_, key) => {
      if (Object.hasOwn(replaced, key)) return Reflect.get(replaced, key);
      const value: unknown = Reflect.get(strategy, key);
      return typeof value === 'function' ? boundTo(strategy, value) : value;
    },
    has: (_, key) => Reflect.has(strategy, key),
  });
}

/** Private fields are there for the object itself only, not for what stands before it. */
function boundTo(strategy: object, method: object): (...args: unknown[]) => unknown {
  return (...args): unknown =>
    typeof method === 'function' ? Reflect.apply(method, strategy, args) : undefined;
}
