import { DataError } from '../core/errors.ts';
import { formatTime, misalignmentMs, timeframeMs, type EpochMs } from '../core/time.ts';
import { PriceCarrier } from '../data/carried-prices.ts';
import { ratioText, splitDetectorFor, type Split, type SplitDetector } from '../data/splits.ts';
import { BAR_STRIDE, type BarPage, type Series } from '../ports/bar-store.ts';
import type { HostedStrategy } from '../strategies/strategy-runner.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import { barReader, type BarReader } from './readable-series.ts';
import { warmupBarsOf } from './warmup-bars.ts';

type SplitPlan = Pick<BacktestPlan, 'series' | 'splits' | 'timeframe' | 'start' | 'end'> & {
  readonly strategies: readonly HostedStrategy[];
};

interface MetSplit {
  readonly series: Series;
  readonly split: Split;
}

/**
 * Finds splits in the raw prices that a backtest reads, while it reads them, and does with them what
 * the plan says. Prices that are carried on are those of the first bar's shares: a holder's wealth
 * moves as it did, no order has to be changed, and what was before a split never depends on it.
 * Where bars are built from shorter ones, those are looked at: a split in the middle of a week would
 * leave a bar half in old shares and half in new ones.
 */
export class SplitTreatment {
  /** What a run reads: bars with the splits in them treated, built where they are to be built. */
  readonly store: BarReader;
  readonly #plan: SplitPlan;
  readonly #stored: BarReader;
  readonly #found: MetSplit[] = [];

  constructor(plan: SplitPlan, stored: BarReader) {
    this.#plan = plan;
    this.#stored = stored;
    const treated = barReader(
      {
        pages: (id, from, to) => this.#pages(id, from, to),
        openTimeBefore: (id, time, count) => stored.openTimeBefore(id, time, count),
      },
      plan.series,
    );
    const untreated = barReader(stored, plan.series);
    this.store = {
      pages: (id, from, to) => treated.pages(id, from, to),
      // Looking for a time meets no split.
      openTimeBefore: (id, time, count) => untreated.openTimeBefore(id, time, count),
    };
  }

  /** Throws a `DataError` that names the splits where the plan refuses them. Reads all bars. */
  refuse(): void {
    if (this.#plan.splits !== 'refuse') return;
    const { series, strategies, start } = this.#plan;
    const end = lastCloseOf(this.#plan);
    const found = series.flatMap((each) => {
      const first = this.store.openTimeBefore(each.id, start, warmupBarsOf(strategies));
      return this.#search(each.builtFrom ?? each, Math.min(first ?? start, start), end);
    });
    if (found.length === 0) return;
    throw new DataError(
      `prices without splits were expected, there ${found.length === 1 ? 'is' : 'are'} ` +
        `${found.join(', ')}; carry prices on across them with --set data.splits=adjust, or trade ` +
        'them as price moves with --set data.splits=trade',
    );
  }

  /** Their number, by the name of the report; empty where there are none. */
  summary(): Readonly<Record<string, number>> {
    return this.#found.length === 0 ? {} : { splits: this.#found.length };
  }

  /** What a report says of the splits that were met, in the order of time. */
  notes(): readonly string[] {
    const found = this.#found.toSorted((a, b) => a.split.openTime - b.split.openTime);
    if (found.length === 0) return [];
    if (this.#plan.splits === 'trade') {
      const named = found.map(({ series, split }) => nameOf(series, split));
      return [`splits traded as price moves: ${named.join(', ')}`];
    }
    return found.map(
      ({ series, split }) =>
        `${series.symbol}: split ${ratioText(split)} on ${dateOf(split)} found in raw prices; ` +
        'prices carried on across it',
    );
  }

  #pages(id: number, from: EpochMs, to: EpochMs): Iterable<BarPage> {
    const pages = this.#stored.pages(id, from, to);
    const read = this.#plan.series.find((each) => each.id === id);
    if (read === undefined) return pages;
    const series = read.builtFrom ?? read;
    const detector = this.#detectorAt(series, from);
    return detector === null ? pages : this.#treated(pages, series, detector);
  }

  *#treated(
    pages: Iterable<BarPage>,
    series: Series,
    detector: SplitDetector,
  ): Generator<BarPage, void, undefined> {
    const carrier = new PriceCarrier();
    for (const page of pages) {
      const treated = page.slice();
      for (let at = 0; at < page.length; at += BAR_STRIDE) {
        const split = detector.next(page, at);
        if (split !== null) this.#meet({ series, split }, carrier);
        carrier.write(treated, at);
      }
      yield treated;
    }
  }

  #meet(met: MetSplit, carrier: PriceCarrier): void {
    if (met.split.openTime < lastCloseOf(this.#plan)) this.#found.push(met);
    if (this.#plan.splits === 'adjust') carrier.cross(met.split);
  }

  #search(series: Series, from: EpochMs, to: EpochMs): readonly string[] {
    const detector = this.#detectorAt(series, from);
    if (detector === null) return [];
    const found: string[] = [];
    for (const page of this.#stored.pages(series.id, from, to)) {
      for (let at = 0; at < page.length; at += BAR_STRIDE) {
        const split = detector.next(page, at);
        if (split !== null) found.push(nameOf(series, split));
      }
    }
    return found;
  }

  /** A detector that has seen the bars before `from`; null for series that show no splits. */
  #detectorAt(series: Series, from: EpochMs): SplitDetector | null {
    const detector = splitDetectorFor(series);
    if (detector === null) return null;
    const stored = this.#stored;
    const first = stored.openTimeBefore(series.id, from, detector.windowBars) ?? from;
    for (const page of stored.pages(series.id, Math.min(first, from), from)) {
      for (let at = 0; at < page.length; at += BAR_STRIDE) detector.next(page, at);
    }
    return detector;
  }
}

/** End of the last bar that may be handed out: building reads on until that one is over. */
function lastCloseOf({ end, timeframe }: Pick<BacktestPlan, 'end' | 'timeframe'>): EpochMs {
  const begun = misalignmentMs(end, timeframe);
  return begun === 0 ? end : end - begun + timeframeMs(timeframe);
}

function nameOf({ symbol }: Series, split: Split): string {
  return `${symbol} ${ratioText(split)} on ${dateOf(split)}`;
}

function dateOf({ openTime }: Split): string {
  return formatTime(openTime).slice(0, 10);
}
