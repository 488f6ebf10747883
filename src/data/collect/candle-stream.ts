import { ExchangeError } from '../../core/errors.ts';
import { formatTime, MINUTE_MS, type EpochMs } from '../../core/time.ts';
import type { BarSource, SourceSeries } from '../../ports/bar-source.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { FormingCandles, type FinishedCandle } from './forming-candles.ts';

/** How long polling alone serves after a stream broke. */
const PAUSE_MS = 5 * MINUTE_MS;

export interface CandleStreamParts {
  readonly source: Pick<BarSource, 'exchange' | 'watch'>;
  readonly series: readonly SourceSeries[];
  /** The venue's. */
  readonly clock: Clock;
  readonly graceMs: number;
  readonly logger: Logger;
  /**
   * Takes a candle only when its successor has appeared: without it nobody knows whether its last
   * state was seen.
   */
  readonly awaitsSuccessor: boolean;
  readonly onCandle: (candle: FinishedCandle) => void;
  /** The stream broke: whoever waits for it must look again. */
  readonly onBroken: () => void;
}

/** The stream of a venue, watched: a silent or broken one is given up for a while, never for ever. */
export class CandleStream {
  readonly #parts: CandleStreamParts;
  #candles: FormingCandles | null = null;
  #stop = new AbortController();
  #startAt: EpochMs = -Infinity;

  constructor(parts: CandleStreamParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#candles !== null;
  }

  /** Opens the stream when it is time to, takes candles that are over, gives up a silent one. */
  tend(): void {
    const { source, clock, awaitsSuccessor, onCandle } = this.#parts;
    if (source.watch === null) return;
    const now = clock.now();
    if (this.#candles === null) {
      if (now >= this.#startAt) this.#open(source.watch, now);
      return;
    }
    for (const candle of this.#candles.due(now)) if (!awaitsSuccessor) onCandle(candle);
    const silent = this.#candles.silent(now);
    if (silent === null) return;
    this.#giveUp(`nothing new of ${silent.symbol} ${silent.timeframe}`);
  }

  /** When `tend` has something to do; infinite where there is no stream. */
  nextDueAt(): EpochMs {
    if (this.#parts.source.watch === null) return Infinity;
    return this.#candles?.nextDueAt() ?? this.#startAt;
  }

  close(): void {
    this.#candles = null;
    this.#stop.abort();
  }

  #open(watch: NonNullable<BarSource['watch']>, now: EpochMs): void {
    const { series, graceMs, clock, onCandle, onBroken } = this.#parts;
    const candles = new FormingCandles(series, graceMs, now);
    this.#candles = candles;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const broken = (error: unknown) => {
      if (this.#candles !== candles) return;
      this.#giveUp(error instanceof ExchangeError ? error.message : String(error));
      onBroken();
    };
    const onUpdate = (update: Parameters<FormingCandles['update']>[0]) => {
      if (this.#candles !== candles) return;
      const finished = candles.update(update, clock.now());
      if (finished !== null) onCandle(finished);
    };
    watch(series, onUpdate, signal).then(() => {
      broken('it ended');
    }, broken);
  }

  #giveUp(why: string): void {
    const { source, clock, logger } = this.#parts;
    this.#candles = null;
    this.#stop.abort();
    this.#startAt = clock.now() + PAUSE_MS;
    logger.warn(
      { exchange: source.exchange, why, again: formatTime(this.#startAt) },
      'the stream of candles broke; the exchange is polled until it is tried again',
    );
  }
}
