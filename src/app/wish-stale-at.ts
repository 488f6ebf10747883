import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Signal } from '../core/signal.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import type { TradingCalendar } from '../core/trading-calendar.ts';
import { patienceMs, staleAt } from '../data/collect/follow-schedule.ts';

interface WishTerms {
  readonly strategies: readonly { readonly id: StrategyId; readonly timeframe: Timeframe }[];
  readonly calendarOf: (symbol: SymbolName) => TradingCalendar;
  /** How long after the close of a bar entries are decided on it; null: as long as bars may be due. */
  readonly staleAfterMs: number | null;
}

/**
 * When the bar of a wish is as old as data may be that entries are decided on; long ago where the
 * strategy is none of this session's any more.
 */
export function wishStaleAt(
  { strategy, symbol, barOpenTime }: Signal,
  { strategies, calendarOf, staleAfterMs }: WishTerms,
): EpochMs {
  const timeframe = strategies.find(({ id }) => id === strategy)?.timeframe;
  if (timeframe === undefined) return -Infinity;
  const series = { timeframe, calendar: calendarOf(symbol) };
  return staleAt(barOpenTime, series, staleAfterMs ?? patienceMs(timeframe)) ?? Infinity;
}
