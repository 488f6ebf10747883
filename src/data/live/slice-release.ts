import type { Slice } from '../../core/bar.ts';
import { type EpochMs, type Timeframe } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FeedSink } from '../../ports/feed.ts';
import { closedEndAt } from '../collect/collect-plan.ts';
import type { FeedSeries } from './feed-series.ts';
import { SliceLine } from './slice-line.ts';

/** Slices between two breaths of the event loop. */
const SLICES_PER_TURN = 256;

const NONE: ReadonlySet<FeedSeries> = new Set();

interface SliceReleaseParts {
  readonly series: readonly FeedSeries[];
  readonly timeframe: Timeframe;
  /** The venue's. */
  readonly clock: Clock;
  readonly graceMs: number;
  /** How long a slice waits for the bars that others have already. */
  readonly stragglerMs: number;
  /** A slice that closed longer ago is not decided on. */
  readonly staleAfterMs: number;
}

/**
 * Decides when a slice leaves, and how. Not before its close and the grace after it; then once all
 * bars that are to be expected are there, or the wait for stragglers is over, counted from when the
 * first of its bars came. Only the newest slice is traded, and only while it is young.
 */
export class SliceRelease {
  readonly #parts: SliceReleaseParts;
  readonly #line: SliceLine;
  #from: EpochMs = Infinity;
  #handedTo: EpochMs = -Infinity;

  constructor(parts: SliceReleaseParts) {
    this.#parts = parts;
    this.#line = new SliceLine(parts.series);
  }

  /** Slices that close by then only warm up. */
  begin(from: EpochMs): void {
    this.#from = from;
  }

  /** Bars up to one of that close time were stored. */
  arrived(closeTime: EpochMs): void {
    this.#line.arrived(closeTime, this.#parts.clock.now());
  }

  /** Hands out what is ready; gives the time at which to look again. */
  release(sink: FeedSink): EpochMs {
    const { clock, graceMs } = this.#parts;
    for (let slices = 0; slices < SLICES_PER_TURN; slices += 1) {
      const now = clock.now();
      const held = this.#held(now);
      const heldUntil = Math.min(...[...held].map((each) => each.heldUntil));
      const closeTime = this.#line.nextClose(held);
      if (closeTime === null) return heldUntil;
      const dueAt = closeTime + graceMs;
      const readyAt = dueAt > now ? dueAt : this.#readyAt(closeTime, now);
      if (readyAt > now) return Math.min(readyAt, heldUntil);
      this.#hand(sink, this.#line.take(closeTime, held), now);
    }
    return -Infinity;
  }

  /** Series whose next bar follows bars that the venue is still to be asked for. */
  #held(now: EpochMs): ReadonlySet<FeedSeries> {
    const held = new Set(this.#parts.series.filter((each) => each.isHeld(now)));
    for (const { followed, queue } of held) {
      const dueAt = (queue.peek()?.closeTime ?? Infinity) + this.#parts.graceMs;
      if (dueAt <= now && followed.askedAt < dueAt) followed.pollSoon(now);
    }
    return held;
  }

  /** When a slice that is due may leave, unless what it waits for comes before. */
  #readyAt(closeTime: EpochMs, now: EpochMs): EpochMs {
    if (closeTime <= this.#from || closeTime <= this.#handedTo) return now;
    const { series, timeframe, graceMs, stragglerMs } = this.#parts;
    const dueAt = closeTime + graceMs;
    const deadline = Math.max(dueAt, this.#line.seenAt(closeTime)) + stragglerMs;
    if (deadline <= now) return now;
    const isBehind = closeTime < closedEndAt(now, timeframe, graceMs);
    const doneTo = Math.max(this.#handedTo, this.#from);
    const slice = { closeTime, doneTo, dueAt, isBehind, now };
    const awaited = series.filter((each) => each.isAwaited(slice));
    for (const { followed } of awaited) if (followed.askedAt < dueAt) followed.pollSoon(now);
    return awaited.length > 0 ? deadline : now;
  }

  #hand(sink: FeedSink, slice: Slice, now: EpochMs): void {
    const { closeTime, bars } = slice;
    const isLate = closeTime <= this.#handedTo;
    if (!isLate) this.#handedTo = closeTime;
    if (this.#handedTo <= this.#from) sink.warmUp(slice);
    else if (isLate) sink.catchUp({ closeTime: this.#handedTo, bars });
    else if (this.#isFresh(closeTime, now)) sink.trade(slice);
    else sink.catchUp(slice);
  }

  /** Young enough to decide on, and nothing newer is there. */
  #isFresh(closeTime: EpochMs, now: EpochMs): boolean {
    const { graceMs, staleAfterMs } = this.#parts;
    const next = this.#line.nextClose(NONE);
    const isNewest = next === null || next + graceMs > now;
    return isNewest && now - closeTime <= staleAfterMs;
  }
}
