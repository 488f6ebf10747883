import type { ExchangeError } from '../../src/core/errors.ts';
import type { Instrument } from '../../src/core/instrument.ts';
import { timeframeMs, type EpochMs, type TimeSpan } from '../../src/core/time.ts';
import type {
  BarSource,
  BarUpdate,
  SourceBar,
  SourcePage,
  SourceSeries,
} from '../../src/ports/bar-source.ts';
import { listedInstrument } from './listed-source.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A bar, and from when on the venue shows it. */
export interface PublishedBar {
  readonly symbol: string;
  readonly bar: SourceBar;
  readonly at: EpochMs;
  /** What the venue says of it later. */
  readonly revised?: { readonly at: EpochMs; readonly bar: SourceBar };
}

interface Watcher {
  readonly series: readonly SourceSeries[];
  readonly onUpdate: (update: BarUpdate) => void;
  readonly cut: (error: Error) => void;
}

/** A venue in virtual time: its bars appear when a test says, its answers take their time. */
export class LiveMarket implements BarSource {
  readonly exchange = 'listed';
  readonly timeframes = ['1m', '1h', '1d'] as const;
  readonly pageBars: number;
  watch: BarSource['watch'] = null;
  /** By how much its clock is ahead. */
  aheadMs = 0;
  asked = 0;
  /** How long the next answer takes. */
  latencyMs: (symbol: string) => number = () => 50;
  /** What the next answer is instead of an honest one; null for an honest one. */
  fault: (symbol: string) => ExchangeError | null = () => null;
  /** What becomes of an honest answer on its way. */
  distort: (bars: readonly SourceBar[]) => readonly SourceBar[] = (bars) => bars;
  readonly watchers = new Set<Watcher>();
  readonly #bars = new Map<string, PublishedBar[]>();
  readonly #time: VirtualTime;

  constructor(time: VirtualTime, bars: readonly PublishedBar[] = [], pageBars = 300) {
    this.#time = time;
    this.pageBars = pageBars;
    for (const bar of bars) this.publish(bar);
  }

  publish(bar: PublishedBar): void {
    const list = this.#bars.get(bar.symbol) ?? [];
    this.#bars.set(bar.symbol, list);
    list.push(bar);
  }

  /** Candles are streamed from the next time a stream is opened. */
  stream(): void {
    this.watch = (series, onUpdate, signal) =>
      new Promise((resolve, reject) => {
        const watcher = { series, onUpdate, cut: reject };
        this.watchers.add(watcher);
        signal.addEventListener('abort', () => {
          this.watchers.delete(watcher);
          resolve();
        });
      });
  }

  say(symbol: string, bar: SourceBar): void {
    for (const { series, onUpdate } of this.watchers) {
      for (const each of series) if (each.symbol === symbol) onUpdate({ ...each, bar });
    }
  }

  async serverTime(signal: AbortSignal): Promise<EpochMs> {
    const asked = this.#time.time;
    await this.#answer('', signal);
    return Math.round((asked + this.#time.time) / 2) + this.aheadMs;
  }

  async instrument(symbol: string): Promise<Instrument> {
    return listedInstrument(symbol);
  }

  async page(series: SourceSeries, span: TimeSpan, signal: AbortSignal): Promise<SourcePage> {
    await this.#answer(series.symbol, signal);
    const now = this.#time.time + this.aheadMs;
    const shown = (this.#bars.get(series.symbol) ?? [])
      .filter(({ at, bar }) => at <= now && bar.openTime >= span.from && bar.openTime < span.to)
      .map(({ bar, revised }) => (revised !== undefined && revised.at <= now ? revised.bar : bar))
      .sort((one, other) => one.openTime - other.openTime);
    const bars = shown.slice(0, this.pageBars);
    const last = bars.at(-1)?.openTime ?? 0;
    const isCut = bars.length < shown.length;
    const completeTo = isCut ? last + timeframeMs(series.timeframe) : span.to;
    return { bars: this.distort(bars), completeTo };
  }

  async close(): Promise<void> {}

  async #answer(symbol: string, signal: AbortSignal): Promise<void> {
    this.asked += 1;
    const fault = this.fault(symbol);
    await this.#time.wait(this.latencyMs(symbol), signal);
    signal.throwIfAborted();
    if (fault !== null) throw fault;
  }
}
