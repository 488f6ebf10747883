import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../../support/exchange-sim/virtual-time.ts';

const NEVER = new AbortController().signal;

describe('virtual time', () => {
  it('runs events in the order of their times, and of asking where these are the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 })), async (waits) => {
        const time = new VirtualTime(1_000);
        const seen: { readonly at: number; readonly nth: number }[] = [];
        for (const [nth, ms] of waits.entries()) {
          time.after(ms, () => seen.push({ at: time.now() - 1_000, nth }));
        }
        await time.runUntil(1_020);
        const wanted = waits.map((at, nth) => ({ at, nth }));
        expect(seen).toEqual(wanted.sort((one, other) => one.at - other.at || one.nth - other.nth));
        expect(time.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('stands still while promises have something to do', async () => {
    const time = new VirtualTime(0);
    const seen: string[] = [];
    const chain = async (): Promise<void> => {
      for (let n = 0; n < 50; n += 1) await Promise.resolve();
      seen.push(`chain at ${time.now()}`);
    };
    time.after(5, () => void chain());
    time.after(6, () => seen.push(`event at ${time.now()}`));
    await time.runUntil(10);
    expect(seen).toEqual(['chain at 5', 'event at 6']);
    expect(time.now()).toBe(10);
  });

  it('ends a wait at its time, or at once where its signal aborts', async () => {
    const time = new VirtualTime(0);
    const stop = new AbortController();
    const seen: number[] = [];
    void time.wait(100, stop.signal).then(() => seen.push(time.now()));
    void time.wait(30, NEVER).then(() => seen.push(time.now()));
    time.after(50, () => stop.abort());
    await time.runUntil(200);
    expect(seen).toEqual([30, 50]);
    expect(time.pending).toBe(0);
    await time.wait(10, stop.signal);
    expect(time.now()).toBe(200);
  });

  it('passes until a promise settles, and no further', async () => {
    const time = new VirtualTime(0);
    time.after(1_000, () => undefined);
    const work = time.wait(70, NEVER).then(() => time.wait(7, NEVER));
    await time.settle(work);
    expect(time.now()).toBe(77);
    const failing = time.wait(3, NEVER).then(() => Promise.reject(new Error('as it should')));
    await expect(time.settle(failing)).rejects.toThrow('as it should');
    expect(time.now()).toBe(80);
  });

  it('says so when nothing is left that could settle a promise', async () => {
    const time = new VirtualTime(0);
    const never = new Promise(() => undefined);
    await expect(time.settle(never)).rejects.toThrow('no event is left');
  });

  it('stands still while this machine is busy to do that a promise waits for', async () => {
    const time = new VirtualTime(0);
    const reading = readFile(import.meta.filename).then(() => time.wait(5, NEVER));
    await time.settle(reading);
    expect(time.now()).toBe(5);
  });

  it('runs nothing that was called off', async () => {
    const time = new VirtualTime(0);
    const seen: number[] = [];
    const callOff = time.after(5, () => seen.push(5));
    time.after(3, callOff);
    await time.runUntil(10);
    expect(seen).toEqual([]);
  });

  it('stands still while something of this machine is under way', async () => {
    const time = new VirtualTime(0);
    const real = time.standingStill(readFile(import.meta.filename));
    let doneAt = -1;
    void real.then(() => (doneAt = time.now()));
    time.after(1_000, () => undefined);
    await time.runUntil(5_000);
    expect(doneAt).toBe(0);
    expect(time.now()).toBe(5_000);
  });
});
