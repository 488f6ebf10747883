import type { Bar, Slice } from '../../core/bar.ts';
import type { Signal } from '../../core/signal.ts';
import { formatTime, type EpochMs } from '../../core/time.ts';
import type { SessionTerms } from '../replay/session-terms.ts';
import type { SessionState } from '../trading/session-state.ts';
import { allowedOrders, refusedEntries } from './allowed-orders.ts';
import type { BarDifferences } from './bar-differences.ts';
import { compareDecisions, isSameWish, wishText } from './compare-decisions.ts';
import type { DecisionDifference } from './compare-decisions.ts';
import { parted, type MarketSlice } from './market-slices.ts';
import { Onlooker } from './onlooker.ts';
import type { ParityTally } from './parity-tally.ts';
import type { RecordedInput } from './recorded-inputs.ts';
import type { PortfolioView } from '../../ports/portfolio-view.ts';
import type { TradeResults } from './trade-results.ts';
import { RunMirror } from './run-mirror.ts';
import type { StepParity } from './step-parity.ts';

export interface SessionParts {
  readonly mode: string;
  readonly terms: SessionTerms;
  readonly restored: SessionState | null;
  readonly warmUp: readonly Slice[];
  /** What the database has of the session's time. */
  readonly market: readonly MarketSlice[];
  readonly inputs: readonly RecordedInput[];
  readonly bars: BarDifferences;
  readonly steps: StepParity;
  readonly tally: ParityTally;
  /** Learns what the run's trades bring in. */
  readonly trades: TradeResults;
}

/** Walks through one session of a run, and asks at each close what its backtest does there. */
export class SessionParity {
  readonly #parts: SessionParts;
  readonly #mirror: RunMirror;
  /** Sees the bars of the database. */
  readonly #backtest: Onlooker;
  /** Sees the bars as the run saw them. */
  readonly #eyes: Onlooker;
  /** Close times at which the run took bars. */
  readonly #taken: ReadonlySet<EpochMs>;
  readonly #past: Slice[];
  #next = 0;

  constructor(parts: SessionParts) {
    const { terms, warmUp, inputs } = parts;
    this.#parts = parts;
    this.#mirror = new RunMirror(parts);
    parts.trades.watch(this.#mirror.engine.bus);
    const view = this.#mirror.engine.portfolio;
    this.#backtest = new Onlooker(terms.strategies, view);
    this.#eyes = new Onlooker(terms.strategies, view);
    for (const { bars } of warmUp) {
      this.#backtest.warmUp(bars);
      this.#eyes.warmUp(bars);
    }
    this.#taken = new Set(inputs.flatMap(({ slice }) => slice?.closeTime ?? []));
    this.#past = [...warmUp];
  }

  /** Throws a `DataError` where the record leads to something else than is on record. */
  run(): void {
    const { inputs, steps, terms } = this.#parts;
    steps.begin(terms, this.#mirror.state());
    for (const input of inputs) this.#take(input);
    this.#pass(Infinity);
  }

  /** The run's account at its last close. */
  get account(): Pick<PortfolioView, 'equity' | 'lastPrice'> {
    return this.#mirror.engine.portfolio;
  }

  #take(input: RecordedInput): void {
    const { slice } = input;
    this.#pass(slice === null ? input.at : slice.closeTime);
    if (slice === null) {
      const watched = input.events.flatMap(({ type, payload }) =>
        type === 'bar.watched' ? [payload] : [],
      );
      this.#eyes.learn({ watched, traded: [] });
      this.#mirror.take(input);
      this.#parts.steps.between(input);
    } else this.#close(input, slice);
  }

  /** Bars that the run never took are decided on when it was as it was at their close. */
  #pass(time: EpochMs): void {
    for (let slice = this.#due(time); slice !== null; slice = this.#due(time)) {
      this.#next++;
      this.#parts.steps.pass(slice);
      this.#differ(slice.closeTime, { backtest: this.#asked(slice), run: [], eyes: [] });
    }
  }

  /** The next slice of the database that closed before a time and that the run did not take. */
  #due(time: EpochMs): MarketSlice | null {
    const slice = this.#parts.market[this.#next] ?? null;
    if (slice === null || slice.closeTime >= time) return null;
    return this.#taken.has(slice.closeTime) ? null : slice;
  }

  #close(input: RecordedInput, slice: Slice): void {
    const { steps } = this.#parts;
    const stored = this.#parts.market[this.#next] ?? null;
    const market = stored?.closeTime === slice.closeTime ? stored : null;
    if (market !== null) {
      this.#next++;
      steps.pass(market);
    }
    const allowed = this.#allowed(input);
    const seen = parted(slice.bars, this.#parts.terms);
    const wishes: { backtest: readonly Signal[]; eyes: readonly Signal[] } = {
      backtest: [],
      eyes: [],
    };
    this.#mirror.take(input, () => {
      if (market !== null) wishes.backtest = this.#asked(market);
      if (input.isInTime) wishes.eyes = this.#eyes.decideOn(seen);
      else this.#eyes.learn(seen);
    });
    this.#past.push(slice);
    const run = input.events.flatMap(({ type, payload }) =>
      type === 'signal.raised' ? [payload] : [],
    );
    steps.close(input, this.#mirror.state());
    this.#differ(slice.closeTime, { ...wishes, run });
    this.#refusals(input, allowed);
  }

  #asked(slice: MarketSlice): readonly Signal[] {
    const wishes = this.#backtest.decideOn(slice);
    const { tally } = this.#parts;
    for (const bar of slice.traded) tally.decisions += this.#backtest.isAskedAbout(bar);
    return wishes;
  }

  #differ(
    time: EpochMs,
    wishes: Readonly<Record<'backtest' | 'run' | 'eyes', readonly Signal[]>>,
  ): void {
    for (const difference of compareDecisions(wishes.backtest, wishes.run)) {
      const { strategy, symbol, backtest, run } = difference;
      const cause = this.#causeOf(difference, wishes.eyes);
      const told = { backtest: wishText(backtest), run: `${wishText(run)}${cause.why}` };
      const base = { time, symbol, strategy, order: null, cost: null };
      this.#parts.tally.found({
        ...base,
        ...told,
        cause: cause.cause,
        entryBar: this.#entryBarOf(difference),
      });
    }
  }

  /** Bars account for what differs where the run's own bars lead to the run's own decision. */
  #causeOf(
    { strategy, symbol, backtest, run }: DecisionDifference,
    eyes: readonly Signal[],
  ): { readonly cause: 'missing-data' | 'signal'; readonly why: string } {
    const { bars } = this.#parts;
    const [any] = [...backtest, ...run];
    const bar = { symbol, openTime: any?.barOpenTime ?? 0 };
    const own = bars.at(bar);
    const seen = eyes.filter((each) => each.strategy === strategy && each.symbol === symbol);
    const blamed = own ?? (isSameWish(seen, run) ? bars.lastUpTo(bar) : null);
    if (blamed === null) return { cause: 'signal', why: '' };
    bars.matters(blamed);
    return { cause: 'missing-data', why: `: ${barText(blamed, bar)}` };
  }

  /** Whoever holds a position decides about that one's trade, all others about a new one. */
  #entryBarOf({ strategy, symbol, backtest, run }: DecisionDifference): EpochMs | null {
    const held = this.#mirror.engine.portfolio
      .openPositions()
      .find((each) => each.strategy === strategy && each.symbol === symbol);
    if (held !== undefined) return this.#parts.trades.entryBarOf(held.id);
    return [...backtest, ...run][0]?.barOpenTime ?? null;
  }

  #allowed(input: RecordedInput): ReturnType<typeof allowedOrders> {
    if (refusedEntries(input.events).length === 0) return new Set();
    const { mode, terms } = this.#parts;
    return allowedOrders(input, { mode, terms, state: this.#mirror.state(), past: this.#past });
  }

  #refusals({ events, slice }: RecordedInput, allowed: ReturnType<typeof allowedOrders>): void {
    for (const { order, refusal } of refusedEntries(events)) {
      if (!allowed.has(order.id)) continue;
      const { id, strategy, symbol, side, quantity } = order;
      this.#parts.tally.found({
        time: slice?.closeTime ?? 0,
        symbol,
        strategy,
        cause: 'refusal',
        entryBar: barDecidedOn(events, order.signalSeq),
        order: id,
        backtest: `orders to ${side} ${quantity.toString()}`,
        run: `refused: ${refusal.message}`,
        cost: null,
      });
    }
  }
}

function barDecidedOn(events: RecordedInput['events'], signalSeq: number): EpochMs | null {
  const signal = events.find(({ seq }) => seq === signalSeq);
  return signal?.type === 'signal.raised' ? signal.payload.barOpenTime : null;
}

type Blamed = NonNullable<ReturnType<BarDifferences['at']>>;

const KINDS: Readonly<Record<Blamed['kind'], string>> = {
  absent: 'the run never saw',
  missed: 'came too late to decide on',
  revised: 'had other values then',
  gone: 'is no longer in the database',
};

function barText(
  { kind, symbol, openTime }: Blamed,
  bar: Pick<Bar, 'symbol' | 'openTime'>,
): string {
  const isOwn = symbol === bar.symbol && openTime === bar.openTime;
  const which = isOwn ? 'this bar' : `the bar of ${symbol} at ${formatTime(openTime)}`;
  return kind === 'absent' ? `${KINDS.absent} ${which}` : `${which} ${KINDS[kind]}`;
}
