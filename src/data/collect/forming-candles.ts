import { timeframeMs } from '../../core/time.ts';
import type { EpochMs, Timeframe } from '../../core/time.ts';
import type { BarUpdate, SourceBar, SourceSeries } from '../../ports/bar-source.ts';
import { patienceMs } from './follow-schedule.ts';

export interface FinishedCandle extends SourceSeries {
  readonly bar: SourceBar;
}

interface Stream {
  readonly series: SourceSeries;
  /** When anything was last heard of it, by the venue's clock. */
  heardAt: EpochMs;
  /** The candle that forms; null when none was seen since the last one was taken. */
  forming: SourceBar | null;
  /** Open time of the last candle taken: an update to it is too late. */
  taken: EpochMs;
}

/**
 * Candles of a stream until they are finished. A candle is taken for finished when its successor
 * appears, or when its close and the grace after it have passed.
 */
export class FormingCandles {
  readonly #graceMs: number;
  readonly #streams: ReadonlyMap<string, Stream>;

  constructor(series: readonly SourceSeries[], graceMs: number, now: EpochMs) {
    this.#graceMs = graceMs;
    this.#streams = new Map(
      series.map(({ symbol, timeframe }) => [
        nameOf({ symbol, timeframe }),
        { series: { symbol, timeframe }, heardAt: now, forming: null, taken: -Infinity },
      ]),
    );
  }

  /** The candle that an update finishes: the one before it; null for most updates. */
  update({ symbol, timeframe, bar }: BarUpdate, now: EpochMs): FinishedCandle | null {
    const stream = this.#streams.get(nameOf({ symbol, timeframe }));
    if (stream === undefined || !(bar.openTime > stream.taken)) return null;
    // Nothing has begun that opens in the future: it would end the candle that forms.
    if (bar.openTime > now + this.#graceMs) return null;
    const { forming } = stream;
    if (forming !== null && bar.openTime < forming.openTime) return null;
    stream.heardAt = now;
    stream.forming = bar;
    if (forming === null || forming.openTime === bar.openTime) return null;
    return finish(stream, forming);
  }

  /** Candles whose time is over though no successor has come. */
  due(now: EpochMs): readonly FinishedCandle[] {
    return [...this.#streams.values()].flatMap((stream) => {
      const { forming } = stream;
      if (forming === null || now < this.#dueAt(forming, stream.series.timeframe)) return [];
      stream.forming = null;
      return [finish(stream, forming)];
    });
  }

  /** When to look again: the next candle falls due, or a silence becomes too long. */
  nextDueAt(): EpochMs {
    return Math.min(
      ...[...this.#streams.values()].map(({ series, forming, heardAt }) => {
        const { timeframe } = series;
        const silentAt = heardAt + patienceMs(timeframe) + 1;
        return forming === null ? silentAt : Math.min(silentAt, this.#dueAt(forming, timeframe));
      }),
    );
  }

  /** The series of which nothing, or nothing new, has been heard for too long; null for none. */
  silent(now: EpochMs): SourceSeries | null {
    for (const { series, heardAt } of this.#streams.values()) {
      if (now - heardAt > patienceMs(series.timeframe)) return series;
    }
    return null;
  }

  #dueAt({ openTime }: SourceBar, timeframe: Timeframe): EpochMs {
    return openTime + timeframeMs(timeframe) + this.#graceMs;
  }
}

function finish(stream: Stream, bar: SourceBar): FinishedCandle {
  stream.taken = bar.openTime;
  return { ...stream.series, bar };
}

function nameOf({ symbol, timeframe }: SourceSeries): string {
  return `${symbol} ${timeframe}`;
}
