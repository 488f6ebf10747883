import { BAR_FLAGS } from '../../core/bar.ts';
import { DataError, InvariantError } from '../../core/errors.ts';
import type {
  BarRow,
  DataIssue,
  SavedBars,
  SeriesKey,
  SeriesWrite,
} from '../../ports/bar-store.ts';
import { AddedBars } from './added-bars.ts';
import { refusalOf } from './bar-refusal.ts';
import type { BarRevisions } from './bar-revisions.ts';
import type { Database } from './database.ts';

type Values = readonly [open: number, high: number, low: number, close: number, volume: number];

type StoredBar = Omit<BarRow, 'openTime'>;

interface WrittenBars extends SavedBars {
  /** One for each bar that was there already with other values, where those are no revision. */
  readonly conflicts: readonly DataIssue[];
}

/** Bars of one write that were there already. */
interface KnownBars {
  unchanged: number;
  revised: number;
  /** New to the record and no matter of a repair. */
  differing: number;
  /** What the first of them is. */
  difference: string;
  readonly conflicts: DataIssue[];
}

/** Rule under which the refused values of a bar that is stored already are kept on record. */
const CONFLICT_RULE = 'conflicting-bar';

/** Bars that may differ before it is asked whether they are of the same market at all. */
const CONFLICTS_MIN = 10;
/** Share of the bars known already that a vendor may have revised. */
const CONFLICT_SHARE_MAX = 0.05;

/** Adds bars to `market_data`. Its caller holds the write transaction. */
export class BarWriter {
  readonly #revisions: BarRevisions;
  readonly #insert;
  readonly #find;
  readonly #added: AddedBars;

  constructor(database: Database, revisions: BarRevisions) {
    this.#revisions = revisions;
    this.#insert = database.prepare<
      [number, number, number, number, number, number, number, number]
    >('INSERT INTO market_data VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.#find = database.prepare<[number, number], StoredBar>(
      `SELECT open, high, low, close, volume, flags FROM market_data
       WHERE series_id = ? AND open_time = ?`,
    );
    this.#added = new AddedBars(database);
  }

  /**
   * Adds the bars that are not there yet; the values of a stored bar never change. Throws a
   * `DataError` on a bar that is none (NaN, infinite, low above open, …).
   */
  write(seriesId: number, write: SeriesWrite): WrittenBars {
    const insert = this.#insert;
    const known: KnownBars = {
      unchanged: 0,
      revised: 0,
      differing: 0,
      difference: '',
      conflicts: [],
    };
    let inserted = 0;
    let first = Infinity;
    let last = -Infinity;
    for (const bar of write.bars) {
      const { openTime, open, high, low, close, volume, flags } = bar;
      let changes: number;
      try {
        changes = insert.run(seriesId, openTime, open, high, low, close, volume, flags).changes;
      } catch (error) {
        throw refusalOf(bar, write.key, error);
      }
      if (changes === 1) {
        inserted++;
        if (openTime < first) first = openTime;
        if (openTime > last) last = openTime;
      } else this.#meet(seriesId, bar, write, known);
    }
    refuseOtherMarket(write.key, known);
    this.#added.account(seriesId, inserted, first, last);
    const { unchanged, revised, conflicts } = known;
    return { inserted, unchanged, revised, conflicting: conflicts.length, conflicts };
  }

  /** A bar where one is stored already. Flags are findings about a bar, not part of it. */
  #meet(seriesId: number, bar: BarRow, write: SeriesWrite, known: KnownBars): void {
    const stored = this.#find.get(seriesId, bar.openTime);
    if (stored === undefined) throw new InvariantError(`a stored bar was expected, was none`);
    const offeredValues = valuesOf(bar);
    const storedValues = valuesOf(stored);
    if (offeredValues.every((value, index) => value === storedValues[index])) {
      known.unchanged++;
      const wasRevised = (stored.flags & BAR_FLAGS.revised) !== 0;
      if (wasRevised && write.onConflict === 'revise')
        this.#revisions.confirm(seriesId, bar, write);
      return;
    }
    const isRepaired = (stored.flags & BAR_FLAGS.repaired) !== 0;
    if (isRepaired || write.onConflict === 'revise') {
      const isNew = this.#revisions.add(seriesId, bar, write);
      if (isNew) known.revised++;
      else known.unchanged++;
      if (!isNew || isRepaired) return;
    }
    const detail =
      `stored open,high,low,close,volume ${storedValues.join(',')}; ` +
      `refused ${offeredValues.join(',')}`;
    if (known.differing === 0) known.difference = detail;
    known.differing++;
    if (write.onConflict === 'revise') return;
    const { openTime } = bar;
    known.conflicts.push({ openTime, rule: CONFLICT_RULE, detail, quarantined: true });
  }
}

function valuesOf({ open, high, low, close, volume }: StoredBar): Values {
  return [open, high, low, close, volume];
}

/** Bars of another symbol, exchange or adjustment would continue the series with their prices. */
function refuseOtherMarket(
  { exchange, symbol, timeframe }: SeriesKey,
  { differing, unchanged, difference }: KnownBars,
): void {
  const known = differing + unchanged;
  if (differing <= CONFLICTS_MIN || differing <= CONFLICT_SHARE_MAX * known) return;
  throw new DataError(
    `bars of ${exchange} ${symbol} ${timeframe} were expected, were others: ` +
      `${differing} of ${known} that are stored already differ (${difference}); ` +
      'name the right --symbol, or another --exchange; nothing was stored',
  );
}
