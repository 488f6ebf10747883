import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { hour, hourly } from '../collect/listed-venue.ts';
import { FeedStage } from './feed-stage.ts';

/** A year takes a minute or two; in every run of the tests it is three weeks. */
const HOURS = Number(process.env['SOAK_HOURS'] ?? 500);

setFlagsFromString('--expose-gc');

describe('a feed that runs for long', () => {
  it('keeps nothing but what it needs, asks seldom and leaves no timer behind', async () => {
    const stage = new FeedStage({ now: hour(100) + MINUTE_MS });
    const asked = { bars: 0, clock: 0 };
    let heapBefore = 0;
    let pendingMost = 0;
    stage.market.fault = (symbol) => {
      if (symbol === '') asked.clock += 1;
      else asked.bars += 1;
      pendingMost = Math.max(pendingMost, stage.time.pending);
      return null;
    };
    stage.publish('BTC/USD', 0, 100);
    for (let index = 100; index < 100 + HOURS; index += 1) {
      stage.time.at(hour(index + 1), () => {
        stage.market.publish({ symbol: 'BTC/USD', bar: hourly(index), at: hour(index + 1) });
        if (index === 200) heapBefore = heapUsed();
      });
    }
    const planned = stage.time.pending;
    await stage.run(hour(100 + HOURS) + MINUTE_MS);
    const heapAfter = heapUsed();
    expect(stage.handed.filter(({ kind }) => kind === 'trade')).toHaveLength(HOURS);
    expect(stage.time.pending).toBe(0);
    expect(pendingMost - planned, 'waits of the feed at one time').toBeLessThan(5);
    expect(asked.bars).toBeLessThanOrEqual(HOURS + 3);
    expect(asked.clock).toBeLessThanOrEqual(6 * HOURS + 3);
    expect(stage.time.waits / HOURS, 'waits an hour').toBeLessThan(30);
    const perHour = (heapAfter - heapBefore) / (HOURS - 100);
    expect(perHour, 'bytes an hour, the test’s own records included').toBeLessThan(4000);
    expect(stage.handed.at(-1)?.openTime).toBe(hour(100 + HOURS) - HOUR_MS);
  }, 600_000);
});

function heapUsed(): number {
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed;
}
