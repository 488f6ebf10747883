import { describe, expect, it } from 'vitest';
import { decideRetry, RETRY_WAITS } from '../../../src/data/retry-policy.ts';

const POLICY = { ...RETRY_WAITS, retries: 8 };
const NEVER_MORE = () => 0.999_999;

function decide(tries: number, retryAfterMs: number | null = null, random = NEVER_MORE) {
  return decideRetry(POLICY, { tries, retryAfterMs }, random);
}

describe('decideRetry', () => {
  it('doubles the longest wait with every try, up to a minute', () => {
    const waits = [1, 2, 3, 4, 7, 8].map((tries) => decide(tries));
    expect(waits).toEqual(
      [1000, 2000, 4000, 8000, 60_000, 60_000].map((ms) => ({ kind: 'wait', ms })),
    );
  });

  it('waits any share of it, so that clients spread', () => {
    expect(decide(3, null, () => 0)).toEqual({ kind: 'wait', ms: 0 });
    expect(decide(3, null, () => 0.5)).toEqual({ kind: 'wait', ms: 2000 });
  });

  it('waits never less than the venue asked for', () => {
    expect(decide(1, 30_000, () => 0)).toEqual({ kind: 'wait', ms: 30_000 });
    expect(decide(1, 30_000)).toEqual({ kind: 'wait', ms: 31_000 });
  });

  it('gives up at once on a ban of more than five minutes', () => {
    expect(decide(1, 300_000).kind).toBe('wait');
    expect(decide(1, 300_001)).toEqual({ kind: 'banned', ms: 300_001 });
  });

  it('gives up after the first try and the retries', () => {
    expect([decide(8).kind, decide(9).kind]).toEqual(['wait', 'exhausted']);
  });
});
