import { ExchangeError, InvariantError } from '../../core/errors.ts';
import type { GateChange } from '../../core/operator.ts';
import { MINUTE_MS, timeframeMs, type EpochMs, type Timeframe } from '../../core/time.ts';
import type { SeriesKey } from '../../ports/bar-store.ts';
import type { Feed, FeedSink } from '../../ports/feed.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Timer } from '../../ports/timer.ts';
import { closedEndAt } from '../collect/collect-plan.ts';
import { patienceMs } from '../collect/follow-schedule.ts';
import { FollowedVenue, isRefusal } from '../collect/followed-venue.ts';
import {
  SeriesCollector,
  type SeriesTarget,
  type VenueParts,
} from '../collect/series-collector.ts';
import type { SavedPage } from '../collect/series-writer.ts';
import { StoredSeries } from '../collect/stored-series.ts';
import { backFill } from './back-fill.ts';
import { ClockWatch } from './clock-watch.ts';
import { FeedGates } from './feed-gates.ts';
import { FeedSeries } from './feed-series.ts';
import { SliceRelease } from './slice-release.ts';

/** A series that was refused is tried again so often: it may be listed again. */
const REFUSED_FOR_MS = 10 * MINUTE_MS;

export interface PollingSettings {
  /** Bars of each series to hand out before the period begins, where there are as many. */
  readonly warmUpBars: number;
  /** Close time of the last slice that an earlier session handed out; null for a fresh start. */
  readonly from: EpochMs | null;
  /** A slice that closed longer ago is not decided on; null: two bars, at least a minute. */
  readonly staleAfterMs: number | null;
  /** How long a slice waits for the bars that others have already. */
  readonly stragglerMs: number;
  /** Longest time after which the exchange takes a request: half of it as an offset is too much. */
  readonly requestValidityMs: number;
}

export interface PollingParts {
  readonly venue: VenueParts;
  /** One a symbol, those that are only looked at too; all of one timeframe. */
  readonly targets: readonly SeriesTarget[];
  readonly timer: Timer;
  readonly logger: Logger;
  readonly settings: PollingSettings;
  /**
   * How every gate stands at the start, then every change; called between two slices, never within
   * one.
   */
  readonly onGate: (change: GateChange) => void;
}

/**
 * Hands out the closed bars of an exchange: first those that strategies warm up on, then those that
 * closed since, then each slice as it closes, by the exchange's clock and a grace after it. What is
 * handed out is what is stored, so a replay of the store gives the same bars in the same order.
 *
 * A slice waits a little for the symbols whose bar is still to come, then leaves without them. A bar
 * that comes later is handed out by `catchUp` while no later bar of its symbol was, and else stored
 * alone. A revision never leads to anything.
 */
export class PollingFeed implements Feed {
  readonly #parts: PollingParts;
  readonly #timeframe: Timeframe;
  readonly #followed: FollowedVenue;
  readonly #series: readonly FeedSeries[];
  readonly #slices: SliceRelease;
  readonly #gates: FeedGates;
  readonly #clock: ClockWatch;
  readonly #tasks = new Set<Promise<void>>();
  #wake = new AbortController();
  #fault: Error | null = null;
  /** Kept a symbol from being read at the start, and may not keep it from it later. */
  #passing: ExchangeError | null = null;

  constructor(parts: PollingParts) {
    const { venue, targets, logger, settings } = parts;
    this.#parts = parts;
    this.#timeframe = sharedTimeframe(targets);
    this.#followed = new FollowedVenue({
      venue,
      series: targets.map((target) => new SeriesCollector(venue, target)),
      logger,
      refusedForMs: REFUSED_FOR_MS,
      awaitsSuccessor: true,
      onSaved: (key, page) => this.#saved(key, page),
      onNews: () => this.#wake.abort(),
    });
    const patience = patienceMs(this.#timeframe);
    const staleAfterMs = settings.staleAfterMs ?? patience;
    const limitMs = Math.max(patience, staleAfterMs);
    this.#series = this.#followed.series.map(
      (each) => new FeedSeries(each, new StoredSeries(venue.store, each.collector.key), limitMs),
    );
    this.#slices = new SliceRelease({
      series: this.#series,
      timeframe: this.#timeframe,
      clock: venue.clock,
      graceMs: venue.graceMs,
      stragglerMs: settings.stragglerMs,
      staleAfterMs,
    });
    this.#gates = new FeedGates({ ...parts, series: this.#series });
    this.#clock = new ClockWatch(venue.clock, logger);
  }

  /**
   * Runs until the signal aborts, then resolves. Rejects with what the sink threw, with an
   * `ExchangeError` where the exchange cannot be reached at the start, with what storing threw.
   */
  async run(sink: FeedSink, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const stop = new AbortController();
    const onAbort = () => {
      stop.abort();
      this.#wake.abort();
    };
    signal.addEventListener('abort', onAbort);
    try {
      await this.#begin(stop.signal);
      while (!signal.aborted) await this.#turn(sink, stop.signal);
    } finally {
      signal.removeEventListener('abort', onAbort);
      stop.abort();
      this.#followed.close();
      await Promise.all(this.#tasks);
    }
  }

  /**
   * Brings the past up to date. Symbols that are refused, or whose bars cannot be read, are left out
   * while there are others: what ails one of them must not keep positions in all from being looked
   * after.
   */
  async #begin(signal: AbortSignal): Promise<void> {
    const { venue, settings } = this.#parts;
    try {
      await venue.retrier.call(() => venue.clock.measure(signal), signal);
      const closedEnd = closedEndAt(venue.clock.now(), this.#timeframe, venue.graceMs);
      const from = settings.from ?? closedEnd;
      this.#slices.begin(from);
      await allSettled(this.#series.map((each) => this.#fill(each, from, signal)));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    const refusals = this.#series.flatMap(({ followed }) => followed.refusal ?? []);
    if (refusals.length < this.#series.length) return;
    if (this.#passing !== null) throw this.#passing;
    throw new ExchangeError(`no symbol can be followed: ${refusals.join('; ')}`, {
      kind: 'rejected',
    });
  }

  async #fill({ followed, queue }: FeedSeries, from: EpochMs, signal: AbortSignal): Promise<void> {
    const { collector } = followed;
    const { venue, settings } = this.#parts;
    const stored = new StoredSeries(venue.store, collector.key);
    const { warmUpBars: bars } = settings;
    const askedAt = venue.clock.now();
    try {
      await backFill({ collector, stored, from, bars, signal });
      followed.answeredAt = askedAt;
    } catch (error) {
      if (error instanceof ExchangeError && error.isRetryable) this.#passing = error;
      else if (!isRefusal(error)) throw error;
      this.#followed.leaveOut(followed, error);
    }
    queue.startAt(stored.openTimeBefore(from, bars) ?? from);
  }

  async #turn(sink: FeedSink, signal: AbortSignal): Promise<void> {
    const { venue, timer } = this.#parts;
    this.#wake = new AbortController();
    this.#followed.tend();
    for (const each of this.#followed.due()) this.#start(this.#followed.poll(each, signal));
    if (this.#clock.dueAt <= venue.clock.now()) this.#start(this.#clock.read(signal));
    // A gate stands right before the decisions that it is about.
    const watchAt = this.#gates.watch();
    const releaseAt = this.#slices.release(sink);
    if (this.#fault !== null) throw this.#fault;
    const dueAt = Math.min(releaseAt, watchAt, this.#followed.nextDueAt(), this.#clock.dueAt);
    await timer.wait(Math.max(1, dueAt - venue.clock.now()), this.#wake.signal);
  }

  /** Runs beside the others; what it throws ends the feed. */
  #start(work: Promise<void>): void {
    const task = work
      .catch((error: unknown) => {
        this.#fault ??= error instanceof Error ? error : new InvariantError(String(error));
      })
      .finally(() => {
        this.#tasks.delete(task);
        this.#wake.abort();
      });
    this.#tasks.add(task);
  }

  #saved(key: SeriesKey, page: SavedPage): void {
    const series = this.#series.find(({ followed }) => followed.collector.key === key);
    if (series === undefined) return;
    series.queue.refresh();
    const { last } = page;
    if (last !== null) this.#slices.arrived(last.openTime + timeframeMs(key.timeframe));
    this.#gates.judge(series, page);
    this.#wake.abort();
  }
}

/** Waits for all of them before it throws what one threw: none may go on behind our back. */
async function allSettled(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

/** Merging by open time equals merging by close time only within one timeframe. */
function sharedTimeframe(targets: readonly SeriesTarget[]): Timeframe {
  const [first] = targets;
  const symbols = new Set(targets.map(({ key }) => key.symbol));
  const timeframes = new Set(targets.map(({ key }) => key.timeframe));
  if (first !== undefined && symbols.size === targets.length && timeframes.size === 1) {
    return first.key.timeframe;
  }
  throw new InvariantError(
    'one series a symbol and one timeframe were expected, was ' +
      targets.map(({ key }) => `${key.symbol} ${key.timeframe}`).join(', '),
  );
}
