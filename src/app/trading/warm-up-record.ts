import { createHash, type Hash } from 'node:crypto';
import type { Bar, Slice } from '../../core/bar.ts';
import { toExactJson } from '../../core/exact-json.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Feed, FeedSink } from '../../ports/feed.ts';

/** The bars of one symbol that a session was warmed up with. */
export interface WarmUpSpan {
  readonly symbol: SymbolName;
  /** Open times of the first and the last of them. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly bars: number;
  /** Over their values: whether they are still the same later. */
  readonly sha256: string;
}

/** Takes down which bars were handed out before trading began, without keeping them. */
export class WarmUpRecord {
  readonly #spans = new Map<
    SymbolName,
    { first: EpochMs; last: EpochMs; bars: number; hash: Hash }
  >();

  observe({ bars }: Slice): void {
    for (const bar of bars) this.#add(bar);
  }

  spans(): readonly WarmUpSpan[] {
    return [...this.#spans]
      .map(([symbol, { first, last, bars, hash }]) => {
        return { symbol, first, last, bars, sha256: hash.copy().digest('hex') };
      })
      .sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
  }

  #add(bar: Bar): void {
    const span = this.#spans.get(bar.symbol) ?? {
      first: bar.openTime,
      last: bar.openTime,
      bars: 0,
      hash: createHash('sha256'),
    };
    span.last = bar.openTime;
    span.bars++;
    const { openTime, open, high, low, close, volume } = bar;
    span.hash.update(toExactJson([openTime, open, high, low, close, volume]));
    this.#spans.set(bar.symbol, span);
  }
}

/** A feed whose warm-up is taken down, and told once it is over. */
export function recordingWarmUp(feed: Feed, told: (spans: readonly WarmUpSpan[]) => void): Feed {
  return {
    async run(sink: FeedSink, signal: AbortSignal): Promise<void> {
      const record = new WarmUpRecord();
      let isOver = false;
      const over = (): void => {
        if (!isOver) told(record.spans());
        isOver = true;
      };
      await feed.run(
        {
          warmUp: (slice) => {
            record.observe(slice);
            sink.warmUp(slice);
          },
          trade: (slice) => {
            over();
            sink.trade(slice);
          },
          catchUp: (slice) => {
            over();
            sink.catchUp(slice);
          },
        },
        signal,
      );
      over();
    },
  };
}
