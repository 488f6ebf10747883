import type { Bar } from '../../core/bar.ts';
import { timeframeMs, type EpochMs } from '../../core/time.ts';
import type { BarStore } from '../../ports/bar-store.ts';
import type { SessionTerms } from '../replay/session-terms.ts';
import { barsOf, slicesOf } from '../replay/warm-up-bars.ts';
import { seriesKeyOf } from '../series-key.ts';
import type { SeenBars } from './onlooker.ts';

/** The bars of one close time. */
export interface MarketSlice extends SeenBars {
  readonly closeTime: EpochMs;
}

interface Span {
  /** Close times, both included. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The bars that a backtest of these terms finds in the database, by close time. */
export function marketSlices(
  { from, to }: Span,
  terms: SessionTerms,
  store: Pick<BarStore, 'pages' | 'findSeries'>,
): readonly MarketSlice[] {
  const { timeframe, symbols, informative } = terms;
  const length = timeframeMs(timeframe);
  const source = {
    store,
    timeframe,
    seriesOf: (symbol: string) => store.findSeries(seriesKeyOf(symbol, terms)),
  };
  const bars = [...symbols, ...informative].flatMap((symbol) =>
    barsOf({ symbol, first: from - length, last: to - length }, source),
  );
  return slicesOf(bars).map(({ closeTime, bars: all }) => ({
    closeTime,
    ...parted(all, terms),
  }));
}

/** Bars that are only looked at, and bars that are traded. */
export function parted(
  bars: readonly Bar[],
  { informative }: Pick<SessionTerms, 'informative'>,
): SeenBars {
  return {
    watched: bars.filter(({ symbol }) => informative.includes(symbol)),
    traded: bars.filter(({ symbol }) => !informative.includes(symbol)),
  };
}
