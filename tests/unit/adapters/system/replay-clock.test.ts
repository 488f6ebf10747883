import { describe, expect, it } from 'vitest';
import { ReplayClock } from '../../../../src/adapters/system/replay-clock.ts';
import { InvariantError } from '../../../../src/core/errors.ts';

describe('ReplayClock', () => {
  it('stands still until it is moved', () => {
    const clock = new ReplayClock(5);
    expect(clock.now()).toBe(5);
    clock.advance(5);
    clock.advance(7);
    expect(clock.now()).toBe(7);
  });

  it('refuses to go back, and stays where it was', () => {
    const clock = new ReplayClock(5);
    expect(() => clock.advance(4)).toThrow(InvariantError);
    expect(clock.now()).toBe(5);
  });
});
