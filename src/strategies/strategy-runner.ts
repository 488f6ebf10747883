import type { Bar } from '../core/bar.ts';
import { InvariantError, StrategyError } from '../core/errors.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Signal } from '../core/signal.ts';
import { formatTime } from '../core/time.ts';
import { checkedSignals } from './checked-signals.ts';
import { informativeSymbolsOf } from './declared-symbols.ts';
import { frozenParams } from './frozen-params.ts';
import type { Explanation, HostedStrategy, Readiness } from './hosted-strategy.ts';
import { InformativeSet, type WatchedSymbol } from './informative-symbols.ts';
import { made } from './make-strategy.ts';
import type { Decision, Strategy } from './strategy.ts';
import { SymbolFeed, SymbolSources, type OwnView } from './symbol-feed.ts';
import { thrownText } from './thrown-text.ts';

export type { Explanation, HostedStrategy, Readiness };

const NO_SIGNALS: readonly Signal[] = [];

/** One strategy on one symbol. */
export class StrategyRunner {
  readonly #id: StrategyId;
  readonly #strategy: Strategy;
  readonly #feed: SymbolFeed;
  readonly #informative: InformativeSet;

  constructor(hosted: HostedStrategy, symbol: SymbolName, view: OwnView) {
    this.#id = hosted.id;
    const sources = new SymbolSources(hosted, symbol);
    this.#informative = new InformativeSet(informativeSymbolsOf(hosted), hosted.timeframe);
    this.#strategy = create(hosted, sources, this.#informative);
    this.#informative.seal();
    this.#feed = new SymbolFeed({
      hosted,
      sources,
      informative: this.#informative,
      history: this.#strategy.history ?? 0,
      rules: this.#strategy.rules ?? {},
      view,
    });
  }

  get symbol(): SymbolName {
    return this.#feed.symbol;
  }

  /** Bars after which it is sure to decide, the current one included. */
  get warmupBars(): number {
    return this.#feed.warmupBars;
  }

  get readiness(): Readiness {
    return this.#feed.readiness;
  }

  /** What is to be fed with bars of the symbols it looks at besides. */
  get informative(): readonly WatchedSymbol[] {
    return this.#informative.members;
  }

  /** Takes a closed bar into indicators and history; bars of another timeframe are not its own. */
  absorb(bar: Bar): void {
    this.#feed.absorb(bar);
  }

  /** Asks the strategy about the bar it absorbed last. Throws a `StrategyError` on a bad answer. */
  decide(bar: Bar): readonly Signal[] {
    if (!this.#feed.isReadyOn(bar)) return NO_SIGNALS;
    this.#feed.moveTo(bar);
    const decision = this.#ask(bar);
    return decision === null ? NO_SIGNALS : this.#checked(decision, bar);
  }

  /** How its named rules stand on the bar it absorbed last. */
  explain(bar: Bar): readonly Explanation[] {
    return this.#feed.explain(bar);
  }

  #ask(bar: Bar): Decision {
    try {
      return this.#strategy.onBar(bar, this.#feed.context);
    } catch (error) {
      throw new StrategyError(`${this.#at(bar)} threw: ${thrownText(error)}`, { cause: error });
    }
  }

  #checked(decision: Decision, bar: Bar): readonly Signal[] {
    return checkedSignals(decision, {
      strategy: this.#id,
      asked: 'onBar',
      barOf: () => bar,
      at: () => this.#at(bar),
    });
  }

  #at(bar: Bar): string {
    return `strategy "${this.#id}" on ${this.symbol}, bar ${formatTime(bar.openTime)},`;
  }
}

function create(
  hosted: HostedStrategy,
  sources: SymbolSources,
  informative: InformativeSet,
): Strategy {
  const { definition, params, timeframe, allowShort } = hosted;
  if (definition.createForAll !== undefined) {
    throw new InvariantError(`strategy "${hosted.id}" must be run on all its symbols together`);
  }
  const { symbol, indicators, timeframes } = sources;
  return made({ hosted, whereFor: symbol, creator: 'create', decider: 'onBar' }, () =>
    definition.create({
      params: frozenParams(params),
      symbol,
      timeframe,
      allowShort,
      indicators,
      timeframes,
      informative,
    }),
  );
}
