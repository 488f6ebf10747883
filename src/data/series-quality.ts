import { BAR_FLAGS } from '../core/bar.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import { DAY_MS, misalignmentMs, timeframeMs } from '../core/time.ts';
import type { CalendarId } from '../core/trading-calendar.ts';
import { tradingCalendar } from '../core/trading-calendar.ts';
import type { BarPage } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import { brokenRule } from './bar-rules.ts';
import type { Continuity, Gap } from './continuity.ts';
import { gapBetween } from './continuity.ts';
import type { RunTally } from './run-counter.ts';
import { RunCounter } from './run-counter.ts';

const EXAMPLES_MAX = 10;

/** A bar that cannot be, with its values. */
export interface BrokenBar {
  readonly openTime: EpochMs;
  readonly rule: string;
  readonly expected: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What a stored series is worth, in counts. */
export interface SeriesQuality {
  readonly bars: number;
  readonly firstOpen: EpochMs | null;
  readonly lastOpen: EpochMs | null;
  /** Bars the calendar asks for from first to last; null where it knows nothing of that time. */
  readonly expected: number | null;
  readonly missing: number | null;
  /** Bars of a time the calendar does not cover: nothing can be said of what is missing there. */
  readonly uncovered: number;
  /** Daily and weekly bars of days and weeks without a session. */
  readonly offSession: number;
  /** Open times of the first ten. */
  readonly offSessionExamples: readonly EpochMs[];
  readonly gaps: number;
  /** The first ten. */
  readonly gapExamples: readonly Gap[];
  /** Bars whose four prices equal the close before: an outage rather than a market. */
  readonly flat: RunTally;
  readonly zeroVolume: RunTally;
  /** Both at once: nobody traded. */
  readonly outages: RunTally;
  readonly outliers: number;
  readonly repaired: number;
  readonly revised: number;
  /** Bars that break a rule of `bar-rules`, the grid of the timeframe, or the order of time. */
  readonly broken: number;
  /** The first ten. */
  readonly brokenExamples: readonly BrokenBar[];
}

interface SeriesKind {
  readonly timeframe: Timeframe;
  readonly calendar: CalendarId;
  /** Open times of bars that came and were set aside; they count as neither there nor missing. */
  readonly setAside?: ReadonlySet<EpochMs>;
}

/** Measures a series in one pass over its pages, without allocating for ordinary bars. */
export class SeriesQualityMeter {
  readonly #continuity: Continuity;
  readonly #barMs: number;
  /** Only bars of whole days can be on a wrong one: shorter ones may be of extended hours. */
  readonly #watchesDays: boolean;
  readonly #watchesCoverage: boolean;
  readonly #flat = new RunCounter();
  readonly #zeroVolume = new RunCounter();
  readonly #outages = new RunCounter();
  readonly #gapExamples: Gap[] = [];
  readonly #brokenExamples: BrokenBar[] = [];
  readonly #offSessionExamples: EpochMs[] = [];
  #bars = 0;
  #uncovered = 0;
  #offSession = 0;
  #gaps = 0;
  #missing = 0;
  #outliers = 0;
  #repaired = 0;
  #revised = 0;
  #broken = 0;
  #firstOpen: EpochMs | null = null;
  #lastOpen: EpochMs | null = null;
  /** Open time of the bar that may come next without a word; NaN where the last one was off grid. */
  #expectedOpen: EpochMs = Number.NaN;
  #lastClose = Number.NaN;

  constructor({ calendar, ...kind }: SeriesKind) {
    this.#continuity = { ...kind, calendar: tradingCalendar(calendar) };
    this.#barMs = timeframeMs(kind.timeframe);
    this.#watchesCoverage = calendar === 'us';
    this.#watchesDays = calendar === 'us' && this.#barMs >= DAY_MS;
  }

  /** Takes the next page of the series. */
  add(page: BarPage): void {
    for (let at = 0; at < page.length; at += BAR_STRIDE) this.#addBar(page, at);
  }

  /** The ledger of everything added so far. */
  quality(): SeriesQuality {
    const expected = this.#expected();
    return {
      bars: this.#bars,
      firstOpen: this.#firstOpen,
      lastOpen: this.#lastOpen,
      expected,
      missing: expected === null ? null : this.#missing,
      uncovered: this.#continuity.calendar.id === 'unknown' ? this.#bars : this.#uncovered,
      offSession: this.#offSession,
      offSessionExamples: [...this.#offSessionExamples],
      gaps: this.#gaps,
      gapExamples: [...this.#gapExamples],
      flat: this.#flat.tally(),
      zeroVolume: this.#zeroVolume.tally(),
      outages: this.#outages.tally(),
      outliers: this.#outliers,
      repaired: this.#repaired,
      revised: this.#revised,
      broken: this.#broken,
      brokenExamples: [...this.#brokenExamples],
    };
  }

  #addBar(page: BarPage, at: number): void {
    const openTime = page[at] ?? Number.NaN;
    const close = page[at + 4] ?? Number.NaN;
    if (openTime !== this.#expectedOpen) this.#checkTime(page, at, openTime);
    this.#expectedOpen += this.#barMs;
    if (this.#watchesCoverage) this.#checkSession(openTime);
    const rule = brokenRule(page, at);
    if (rule !== null) this.#break(page, at, rule);
    const flags = page[at + 6] ?? 0;
    this.#countFlags(flags);
    const isFlat = page[at + 2] === page[at + 3] && close === this.#lastClose;
    const isSilent = page[at + 5] === 0;
    this.#flat.next(isFlat, openTime, close);
    this.#zeroVolume.next(isSilent, openTime, close);
    // What stands in for an outage is on record as a repair: it is no defect any more.
    const isRepaired = (flags & BAR_FLAGS.repaired) !== 0;
    this.#outages.next(isFlat && isSilent && !isRepaired, openTime, close);
    this.#bars += 1;
    this.#firstOpen ??= openTime;
    this.#lastOpen = openTime;
    this.#lastClose = close;
  }

  #checkTime(page: BarPage, at: number, openTime: EpochMs): void {
    const { timeframe } = this.#continuity;
    this.#expectedOpen = openTime;
    if (misalignmentMs(openTime, timeframe) !== 0) {
      this.#expectedOpen = Number.NaN;
      const expected = `an open time on the ${timeframe} grid`;
      this.#break(page, at, { rule: 'alignment', expected });
    }
    if (this.#lastOpen === null) return;
    if (openTime <= this.#lastOpen) {
      this.#break(page, at, { rule: 'time-order', expected: 'ascending open times' });
    }
    const gap = gapBetween(this.#lastOpen, openTime, this.#continuity);
    if (gap === null) return;
    this.#gaps += 1;
    this.#missing += gap.missing;
    if (this.#gapExamples.length < EXAMPLES_MAX) this.#gapExamples.push(gap);
  }

  #checkSession(openTime: EpochMs): void {
    const { calendar, timeframe } = this.#continuity;
    if (!calendar.covers(openTime)) {
      this.#uncovered += 1;
      return;
    }
    if (!this.#watchesDays || calendar.nextOpen(timeframe, openTime) === openTime) return;
    this.#offSession += 1;
    if (this.#offSessionExamples.length < EXAMPLES_MAX) this.#offSessionExamples.push(openTime);
  }

  #break(
    page: BarPage,
    at: number,
    { rule, expected }: Pick<BrokenBar, 'rule' | 'expected'>,
  ): void {
    this.#broken += 1;
    if (this.#brokenExamples.length >= EXAMPLES_MAX) return;
    const [openTime = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = page.subarray(at);
    this.#brokenExamples.push({ openTime, rule, expected, open, high, low, close, volume });
  }

  #countFlags(flags: number): void {
    if (flags === 0) return;
    if ((flags & BAR_FLAGS.outlier) !== 0) this.#outliers += 1;
    if ((flags & BAR_FLAGS.repaired) !== 0) this.#repaired += 1;
    if ((flags & BAR_FLAGS.revised) !== 0) this.#revised += 1;
  }

  /** What was set aside is not asked for. */
  #expected(): number | null {
    const { calendar, timeframe, setAside } = this.#continuity;
    const [first, last] = [this.#firstOpen, this.#lastOpen];
    if (first === null || last === null) return 0;
    if (calendar.id === 'unknown' || this.#uncovered === this.#bars) return null;
    const asked = calendar.countBars(timeframe, first, last + 1);
    let aside = 0;
    for (const time of setAside ?? []) {
      if (time > first && time < last) aside += calendar.countBars(timeframe, time, time + 1);
    }
    return asked - aside;
  }
}
