import { describe, expect, it } from 'vitest';
import {
  recordingWarmUp,
  WarmUpRecord,
  type WarmUpSpan,
} from '../../../../src/app/trading/warm-up-record.ts';
import type { Feed, FeedSink } from '../../../../src/ports/feed.ts';
import { hourBar, sliceOf, START } from '../../../support/bars.ts';

const NEVER = new AbortController().signal;
const bar = (index: number, close = 100, symbol = 'BTC/USD') => hourBar(index, { close, symbol });

function spansOf(...closes: readonly number[]): readonly WarmUpSpan[] {
  const record = new WarmUpRecord();
  for (const [index, close] of closes.entries()) record.observe(sliceOf(bar(index, close)));
  return record.spans();
}

describe('the record of a warm-up', () => {
  it('holds for each symbol where it began and ended, and how many bars there were', () => {
    const record = new WarmUpRecord();
    record.observe(sliceOf(bar(0), bar(0, 5, 'ETH/USD')));
    record.observe(sliceOf(bar(1)));
    record.observe(sliceOf(bar(3)));
    expect(record.spans()).toMatchObject([
      { symbol: 'BTC/USD', first: START, last: START + 3 * 3_600_000, bars: 3 },
      { symbol: 'ETH/USD', first: START, last: START, bars: 1 },
    ]);
  });

  it('tells any other bar from the one it saw', () => {
    const [same] = spansOf(100, 101, 102);
    expect(spansOf(100, 101, 102)[0]).toEqual(same);
    expect(spansOf(100, 101.0000001, 102)[0]?.sha256).not.toBe(same?.sha256);
    expect(spansOf(100, 101)[0]?.sha256).not.toBe(same?.sha256);
  });

  it.each(['trade', 'catchUp'] as const)('is told once, just before the first %s', async (how) => {
    const log: string[] = [];
    const feed: Feed = {
      run: async (sink) => {
        sink.warmUp(sliceOf(bar(0)));
        sink.warmUp(sliceOf(bar(1)));
        sink[how](sliceOf(bar(2)));
        sink[how](sliceOf(bar(3)));
      },
    };
    const sink: FeedSink = {
      warmUp: () => log.push('warm up'),
      trade: () => log.push('trade'),
      catchUp: () => log.push('catchUp'),
    };
    const told = (spans: readonly WarmUpSpan[]) => log.push(`told ${spans[0]?.bars ?? 0}`);
    await recordingWarmUp(feed, told).run(sink, NEVER);
    expect(log).toEqual(['warm up', 'warm up', 'told 2', how, how]);
  });
});
