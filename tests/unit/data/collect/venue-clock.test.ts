import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../../src/core/time.ts';
import { VenueClock } from '../../../../src/data/collect/venue-clock.ts';
import { KeptLog } from '../../../support/kept-log.ts';
import { ManualClock } from '../../../support/manual-time.ts';

const OPEN = new AbortController().signal;

/** A venue that is so much ahead, and so slow in either direction. */
function venueClock(aheadMs: number, delayMs = 0) {
  const clock = new ManualClock(100 * MINUTE_MS);
  const logger = new KeptLog();
  const venue = { aheadMs, asked: 0 };
  const source = {
    exchange: 'x',
    serverTime: async () => {
      venue.asked += 1;
      clock.time += delayMs;
      const time = clock.time + venue.aheadMs;
      clock.time += delayMs;
      return time;
    },
  };
  return { clock, logger, venue, venueClock: new VenueClock({ source, clock, logger }) };
}

describe('VenueClock', () => {
  it('takes half of the round trip off', async () => {
    const { clock, venueClock: time } = venueClock(-5000, 200);
    await time.measure(OPEN);
    expect(time.now()).toBe(clock.now() - 5000);
  });

  it('is measured again after ten minutes, not before', async () => {
    const { clock, venue, venueClock: time } = venueClock(0);
    await time.measure(OPEN);
    clock.time += 10 * MINUTE_MS - 1;
    await time.measure(OPEN);
    expect(venue.asked).toBe(1);
    clock.time += 1;
    venue.aheadMs = 700;
    await time.measure(OPEN);
    expect([venue.asked, time.now() - clock.now()]).toEqual([2, 700]);
  });

  it('is measured again when this machine was set back', async () => {
    const { clock, venue, venueClock: time } = venueClock(0);
    await time.measure(OPEN);
    clock.time -= 60 * MINUTE_MS;
    venue.aheadMs = 60 * MINUTE_MS;
    await time.measure(OPEN);
    expect(time.now() - clock.now()).toBe(60 * MINUTE_MS);
  });

  it('warns once of an offset above one second', async () => {
    const { clock, logger, venue, venueClock: time } = venueClock(1000);
    await time.measure(OPEN);
    expect(logger.warnings).toEqual([]);
    for (const _ of [1, 2]) {
      clock.time += 10 * MINUTE_MS;
      venue.aheadMs = -1001;
      await time.measure(OPEN);
    }
    expect(logger.warnings).toEqual([{ exchange: 'x', offsetMs: -1001 }]);
  });
});
