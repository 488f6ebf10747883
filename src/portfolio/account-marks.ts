import type { Slice } from '../core/bar.ts';
import type { EquityMark } from '../core/equity.ts';
import type { SymbolName } from '../core/instrument.ts';
import { utcDayClosedBy, type EpochMs } from '../core/time.ts';
import type { Ledger } from './ledger.ts';

interface Holding {
  readonly symbol: SymbolName;
  /** Negative for shorts. */
  readonly quantity: number;
}

/** The marks to go on from; what is held is the ledger's to say. */
export interface MarksSnapshot {
  readonly prices: readonly (readonly [symbol: SymbolName, price: number])[];
  readonly equity: number;
  readonly marked: number;
  readonly peak: number;
  readonly dayOpening: number;
  readonly day: EpochMs | null;
  readonly markedAt: EpochMs | null;
}

/** Marks the account to market with doubles: equity, its peak, and where the UTC day opened. */
export class AccountMarks {
  readonly #ledger: Ledger;
  readonly #prices: Map<SymbolName, number>;
  #holdings: readonly Holding[] = [];
  #cash: number;
  #equity: number;
  /** Equity of the last mark; fills since then are not in it. */
  #marked: number;
  #peak: number;
  #dayOpening: number;
  #day: EpochMs | null = null;
  #markedAt: EpochMs | null = null;

  constructor(ledger: Ledger, restored: MarksSnapshot | null = null) {
    this.#ledger = ledger;
    this.#prices = new Map(restored?.prices ?? []);
    this.#cash = ledger.cash.toNumber();
    this.#equity = this.#cash;
    this.#marked = this.#cash;
    this.#peak = this.#cash;
    this.#dayOpening = this.#cash;
    if (restored === null) return;
    this.sync();
    this.#equity = restored.equity;
    this.#marked = restored.marked;
    this.#peak = restored.peak;
    this.#dayOpening = restored.dayOpening;
    this.#day = restored.day;
    this.#markedAt = restored.markedAt;
  }

  get equity(): number {
    return this.#equity;
  }

  get peak(): number {
    return this.#peak;
  }

  get dayOpening(): number {
    return this.#dayOpening;
  }

  get markedAt(): EpochMs | null {
    return this.#markedAt;
  }

  lastPrice(symbol: SymbolName): number | null {
    return this.#prices.get(symbol) ?? null;
  }

  /** Takes over what the ledger holds after a fill; prices stay those of the last close. */
  sync(): void {
    const holdings: Holding[] = [];
    for (const position of this.#ledger.openPositions()) {
      const quantity = position.quantity.toNumber();
      holdings.push({
        symbol: position.symbol,
        quantity: position.side === 'long' ? quantity : -quantity,
      });
    }
    this.#holdings = holdings;
    this.#cash = this.#ledger.cash.toNumber();
    this.#equity = this.#cash + this.#value();
  }

  /** Learns closes without marking: before the trading period. */
  observe(slice: Slice): void {
    for (const bar of slice.bars) this.#prices.set(bar.symbol, bar.close);
  }

  mark(slice: Slice): EquityMark {
    this.observe(slice);
    return this.markAt(slice.closeTime);
  }

  /** A mark at the prices known already. */
  markAt(time: EpochMs): EquityMark {
    this.#openDay(time);
    let exposure = 0;
    let value = 0;
    for (const { symbol, quantity } of this.#holdings) {
      const worth = quantity * (this.#prices.get(symbol) ?? Number.NaN);
      value += worth;
      exposure += Math.abs(worth);
    }
    const equity = this.#cash + value;
    this.#equity = equity;
    if (equity > this.#peak) this.#peak = equity;
    this.#marked = equity;
    this.#markedAt = time;
    const drawdown = (this.#peak - equity) / this.#peak;
    return { time, equity, cash: this.#cash, exposure, peak: this.#peak, drawdown };
  }

  snapshot(): MarksSnapshot {
    return {
      prices: [...this.#prices],
      equity: this.#equity,
      marked: this.#marked,
      peak: this.#peak,
      dayOpening: this.#dayOpening,
      day: this.#day,
      markedAt: this.#markedAt,
    };
  }

  /**
   * A day opens with the last mark of the days before. The mark at midnight still belongs to the
   * day that ends there: what was lost until then is that day's loss.
   */
  #openDay(time: EpochMs): void {
    const day = utcDayClosedBy(time);
    if (day === this.#day) return;
    if (this.#day !== null) this.#dayOpening = this.#marked;
    this.#day = day;
  }

  #value(): number {
    let value = 0;
    for (const { symbol, quantity } of this.#holdings) {
      value += quantity * (this.#prices.get(symbol) ?? Number.NaN);
    }
    return value;
  }
}
