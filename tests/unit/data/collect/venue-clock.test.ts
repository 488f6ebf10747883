import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../../src/core/time.ts';
import { VenueClock } from '../../../../src/data/collect/venue-clock.ts';
import { KeptLog } from '../../../support/kept-log.ts';
import { ManualClock } from '../../../support/manual-time.ts';
import { VirtualTime } from '../../../support/virtual-time.ts';

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
  it('is as early as the round trip allows, its offset half of that off', async () => {
    const { clock, venueClock: time } = venueClock(-5000, 200);
    await time.measure(OPEN);
    expect(time.now()).toBe(clock.now() - 5000 - 200);
    expect(time.offsetMs).toBe(-5000);
  });

  it('is this machine’s until it was measured', () => {
    const { clock, venueClock: time } = venueClock(7000);
    expect([time.now(), time.offsetMs, time.dueAt]).toEqual([clock.now(), 0, -Infinity]);
  });

  it('asks once for all who ask at once', async () => {
    const { venue, venueClock: time } = venueClock(0);
    await Promise.all([time.measure(OPEN), time.measure(OPEN), time.measure(OPEN)]);
    expect(venue.asked).toBe(1);
  });

  it.each([9, -9, 50])(
    'goes on steadily while this machine is set by %i minutes',
    async (minutes) => {
      const steady = new VirtualTime(100 * MINUTE_MS);
      const logger = new KeptLog();
      let asked = 0;
      const source = {
        exchange: 'x',
        serverTime: async () => {
          asked += 1;
          return steady.time;
        },
      };
      const time = new VenueClock({ source, clock: steady, logger });
      await time.measure(OPEN);
      expect(time.dueAt).toBe(110 * MINUTE_MS);
      steady.time += MINUTE_MS;
      steady.clockErrorMs = minutes * MINUTE_MS;
      expect(time.now()).toBe(101 * MINUTE_MS);
      expect(time.offsetMs).toBe(-minutes * MINUTE_MS);
      expect(time.dueAt, 'a jump is reason to ask again').toBe(-Infinity);
      await time.measure(OPEN);
      expect([asked, time.now()]).toEqual([2, 101 * MINUTE_MS]);
    },
  );

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
