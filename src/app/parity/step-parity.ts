import type { Bar } from '../../core/bar.ts';
import type { AnyEvent } from '../../core/events.ts';
import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import type { Fill } from '../../core/fill.ts';
import { rootOf, type OrderId } from '../../core/ids.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { OrderRequest } from '../../core/order.ts';
import type { EpochMs } from '../../core/time.ts';
import { commissionModel } from '../../execution/commission.ts';
import type { SessionTerms } from '../replay/session-terms.ts';
import type { SessionState } from '../trading/session-state.ts';
import type { BarDifferences } from './bar-differences.ts';
import { compareOrder, endText, fillsText, quantityOf, type FeeTerms } from './compare-order.ts';
import type { MarketSlice } from './market-slices.ts';
import type { SeenBars } from './onlooker.ts';
import type { OrderFate } from './order-fates.ts';
import type { ParityDifference } from './parity-difference.ts';
import type { ParityTally } from './parity-tally.ts';
import type { RecordedInput } from './recorded-inputs.ts';
import { tryStep, type TrialStep } from './try-step.ts';

interface StepParts {
  readonly fates: ReadonlyMap<OrderId, OrderFate>;
  readonly bars: BarDifferences;
  readonly tally: ParityTally;
}

/** The run after a slice: from there a backtest goes on to the next one. */
interface Boundary {
  readonly closeTime: EpochMs;
  readonly terms: SessionTerms;
  readonly state: SessionState;
  readonly lastBars: ReadonlyMap<SymbolName, Bar>;
}

const NOTHING: TrialStep = { fills: new Map(), followers: [], ended: new Set() };

/**
 * Compares what became of orders, from one close to the next. A backtest begins each step anew, in
 * the state that the run was in: what it did otherwise in one step is told once, and leads to no
 * difference in the next. An order that the backtest filled and the run did not is judged by what
 * became of it at last, and not looked at again.
 */
export class StepParity {
  readonly #parts: StepParts;
  readonly #lastBars = new Map<SymbolName, Bar>();
  readonly #settled = new Set<OrderId>();
  /** Fills of the run that were compared already, by order. */
  readonly #compared = new Map<OrderId, number>();
  #boundary: Boundary | null = null;
  /** Since the boundary: of the database, and as the run saw them. */
  #market: MarketSlice[] = [];
  #seen: SeenBars[] = [];
  #events: AnyEvent[] = [];
  #terms: SessionTerms | null = null;

  constructor(parts: StepParts) {
    this.#parts = parts;
  }

  begin(terms: SessionTerms, state: SessionState): void {
    this.#terms = terms;
    const boundary = this.#boundary;
    if (boundary !== null) this.#boundary = { ...boundary, terms, state };
  }

  /** A slice of the database comes up. */
  pass(slice: MarketSlice): void {
    this.#market.push(slice);
  }

  /** Something other than bars entered. */
  between({ events }: RecordedInput): void {
    this.#events.push(...events);
  }

  /** Bars entered, which left the run in this state. */
  close(input: RecordedInput, state: SessionState): void {
    const { slice, events } = input;
    if (slice === null || this.#terms === null) return;
    this.#events.push(...arrivalsOf(events));
    this.#seen.push({ watched: [], traded: slice.bars });
    const isLater = this.#boundary === null || slice.closeTime > this.#boundary.closeTime;
    if (!isLater) return;
    this.#compare();
    for (const { traded } of this.#market) {
      for (const bar of traded) this.#lastBars.set(bar.symbol, bar);
    }
    const { closeTime } = slice;
    // The engine it is of goes on: what is looked at later must not move with it.
    const isNeeded = state.engine.executor.open.length > 0;
    const kept = isNeeded ? (fromExactJson(toExactJson(state)) as SessionState) : state;
    const lastBars = new Map(this.#lastBars);
    this.#boundary = { closeTime, terms: this.#terms, state: kept, lastBars };
    this.#market = [];
    this.#seen = [];
    this.#events = [];
  }

  /** The run is over: what filled since the last bar, nobody can judge. */
  end(): void {
    this.#parts.tally.unjudged += this.#events.filter(({ type }) => type === 'order.filled').length;
  }

  #compare(): void {
    const open = (this.#boundary?.state.engine.executor.open ?? [])
      .map(({ order }) => order)
      .filter(({ id }) => !this.#settled.has(id));
    const trial = open.length === 0 ? NOTHING : this.#try(this.#market);
    for (const order of open) {
      this.#judge(order.id, trial.fills.get(order.id) ?? [], trial.ended.has(order.id));
    }
    this.#judgeFollowers(trial);
  }

  /** Stops and targets are numbered as they come up: what they close, and how, tells them apart. */
  #judgeFollowers({ followers, fills }: TrialStep): void {
    const left = [...followers];
    for (const order of approvedIn(this.#events)) {
      const fate = this.#parts.fates.get(order.id);
      if (fate === undefined) continue;
      const at = left.findIndex((each) => isCounterpart(each, order));
      const [counterpart] = at === -1 ? [] : left.splice(at, 1);
      if (counterpart !== undefined) this.#judge(order.id, fills.get(counterpart.id) ?? [], false);
      else if (fate.orderedByHand !== null) this.#byHand(fate);
    }
  }

  #byHand({ order, entryBar, orderedByHand }: OrderFate): void {
    const { id, symbol, strategy, side, quantity } = order;
    this.#parts.tally.found({
      time: this.#boundary?.closeTime ?? 0,
      symbol,
      strategy,
      cause: 'refusal',
      entryBar,
      order: id,
      backtest: 'keeps the position',
      run: `${side} ${quantity.toString()}: ${orderedByHand ?? ''}`,
      cost: null,
    });
  }

  #judge(id: OrderId, backtest: readonly Fill[], hasEnded: boolean): void {
    const fate = this.#parts.fates.get(id);
    if (fate === undefined) return;
    const left = fate.fills.slice(this.#compared.get(id) ?? 0);
    if (backtest.length === 0) this.#judgeAlone(fate, { left, hasEnded });
    else this.#judgeFilled(fate, left, backtest);
  }

  #judgeFilled(fate: OrderFate, left: readonly Fill[], backtest: readonly Fill[]): void {
    const { id } = fate.order;
    const until = this.#endOfBar(backtest.at(-1)?.time ?? 0);
    const inTime = left.filter(({ time }) => time < until);
    const later = left.slice(inTime.length);
    const compared = { fate, inTime, later, backtest, fees: this.#fees() };
    const differences = compareOrder(compared);
    this.#compared.set(id, (this.#compared.get(id) ?? 0) + inTime.length);
    if (quantityOf(inTime).equals(quantityOf(backtest))) {
      const [[first], [due]] = [inTime, backtest];
      if (first !== undefined && due !== undefined) {
        this.#parts.tally.delays.push(Math.max(0, first.time - due.time));
      }
    } else this.#settled.add(id);
    this.#found(fate, differences);
  }

  /** The backtest leaves an order as it is: the run may have filled it, or been refused it. */
  #judgeAlone(
    fate: OrderFate,
    { left, hasEnded }: { readonly left: readonly Fill[]; readonly hasEnded: boolean },
  ): void {
    const { order, entryBar } = fate;
    const now = fillsIn(this.#events, order.id);
    const { symbol, strategy } = order;
    const base = { symbol, strategy, entryBar, order: order.id, cost: null };
    if (now > 0) {
      const fills = left.slice(0, now);
      this.#compared.set(order.id, (this.#compared.get(order.id) ?? 0) + now);
      const backtest = 'does not fill it in this bar';
      const run = `${fillsText(fills, order)}, sooner`;
      const time = fills[0]?.time ?? 0;
      this.#found(fate, [{ ...base, time, cause: 'latency', backtest, run }]);
    } else if (!hasEnded && wasRejected(this.#events, order.id)) {
      this.#settled.add(order.id);
      const told = { backtest: 'has it rest', run: endText(fate) };
      const time = this.#market.at(-1)?.closeTime ?? 0;
      this.#parts.tally.found({ ...base, ...told, time, cause: 'refusal' });
    }
  }

  /** Where the bars differ, and the run's own bars give a backtest the run's own fills, it is they. */
  #found({ order, fills }: OrderFate, differences: readonly ParityDifference[]): void {
    if (differences.length === 0) return;
    const { tally, bars } = this.#parts;
    const blamed = this.#differingBars(order.symbol);
    const [first] = blamed;
    if (first === undefined || !isSameFills(this.#try(this.#seen).fills.get(order.id), fills)) {
      tally.found(...differences);
      return;
    }
    for (const each of blamed) bars.matters(each);
    tally.found(...differences.map((each) => ({ ...each, cause: 'missing-data' as const })));
  }

  #differingBars(symbol: SymbolName) {
    const { bars } = this.#parts;
    return [...this.#market, ...this.#seen].flatMap(({ traded }) =>
      traded.filter((bar) => bar.symbol === symbol).flatMap((bar) => bars.at(bar) ?? []),
    );
  }

  #try(slices: readonly SeenBars[]): TrialStep {
    const boundary = this.#boundary;
    if (boundary === null || slices.length === 0) return NOTHING;
    return tryStep({ ...boundary, without: this.#settled }, slices);
  }

  #endOfBar(time: EpochMs): EpochMs {
    return this.#market.find(({ closeTime }) => closeTime > time)?.closeTime ?? Infinity;
  }

  #fees(): FeeTerms {
    const terms = this.#terms;
    if (terms === null) throw new TypeError('a step belongs to a session');
    return {
      commission: commissionModel(terms.commission, terms.exchange),
      instrumentOf: ({ symbol, time }) => terms.instruments.at(symbol, time),
    };
  }
}

/** What bars lead to before anybody decides on them. */
function arrivalsOf(events: readonly AnyEvent[]): readonly AnyEvent[] {
  const decided = events.findIndex(({ type }) => type === 'bar.closed' || type === 'bar.missed');
  return decided === -1 ? events : events.slice(0, decided);
}

function approvedIn(events: readonly AnyEvent[]): readonly OrderRequest[] {
  return events.flatMap(({ type, payload }) => (type === 'order.approved' ? [payload] : []));
}

function fillsIn(events: readonly AnyEvent[], id: OrderId): number {
  return events.filter(({ type, payload }) => type === 'order.filled' && payload.orderId === id)
    .length;
}

function wasRejected(events: readonly AnyEvent[], id: OrderId): boolean {
  return events.some(
    ({ type, payload }) =>
      type === 'order.updated' && payload.orderId === id && payload.state === 'rejected',
  );
}

function isCounterpart(one: OrderRequest, other: OrderRequest): boolean {
  return (
    rootOf(one.position) === rootOf(other.position) &&
    one.role === other.role &&
    one.side === other.side
  );
}

function isSameFills(one: readonly Fill[] = [], other: readonly Fill[]): boolean {
  return (
    one.length === other.length &&
    one.every((fill, at) => {
      const each = other[at];
      return (
        each !== undefined &&
        fill.quantity.equals(each.quantity) &&
        fill.price.equals(each.price) &&
        fill.fee.equals(each.fee)
      );
    })
  );
}
