import { describe, expect, it } from 'vitest';
import { randomNonce } from '../../../../src/adapters/system/random-nonce.ts';

describe('a random nonce', () => {
  it('is another each time, 160 bits long', () => {
    const nonces = Array.from({ length: 1_000 }, randomNonce);
    expect(new Set(nonces).size).toBe(1_000);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{40}$/);
  });
});
