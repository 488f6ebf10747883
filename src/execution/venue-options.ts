import type { Decimal } from '../core/decimal.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { MarginTerms } from '../core/margin.ts';
import type { EpochMs } from '../core/time.ts';
import type { TradingCalendar } from '../core/trading-calendar.ts';
import type { DeskRules } from './fill-desk.ts';
import type { EncounterRules } from './order-encounters.ts';
import type { VenueSnapshot } from './venue-snapshot.ts';

const MARKET_FILL_TIMES = ['next_open', 'close'] as const;
export type MarketFillTime = (typeof MARKET_FILL_TIMES)[number];

const ENTRY_BAR_EXITS = ['cautious', 'at_open', 'never'] as const;
/**
 * Whether protective orders meet the bar their entry filled in: always, to the disadvantage of the
 * position where the bar leaves the truth open; where a market entry filled at the bar's open; or
 * from the next bar on.
 */
export type EntryBarExits = (typeof ENTRY_BAR_EXITS)[number];

export interface SimulatedVenueOptions extends DeskRules, EncounterRules {
  /** As they are at a time. */
  readonly instruments: (symbol: SymbolName, time: EpochMs) => Instrument;
  /** When a symbol trades: `day` orders end with its sessions. */
  readonly calendarOf: (symbol: SymbolName) => TradingCalendar;
  /** `close` fills a market order at the close it was decided on: for comparisons only. */
  readonly fillAt: MarketFillTime;
  readonly entryBarExits: EntryBarExits;
  /** Fraction of a bar's volume that fills may take; null sets no limit and ignores volume. */
  readonly maxVolumeShare: number | null;
  /** In quote currency. */
  readonly initialCash: Decimal;
  readonly margin: Omit<MarginTerms, 'maintenance'>;
  /** What a venue before this one came to, which goes on here. */
  readonly restored?: VenueSnapshot | undefined;
}
