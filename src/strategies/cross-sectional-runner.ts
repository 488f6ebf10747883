import type { Bar } from '../core/bar.ts';
import { InvariantError, StrategyError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Signal } from '../core/signal.ts';
import { formatTime } from '../core/time.ts';
import { checkedSignals } from './checked-signals.ts';
import { informativeSymbolsOf } from './declared-symbols.ts';
import { unlike } from './fault-text.ts';
import { frozenParams } from './frozen-params.ts';
import type { Explanation, HostedStrategy, Readiness } from './hosted-strategy.ts';
import { InformativeSet, type WatchedSymbol } from './informative-symbols.ts';
import { made } from './make-strategy.ts';
import type { CrossSectionalStrategy, Decision, SymbolContexts } from './strategy.ts';
import { SymbolFeed, SymbolSources, type OwnView } from './symbol-feed.ts';
import { thrownText } from './thrown-text.ts';

const NO_SIGNALS: readonly Signal[] = [];

/** One strategy on all its symbols together. */
export class CrossSectionalRunner {
  readonly #hosted: HostedStrategy;
  readonly #strategy: CrossSectionalStrategy;
  readonly #informative: InformativeSet;
  /** In the order of the run. */
  readonly #feeds: ReadonlyMap<SymbolName, SymbolFeed>;
  readonly #contexts: SymbolContexts;

  constructor(hosted: HostedStrategy, view: OwnView) {
    this.#hosted = hosted;
    const symbols = [...new Set(hosted.symbols)];
    const sources = new Map(symbols.map((each) => [each, new SymbolSources(hosted, each)]));
    const informative = new InformativeSet(informativeSymbolsOf(hosted), hosted.timeframe);
    this.#informative = informative;
    this.#strategy = createForAll(hosted, sources, informative);
    informative.seal();
    const { history = 0, rules = {} } = this.#strategy;
    this.#feeds = new Map(
      [...sources].map(([symbol, own]) => [
        symbol,
        new SymbolFeed({
          hosted,
          sources: own,
          informative,
          history,
          rules: rules[symbol] ?? {},
          view,
        }),
      ]),
    );
    this.#contexts = Object.freeze({
      of: (symbol: SymbolName) => ofRun(this.#feeds, symbol).context,
    });
  }

  get symbols(): readonly SymbolName[] {
    return [...this.#feeds.keys()];
  }

  /** Bars after which it is sure to decide on every symbol, the current one included. */
  get warmupBars(): number {
    return Math.max(0, ...[...this.#feeds.values()].map(({ warmupBars }) => warmupBars));
  }

  get readiness(): readonly Readiness[] {
    return [...this.#feeds.values()].map(({ readiness }) => readiness);
  }

  /** What is to be fed with bars of the symbols it looks at besides. */
  get informative(): readonly WatchedSymbol[] {
    return this.#informative.members;
  }

  /** Takes a closed bar of one of its symbols. */
  absorb(bar: Bar): void {
    this.#feeds.get(bar.symbol)?.absorb(bar);
  }

  /** Asks the strategy about all bars of an instant, which it has absorbed. */
  decide(closed: readonly Bar[]): readonly Signal[] {
    const bars = this.#moveTo(closed);
    if (bars.size === 0) return NO_SIGNALS;
    const decision = this.#ask(bars);
    return decision === null ? NO_SIGNALS : this.#checked(decision, bars);
  }

  /** How the rules of that bar's symbol stand; it was absorbed last. */
  explain(bar: Bar): readonly Explanation[] {
    return this.#feeds.get(bar.symbol)?.explain(bar) ?? [];
  }

  /** A map of its own for each instant: a strategy that keeps one keeps what it was then. */
  #moveTo(closed: readonly Bar[]): ReadonlyMap<SymbolName, Bar> {
    const bars = new Map<SymbolName, Bar>();
    for (const feed of this.#feeds.values()) {
      const bar = closed.find(({ symbol }) => symbol === feed.symbol);
      if (bar !== undefined && feed.isReadyOn(bar)) {
        feed.moveTo(bar);
        bars.set(feed.symbol, bar);
      } else feed.rest();
    }
    return bars;
  }

  #ask(bars: ReadonlyMap<SymbolName, Bar>): Decision {
    try {
      return this.#strategy.onBars(bars, this.#contexts);
    } catch (error) {
      throw new StrategyError(`${this.#at(bars)} threw: ${thrownText(error)}`, { cause: error });
    }
  }

  #checked(decision: Decision, bars: ReadonlyMap<SymbolName, Bar>): readonly Signal[] {
    return checkedSignals(decision, {
      strategy: this.#hosted.id,
      asked: 'onBars',
      barOf: (symbol) => [...bars.values()].find((bar) => bar.symbol === symbol) ?? null,
      at: (bar) => this.#at(bar === null ? bars : new Map([[bar.symbol, bar]])),
    });
  }

  #at(bars: ReadonlyMap<SymbolName, Bar>): string {
    const [first] = bars.values();
    const time = first === undefined ? 'none' : formatTime(first.openTime);
    return `strategy "${this.#hosted.id}" on ${[...bars.keys()].join(', ')}, bar ${time},`;
  }
}

function createForAll(
  hosted: HostedStrategy,
  sources: ReadonlyMap<SymbolName, SymbolSources>,
  informative: InformativeSet,
): CrossSectionalStrategy {
  const { definition, params, timeframe, allowShort } = hosted;
  if (definition.createForAll === undefined) {
    throw new InvariantError(`strategy "${hosted.id}" must be run symbol by symbol`);
  }
  const symbols = Object.freeze([...sources.keys()]);
  const whereFor = symbols.join(', ');
  return made({ hosted, whereFor, creator: 'createForAll', decider: 'onBars' }, () =>
    definition.createForAll({
      params: frozenParams(params),
      symbols,
      timeframe,
      allowShort,
      informative,
      of: (symbol) => ofRun(sources, symbol),
    }),
  );
}

function ofRun<T>(members: ReadonlyMap<SymbolName, T>, symbol: SymbolName): T {
  const member = members.get(symbol);
  if (member !== undefined) return member;
  const known = [...members.keys()].join(', ');
  throw new StrategyError(unlike(`of: a symbol of the run (${known})`, symbol));
}
