import { describe, expect, it } from 'vitest';
import { SYSTEM_CLOCK } from '../../../../src/adapters/system/system-clock.ts';
import { SYSTEM_TIMER } from '../../../../src/adapters/system/system-timer.ts';

describe('SYSTEM_TIMER', () => {
  it('waits as long as it is told', async () => {
    const started = SYSTEM_CLOCK.now();
    await SYSTEM_TIMER.wait(20, new AbortController().signal);
    expect(SYSTEM_CLOCK.now() - started).toBeGreaterThanOrEqual(19);
  });

  it('ends a wait when the signal aborts, before it or within', async () => {
    const abort = new AbortController();
    const waiting = SYSTEM_TIMER.wait(1e9, abort.signal);
    abort.abort();
    await expect(waiting).resolves.toBeUndefined();
    await expect(SYSTEM_TIMER.wait(1e9, abort.signal)).resolves.toBeUndefined();
  });

  it('takes a wait that is longer than any timer for a long one, not for none', async () => {
    const abort = new AbortController();
    let isOver = false;
    const waiting = SYSTEM_TIMER.wait(1e12, abort.signal).then(() => (isOver = true));
    await SYSTEM_TIMER.wait(20, new AbortController().signal);
    expect(isOver).toBe(false);
    abort.abort();
    await waiting;
  });
});
