import type { Slice } from '../core/bar.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';
import { SeriesQualityMeter } from '../data/series-quality.ts';
import type { BarPage, BarStore, Series } from '../ports/bar-store.ts';
import type { RoundTrip } from '../reporting/round-trips.ts';
import type { BacktestPlan } from './backtest-plan.ts';

type PageStore = Pick<BarStore, 'pages' | 'openTimeBefore'>;

/** Measures the bars of a backtest while they are read, and which trades touched flagged ones. */
export class DataQuality {
  /** The store with a meter on its pages. */
  readonly store: PageStore;
  readonly #meters: ReadonlyMap<number, SeriesQualityMeter>;
  /** Open times of flagged bars by symbol, ascending. */
  readonly #flagged = new Map<SymbolName, EpochMs[]>();

  constructor({ series }: Pick<BacktestPlan, 'series'>, store: PageStore) {
    this.#meters = new Map(series.map((each) => [each.id, meterOf(each)]));
    this.store = {
      pages: (id, from, to) => this.#metered(id, store.pages(id, from, to)),
      openTimeBefore: (id, time, count) => store.openTimeBefore(id, time, count),
    };
  }

  /** Takes note of flagged bars. */
  readonly observe = ({ bars }: Slice): void => {
    for (const { flags, symbol, openTime } of bars) {
      if (flags === 0) continue;
      const times = this.#flagged.get(symbol);
      if (times === undefined) this.#flagged.set(symbol, [openTime]);
      else times.push(openTime);
    }
  };

  /** Counts over all series, by the names of the report. */
  summary(trades: readonly RoundTrip[]): Readonly<Record<string, number>> {
    const ledgers = [...this.#meters.values()].map((meter) => meter.quality());
    const sum = (pick: (ledger: (typeof ledgers)[number]) => number) =>
      ledgers.reduce((total, ledger) => total + pick(ledger), 0);
    return {
      missing_bars: sum(({ missing }) => missing ?? 0),
      gaps: sum(({ gaps }) => gaps),
      outliers: sum(({ outliers }) => outliers),
      repaired_bars: sum(({ repaired }) => repaired),
      flat_bars: sum(({ flat }) => flat.bars),
      zero_volume_bars: sum(({ zeroVolume }) => zeroVolume.bars),
      trades_on_flagged_bars: trades.filter((trade) => this.#touches(trade)).length,
    };
  }

  *#metered(id: number, pages: Iterable<BarPage>): Iterable<BarPage> {
    const meter = this.#meters.get(id);
    for (const page of pages) {
      meter?.add(page);
      yield page;
    }
  }

  #touches({ symbol, entryTime, exitTime }: RoundTrip): boolean {
    const times = this.#flagged.get(symbol) ?? [];
    const next = times[firstNotBefore(times, entryTime)];
    return next !== undefined && next <= exitTime;
  }
}

/** Index of the first of the ascending times that is not before `time`; their number when none. */
function firstNotBefore(times: readonly EpochMs[], time: EpochMs): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function meterOf({ timeframe, calendar }: Series): SeriesQualityMeter {
  return new SeriesQualityMeter({ timeframe, calendar });
}
