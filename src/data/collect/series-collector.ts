import { DataError, ExchangeError } from '../../core/errors.ts';
import { formatTime, timeframeMs } from '../../core/time.ts';
import type { EpochMs, TimeRange, TimeSpan } from '../../core/time.ts';
import { tradingCalendar, type TradingCalendar } from '../../core/trading-calendar.ts';
import type { BarSource, SourceBar, SourcePage } from '../../ports/bar-source.ts';
import type { SeriesKey } from '../../ports/bar-store.ts';
import { cleanPage } from './clean-page.ts';
import { closedEndAt, planSpans, type PlannedSpan } from './collect-plan.ts';
import { coverageOf } from './page-coverage.ts';
import type { Retrier } from './retrier.ts';
import { restatedBar } from './restated-bar.ts';
import {
  SeriesWriter,
  type CollectStore,
  type SavedPage,
  type SeriesRules,
} from './series-writer.ts';
import { StoredSeries } from './stored-series.ts';
import { Tally } from './tally.ts';
import { gridFloor } from './time-spans.ts';
import type { VenueClock } from './venue-clock.ts';

/** What all series of one venue share. */
export interface VenueParts {
  readonly source: BarSource;
  readonly store: CollectStore;
  readonly clock: VenueClock;
  readonly retrier: Retrier;
  readonly graceMs: number;
  readonly historyMs: number;
}

export interface SeriesTarget {
  readonly key: SeriesKey;
  readonly rules: SeriesRules;
}

/** How far the collection of a series has come. */
export interface PageProgress {
  readonly key: SeriesKey;
  readonly page: SavedPage;
  /** Share of the time asked for that is done. */
  readonly fraction: number;
}

interface CollectOptions {
  /** Null for everything from the last stored bar until now. */
  readonly range: TimeRange | null;
  readonly signal: AbortSignal;
  readonly onPage: (progress: PageProgress) => void;
}

/** Bars of an adjusted series that are held against what the vendor says of them now. */
const RESTATEMENT_BARS = 3;

/** Brings one series up to date, page by page; what is saved stays saved whatever happens next. */
export class SeriesCollector {
  readonly key: SeriesKey;
  /** When bars are to be expected. */
  readonly calendar: TradingCalendar;
  readonly tally = new Tally();
  readonly #parts: VenueParts;
  readonly #stored: StoredSeries;
  readonly #writer: SeriesWriter;
  #askedFrom: EpochMs | null = null;

  constructor(parts: VenueParts, { key, rules }: SeriesTarget) {
    this.key = key;
    this.calendar = tradingCalendar(rules.calendar);
    this.#parts = parts;
    this.#stored = new StoredSeries(parts.store, key);
    this.#writer = new SeriesWriter(parts.store, this.#stored, rules);
  }

  /** Where the first collection began to ask; null when there was nothing to ask for. */
  get askedFrom(): EpochMs | null {
    return this.#askedFrom;
  }

  get lastOpen(): EpochMs | null {
    return this.#stored.find()?.lastOpen ?? null;
  }

  /**
   * Fetches what is missing. Returns early when the signal aborts between two pages; throws an
   * `ExchangeError` when the venue gives no answer for good, a `DataError` where an adjusted series
   * was restated.
   */
  async collect({ range, signal, onPage }: CollectOptions): Promise<void> {
    const { retrier, clock } = this.#parts;
    await retrier.call(() => clock.measure(signal), signal);
    const spans = this.#plan(range);
    if (spans.length > 0) await this.#refuseRestated(signal);
    this.#askedFrom ??= spans[0]?.newFrom ?? null;
    const total = spans.reduce((sum, { from, to }) => sum + to - from, 0);
    let done = 0;
    for (const span of spans) {
      this.#writer.begin(span.from);
      for (let at = span.from; at < span.to && !signal.aborted;) {
        const { page, end } = await this.#fetch(span, at, signal);
        done += end - at;
        at = end;
        onPage({ key: this.key, page, fraction: done / total });
      }
    }
  }

  /** Asks for the first bars from a time on and keeps none. Throws as `collect` does. */
  async probe(time: EpochMs, signal: AbortSignal): Promise<void> {
    const { pageBars } = this.#parts.source;
    const from = gridFloor(time, this.key.timeframe);
    const to = from + pageBars * timeframeMs(this.key.timeframe);
    await this.#ask({ from, to }, signal);
  }

  /** Stores one finished bar that came by itself: seen, but nobody vouches for what lies before it. */
  take(bar: SourceBar): SavedPage {
    const { openTime } = bar;
    const span = { from: openTime, to: openTime + 1 };
    this.#writer.begin(openTime);
    const clean = cleanPage([bar], { timeframe: this.key.timeframe, span });
    const page = this.#writer.save(clean, {
      covers: null,
      newFrom: openTime,
      at: this.#parts.clock.now(),
    });
    this.tally.add(page);
    return page;
  }

  #plan(range: TimeRange | null): readonly PlannedSpan[] {
    const { clock, graceMs, historyMs } = this.#parts;
    const { timeframe } = this.key;
    const closedEnd = closedEndAt(clock.now(), timeframe, graceMs);
    return planSpans({ timeframe, range, historyMs, closedEnd, stored: this.#stored.extent() });
  }

  async #fetch(
    { to, newFrom }: PlannedSpan,
    at: EpochMs,
    signal: AbortSignal,
  ): Promise<{ readonly page: SavedPage; readonly end: EpochMs }> {
    const { clock } = this.#parts;
    const { timeframe } = this.key;
    const { bars, completeTo } = await this.#ask({ from: at, to }, signal);
    const answered = { from: at, to: Math.min(completeTo, to) };
    const clean = cleanPage(bars, { timeframe, span: answered });
    const lastOpen = clean.table.size === 0 ? null : clean.table.openTimeAt(clean.table.size - 1);
    const now = clock.now();
    const covers = coverageOf({ timeframe, answered, lastOpen, now });
    const page = this.#writer.save(clean, { covers, newFrom, at: now });
    this.tally.add(page);
    return { page, end: answered.to };
  }

  async #ask(span: TimeSpan, signal: AbortSignal): Promise<SourcePage> {
    const { source, clock, retrier } = this.#parts;
    return retrier.call(async () => {
      await clock.measure(signal);
      const page = await source.page(this.key, span, signal);
      refuseStandstill(source.exchange, span, page);
      return page;
    }, signal);
  }

  /** Adjusted prices of the past change with every split and dividend: the old ones are then wrong. */
  async #refuseRestated(signal: AbortSignal): Promise<void> {
    const { exchange, symbol, timeframe, adjustment } = this.key;
    const { lastOpen } = this.#stored.extent();
    if (adjustment === 'raw' || lastOpen === null) return;
    const to = lastOpen + timeframeMs(timeframe);
    const from = this.#stored.openTimeBefore(to, RESTATEMENT_BARS) ?? lastOpen;
    const { bars } = await this.#ask({ from, to }, signal);
    const restated = restatedBar(bars, this.#stored.pages({ from, to }));
    if (restated === null) return;
    throw new DataError(
      `${exchange} ${symbol} ${timeframe}: the ${adjustment}-adjusted close of ` +
        `${formatTime(restated.openTime)} was expected to be ${restated.stored} as stored, was ` +
        `${restated.sent}: the vendor has restated the past, after a split or a dividend; run ` +
        `collect with --restart to delete the series and collect it again`,
    );
  }
}

/** A venue that answers with the same page for ever would be asked for ever. */
function refuseStandstill(
  exchange: string,
  { from }: TimeSpan,
  { bars, completeTo }: SourcePage,
): void {
  const isRepeated = bars.length > 0 && bars.every(({ openTime }) => openTime < from);
  if (!isRepeated && completeTo > from) return;
  throw new ExchangeError(
    `bars from ${formatTime(from)} on were expected from ${exchange}, were all from before it`,
    { kind: 'bad-response' },
  );
}
