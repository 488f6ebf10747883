import { ConfigError, ExchangeError, isCutShort, QuantSageError } from '../core/errors.ts';
import { formatTime, timeframeMs } from '../core/time.ts';
import { Follower } from '../data/collect/follower.ts';
import { worded } from '../data/collect/retrier.ts';
import {
  SeriesCollector,
  type PageProgress,
  type VenueParts,
} from '../data/collect/series-collector.ts';
import type { SavedPage } from '../data/collect/series-writer.ts';
import type { BarStore, SeriesKey } from '../ports/bar-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { Timer } from '../ports/timer.ts';
import { recordInstruments } from './record-instruments.ts';
import { collectedSeries, type CollectedSeries, type CollectStatus } from './collect-report.ts';
import type { CollectRequest, ExchangeTargets } from './collect-targets.ts';

export interface SessionParts {
  readonly venue: VenueParts;
  readonly targets: ExchangeTargets['targets'];
  readonly request: CollectRequest;
  readonly store: BarStore;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly onPage: (progress: PageProgress) => void;
  readonly onFollowed: (key: SeriesKey, page: SavedPage) => void;
}

/** One exchange in one run of `collect`: its series share a client, a clock and a rate limit. */
export class VenueSession {
  readonly #parts: SessionParts;
  readonly #collectors: readonly SeriesCollector[];
  readonly #statuses = new Map<SeriesCollector, CollectStatus>();
  #error: QuantSageError | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#collectors = parts.targets.map((target) => new SeriesCollector(parts.venue, target));
  }

  /** The first fault that ended a series; null while all is well. */
  get error(): QuantSageError | null {
    return this.#error;
  }

  /**
   * Checks what was asked for with the venue, and takes down what it says of the instruments. That
   * the venue is away is kept: others may not be.
   */
  async prepare(signal: AbortSignal): Promise<void> {
    const { venue, targets } = this.#parts;
    for (const { key } of targets) refuseTimeframe(venue.source, key);
    try {
      await this.#ask(signal);
    } catch (error) {
      if (signal.aborted || !isAway(error)) throw error;
      this.#error = error;
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { venue, targets, store } = this.#parts;
    const { source, retrier, clock } = venue;
    await retrier.call(() => clock.measure(signal), signal);
    await recordInstruments(
      targets.map(({ key }) => key.symbol),
      { source, retrier, clock, store },
      signal,
    );
  }

  /** Collects one series after the other. Faults of the venue and of single series are kept. */
  async collect(signal: AbortSignal): Promise<void> {
    for (const collector of this.#collectors) {
      if (signal.aborted || isAway(this.#error)) break;
      this.#statuses.set(collector, await this.#collectOne(collector, signal));
    }
  }

  /** Keeps the series up to date until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    const { venue, timer, logger, onFollowed } = this.#parts;
    if (signal.aborted || this.#error !== null) return;
    const follower = new Follower({
      venue,
      series: this.#collectors,
      timer,
      logger,
      onSaved: onFollowed,
    });
    try {
      await follower.run(signal);
    } catch (error) {
      if (!(error instanceof QuantSageError)) throw error;
      this.#error = error;
    }
    for (const collector of this.#collectors) {
      this.#statuses.set(collector, this.#error === null ? 'interrupted' : 'failed');
    }
  }

  report(signal: AbortSignal): readonly CollectedSeries[] {
    return this.#collectors.map((collector) => {
      const left = signal.aborted ? 'interrupted' : 'skipped';
      const status = this.#statuses.get(collector) ?? left;
      return collectedSeries(collector, status, this.#parts.store);
    });
  }

  async #collectOne(collector: SeriesCollector, signal: AbortSignal): Promise<CollectStatus> {
    const { request, onPage } = this.#parts;
    try {
      const range = request.restart ? await this.#restart(collector, signal) : request.range;
      await collector.collect({ range, signal, onPage });
      return signal.aborted ? 'interrupted' : 'completed';
    } catch (error) {
      if (isCutShort(error, signal)) return 'interrupted';
      if (!(error instanceof QuantSageError)) throw error;
      this.#error ??= error instanceof ExchangeError ? this.#withWhatIsSaved(error) : error;
      return 'failed';
    }
  }

  #withWhatIsSaved(error: ExchangeError): ExchangeError {
    const saved = this.#collectors.reduce((sum, { tally }) => sum + tally.inserted, 0);
    const what = saved === 0 ? 'nothing new was saved' : `${saved} new bars were saved before`;
    return worded(error, `${what}; the next call goes on from there`);
  }

  /** Empties the series; it is collected again from where it began, unless a range was named. */
  async #restart(
    collector: SeriesCollector,
    signal: AbortSignal,
  ): Promise<CollectRequest['range']> {
    const { store, request, venue } = this.#parts;
    const { key } = collector;
    const series = store.findSeries(key);
    if (series === null) return request.range;
    const start = store.covered(series.id)[0]?.from ?? series.firstOpen;
    // What is deleted must be to be had again: a venue that is away would leave nothing.
    await collector.probe(request.range?.start ?? start ?? 0, signal);
    const when = formatTime(venue.clock.now());
    const detail = `${series.bars} bars were deleted at ${when} to be collected again`;
    const note = { openTime: null, rule: 'restart', detail, quarantined: false };
    store.drop(series.id, note, venue.source.exchange);
    return request.range ?? (start === null ? null : { start, end: null });
  }
}

/** What one series is refused may be granted to the next; a venue that is down is down for all. */
function isAway(error: unknown): error is ExchangeError {
  return error instanceof ExchangeError && error.kind !== 'rejected';
}

function refuseTimeframe(source: VenueParts['source'], { timeframe }: SeriesKey): void {
  const { exchange, timeframes } = source;
  if (timeframes.includes(timeframe)) return;
  const shorter = timeframes.findLast(
    (each) =>
      timeframeMs(each) < timeframeMs(timeframe) &&
      timeframeMs(timeframe) % timeframeMs(each) === 0,
  );
  const hint =
    shorter === undefined ? '' : `; collect ${shorter}, a backtest builds ${timeframe} from it`;
  throw new ConfigError(
    `--timeframe: one that ${exchange} serves (${timeframes.join(', ')}) was expected, was ` +
      `"${timeframe}"${hint}`,
  );
}
