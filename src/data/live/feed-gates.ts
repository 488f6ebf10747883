import type { GateChange } from '../../core/operator.ts';
import { formatTime, timeframeMs, type EpochMs } from '../../core/time.ts';
import type { Logger } from '../../ports/logger.ts';
import type { VenueParts } from '../collect/series-collector.ts';
import type { SavedPage } from '../collect/series-writer.ts';
import type { FeedSeries } from './feed-series.ts';
import { GateKeeper } from './gate-keeper.ts';

interface FeedGatesParts {
  readonly venue: Pick<VenueParts, 'clock' | 'source'>;
  readonly series: readonly FeedSeries[];
  readonly settings: { readonly requestValidityMs: number };
  readonly logger: Logger;
  readonly onGate: (change: GateChange) => void;
}

/** Keeps entries away while data are old, refused or missing, or the clock is off. */
export class FeedGates {
  readonly #parts: FeedGatesParts;
  readonly #gates: GateKeeper;
  readonly #doubtful = new Set<FeedSeries>();

  constructor(parts: FeedGatesParts) {
    this.#parts = parts;
    this.#gates = new GateKeeper((change, isChange) => {
      const { gate, symbol, reason } = change;
      if (reason !== null) parts.logger.warn({ gate, symbol, reason }, 'entries are kept away');
      else if (isChange) parts.logger.info({ gate, symbol }, 'entries are let through again');
      parts.onGate(change);
    });
  }

  /** Closes and opens what is to be; gives the time at which to look again. */
  watch(): EpochMs {
    const { series, venue, settings } = this.#parts;
    const now = venue.clock.now();
    const { offsetMs } = venue.clock;
    const isOff = Math.abs(offsetMs) > settings.requestValidityMs / 2;
    this.#gates.set('clock', null, isOff ? this.#clockReason(offsetMs) : null);
    let next = Infinity;
    for (const each of series) {
      const { key } = each.followed.collector;
      const staleAt = each.staleAt ?? Infinity;
      this.#gates.set('stale-data', key.symbol, this.#reasonOf(each, now > staleAt));
      if (staleAt >= now) next = Math.min(next, staleAt + 1);
    }
    return next;
  }

  /** Says once of a series that too many of its bars are bad, and of every gap that there is one. */
  judge(series: FeedSeries, { gaps }: SavedPage): void {
    const { logger } = this.#parts;
    const { key, tally } = series.followed.collector;
    if (gaps > 0) logger.warn({ ...key, gaps }, 'bars are missing: the exchange has none there');
    if (!tally.isDoubtful) {
      this.#doubtful.delete(series);
      return;
    }
    if (this.#doubtful.has(series)) return;
    this.#doubtful.add(series);
    const fields = { ...key, bad: tally.quarantined, good: tally.bars };
    logger.error(fields, 'more than one bar in a hundred is bad: they are set aside');
  }

  #clockReason(offsetMs: number): string {
    const { exchange } = this.#parts.venue.source;
    const seconds = (offsetMs / 1000).toFixed(1);
    return `the clock of ${exchange} is ${seconds} s ahead of this machine's; set this one`;
  }

  #reasonOf(series: FeedSeries, isStale: boolean): string | null {
    const { refusal, collector } = series.followed;
    if (refusal !== null) return `the exchange gives no bars: ${refusal}`;
    if (!isStale) return null;
    const { symbol, timeframe } = collector.key;
    const { lastOpen } = collector;
    if (lastOpen === null) return `there is no bar of ${symbol} ${timeframe}`;
    const closed = formatTime(lastOpen + timeframeMs(timeframe));
    return `the last bar of ${symbol} ${timeframe} closed at ${closed}`;
  }
}
