import { ReplayFeed } from '../../adapters/sqlite/replay-feed.ts';
import type { Bar, Slice } from '../../core/bar.ts';
import { EventBus } from '../../core/event-bus.ts';
import type { StrategyId } from '../../core/ids.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import { splitDetectorFor } from '../../data/splits.ts';
import type { BarStore, Series } from '../../ports/bar-store.ts';
import { StrategyHost } from '../../strategies/strategy-host.ts';
import type { Explanation, HostedStrategy, Readiness } from '../../strategies/strategy-runner.ts';
import { dataFingerprint } from '../data-fingerprint.ts';
import { InstrumentDirectory } from '../instrument-directory.ts';
import type { BarReader } from '../readable-series.ts';
import { SplitTreatment } from '../split-treatment.ts';
import { warmupBarsOf } from '../warmup-bars.ts';
import type { RunData } from './run-data.ts';

/** How strategies stood on the bars that open at one instant. */
export interface ReplayedMoment {
  barOf(symbol: SymbolName): Bar | null;
  explain(strategy: StrategyId, bar: Bar): readonly Explanation[];
  readinessOf(strategy: StrategyId, symbol: SymbolName): Readiness | null;
}

const NEVER = new AbortController().signal;
const UNTIMED = { timer: () => 0, clock: { advance: () => undefined } } as const;

/**
 * Feeds the bars of a recorded run to its strategies again, without an engine: nothing is decided.
 * Indicators give the same doubles wherever their stream began, once they are warm: so only the bars
 * just before the instant asked for are read.
 */
export class RunReplay {
  readonly #data: RunData;
  /** Of the symbols that were traded, and of those that were looked at. */
  readonly #read: RunData['series'];
  readonly #strategies: readonly HostedStrategy[];
  readonly #stored: BarStore;
  readonly #reader: BarReader;
  readonly #moments = new Map<string, Promise<ReplayedMoment>>();

  /** All strategies of the run: the one that needs most decides where the run began to read. */
  constructor(data: RunData, strategies: readonly HostedStrategy[], stored: BarStore) {
    this.#data = data;
    this.#read = [...data.series, ...data.informative];
    this.#strategies = strategies;
    this.#stored = stored;
    this.#reader = new SplitTreatment({ ...data, series: this.#read, strategies }, stored).store;
  }

  /** Open time of the last bar that opens at that time or before; null where there is none. */
  lastOpen({ id, firstOpen }: Series, time: EpochMs): EpochMs | null {
    const open = this.#reader.openTimeBefore(id, time + 1, 1);
    return open === null || firstOpen === null || open > time ? null : open;
  }

  /** Open time of the first bar after that time; null where there is none. */
  nextOpen({ id }: Series, time: EpochMs): EpochMs | null {
    for (const page of this.#reader.pages(id, time + 1, this.#data.end)) return page[0] ?? null;
    return null;
  }

  /** `isWhole` feeds all bars from the run's first one on. */
  moment(openTime: EpochMs, isWhole: boolean): Promise<ReplayedMoment> {
    const key = `${openTime} ${isWhole}`;
    const known = this.#moments.get(key);
    if (known !== undefined) return known;
    const made = this.#replay(openTime, isWhole);
    this.#moments.set(key, made);
    return made;
  }

  /** Open time of the bar of a symbol that the strategy decided on first; null where it never did. */
  async firstDecision(hosted: HostedStrategy, symbol: SymbolName): Promise<EpochMs | null> {
    const host = hostOf(hosted);
    const stop = new AbortController();
    let first: EpochMs | null = null;
    const feed = this.#feed({ start: this.#data.start, end: this.#data.end, isWhole: true });
    const warmUp = (slice: Slice): void => host.warmUp(slice);
    const trade = (slice: Slice): void => {
      if (first !== null) return;
      host.warmUp(slice);
      const bar = slice.bars.find((each) => each.symbol === symbol);
      const isWarm = host.readiness().some((each) => each.symbol === symbol && each.isWarm);
      if (bar === undefined || !isWarm) return;
      first = bar.openTime;
      stop.abort();
    };
    await feed.run({ warmUp, trade }, stop.signal);
    return first;
  }

  /** Of the data as they are now, taken as the run took it. */
  async fingerprint(): Promise<string> {
    const { series, start, end } = this.#data;
    const feed = this.#feed({ start, end, isWhole: true });
    await feed.run({ warmUp: () => undefined, trade: () => undefined }, NEVER);
    const settings = { instruments: [], enforceTicks: true };
    const instruments = new InstrumentDirectory(this.#stored, series, settings);
    return dataFingerprint(feed.fingerprint(), { series, instruments, start, end });
  }

  async #replay(openTime: EpochMs, isWhole: boolean): Promise<ReplayedMoment> {
    const hosts = new Map(this.#strategies.map((hosted) => [hosted.id, hostOf(hosted)]));
    const bars = new Map<SymbolName, Bar>();
    const absorb = (slice: Slice): void => {
      for (const host of hosts.values()) host.warmUp(slice);
    };
    const trade = (slice: Slice): void => {
      absorb(slice);
      for (const bar of slice.bars) bars.set(bar.symbol, bar);
    };
    const feed = this.#feed({ start: openTime, end: openTime + 1, isWhole });
    await feed.run({ warmUp: absorb, trade }, NEVER);
    return {
      barOf: (symbol) => bars.get(symbol) ?? null,
      explain: (strategy, bar) => hosts.get(strategy)?.explain(bar) ?? [],
      readinessOf: (strategy, symbol) =>
        hosts
          .get(strategy)
          ?.readiness()
          .find((each) => each.symbol === symbol) ?? null,
    };
  }

  #feed({ start, end, isWhole }: FeedSpan): ReplayFeed {
    const series = this.#read;
    const firsts = new Map(series.map((each) => [each.id, this.#firstRead(each.id)]));
    const carried = new Set(series.flatMap((each) => (this.#isCarried(each) ? [each.id] : [])));
    return new ReplayFeed({
      ...UNTIMED,
      store: {
        pages: (id, from, to) => this.#reader.pages(id, from, to),
        openTimeBefore: (id, time, count) => {
          const first = firsts.get(id) ?? time;
          if (isWhole || carried.has(id)) return first;
          return Math.max(this.#reader.openTimeBefore(id, time, count) ?? time, first);
        },
      },
      series,
      warmUpBars: warmupBarsOf(this.#strategies),
      start,
      end,
    });
  }

  /** Where the run began to read a series. */
  #firstRead(id: number): EpochMs {
    const { start } = this.#data;
    const before = this.#reader.openTimeBefore(id, start, warmupBarsOf(this.#strategies));
    return Math.min(before ?? start, start);
  }

  /** Prices carried across splits are those of the first bar read: it must be the run's own. */
  #isCarried({ builtFrom, ...series }: RunData['series'][number]): boolean {
    return this.#data.splits === 'adjust' && splitDetectorFor(builtFrom ?? series) !== null;
  }
}

interface FeedSpan {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly isWhole: boolean;
}

function hostOf(hosted: HostedStrategy): StrategyHost {
  return new StrategyHost({
    bus: new EventBus({ now: () => 0 }),
    view: { positionOf: () => null, openOrders: () => [] },
    strategies: [hosted],
  });
}
