import { ExchangeError } from '../../core/errors.ts';
import { formatTime, timeframeMs, type EpochMs, type TimeSpan } from '../../core/time.ts';
import type { BarSource, SourceBar } from '../../ports/bar-source.ts';
import type { BarPage, BarRow, Series } from '../../ports/bar-store.ts';
import { cleanPage } from '../collect/clean-page.ts';
import { restatedBar } from '../collect/restated-bar.ts';
import type { Retrier } from '../collect/retrier.ts';
import { missingOpens, type Filling, type Hole, type SeriesGrid } from './holes.ts';

interface RefetcherParts {
  readonly source: Pick<BarSource, 'exchange' | 'timeframes' | 'pageBars' | 'page'>;
  readonly retrier: Pick<Retrier, 'call'>;
}

interface RefetchTarget {
  readonly series: Series;
  readonly grid: SeriesGrid;
  readonly holes: readonly Hole[];
  /** The stored bars of a span. */
  readonly stored: (span: TimeSpan) => Iterable<BarPage>;
}

export interface Refetched {
  readonly fillings: readonly Filling[];
  /** Bars that were sent and are none. */
  readonly setAside: number;
}

/** Asks a venue once more for what is missing of a series. */
export class Refetcher {
  readonly #parts: RefetcherParts;

  constructor(parts: RefetcherParts) {
    this.#parts = parts;
  }

  /**
   * What the venue has of each hole. Throws an `ExchangeError` where it gives no answer for good,
   * and what the signal gives as its reason once it aborts.
   */
  async refill(target: RefetchTarget, signal: AbortSignal): Promise<Refetched> {
    const { exchange, timeframes } = this.#parts.source;
    const { series, holes } = target;
    if (!timeframes.includes(series.timeframe)) {
      return none(holes, `${exchange} serves no ${series.timeframe} bars`);
    }
    const found = new Map<EpochMs, BarRow>();
    let setAside = 0;
    for (const span of this.#spansOf(target)) {
      const sent = await this.#ask(series, span, signal);
      if (series.adjustment !== 'raw' && restatedBar(sent, target.stored(span)) !== null) {
        const reason = `${exchange} has restated the past since: its prices are no longer of a kind`;
        return none(holes, reason);
      }
      const { table, issues } = cleanPage(sent, { timeframe: series.timeframe, span });
      for (const bar of table.rows()) found.set(bar.openTime, bar);
      setAside += issues.length;
    }
    const fillings = holes.map((hole) => fillingOf(hole, target.grid, found, exchange));
    return { fillings, setAside };
  }

  /**
   * What to ask for: holes that fit into one page together are asked for together, each with the
   * stored bar after it, so that a restatement of prices shows.
   */
  #spansOf({ series, holes }: RefetchTarget): readonly TimeSpan[] {
    const step = timeframeMs(series.timeframe);
    const pageMs = this.#parts.source.pageBars * step;
    const spans: TimeSpan[] = [];
    for (const { from, to } of holes) {
      const last = spans.at(-1);
      const end = to + step;
      if (last !== undefined && end - last.from <= pageMs) {
        spans[spans.length - 1] = { from: last.from, to: end };
      } else spans.push({ from, to: end });
    }
    return spans;
  }

  async #ask(series: Series, { from, to }: TimeSpan, signal: AbortSignal): Promise<SourceBar[]> {
    const { source, retrier } = this.#parts;
    const bars: SourceBar[] = [];
    for (let at = from; at < to;) {
      const span = { from: at, to };
      const page = await retrier.call(async () => {
        signal.throwIfAborted();
        const answer = await source.page(series, span, signal);
        if (answer.completeTo > span.from) return answer;
        throw new ExchangeError(
          `${source.exchange}: bars from ${formatTime(span.from)} on were expected, was a page ` +
            'that ends before them',
          { kind: 'bad-response' },
        );
      }, signal);
      bars.push(...page.bars);
      at = page.completeTo;
    }
    return bars;
  }
}

function fillingOf(
  hole: Hole,
  grid: SeriesGrid,
  found: ReadonlyMap<EpochMs, BarRow>,
  exchange: string,
): Filling {
  const bars = missingOpens(hole, grid).flatMap((openTime) => found.get(openTime) ?? []);
  const isWhole = bars.length === hole.missing;
  return { hole, bars, left: isWhole ? null : `${exchange} has no bars there either` };
}

function none(holes: readonly Hole[], left: string): Refetched {
  return { fillings: holes.map((hole) => ({ hole, bars: [], left })), setAside: 0 };
}
