import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import { clientOrderId, isOurs } from '../../../../src/execution/live/client-order-id.ts';
import { sha256 } from '../../../support/live/live-world.ts';

const idOf = (nonce: string, order: number, attempt = 1): string =>
  clientOrderId({ nonce, orderId: orderId(order), attempt }, sha256);

describe('a client order id', () => {
  it('is qs and 80 bits in base 32, so that it fits every exchange', () => {
    expect(idOf('n', 1)).toMatch(/^qs[a-z2-7]{16}$/);
    expect(isOurs(idOf('n', 1))).toBe(true);
  });

  it('is the first ten bytes of the SHA-256 of nonce and order', () => {
    // printf 'n/o1' | sha256sum | cut -c1-20 | xxd -r -p | base32, in lower case
    const bytes = Buffer.from(sha256('n/o1').slice(0, 20), 'hex');
    const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
    const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const letters = bits.match(/.{5}/g)?.map((five) => alphabet[Number.parseInt(five, 2)]) ?? [];
    expect(idOf('n', 1)).toBe(`qs${letters.join('')}`);
  });

  it('is another one for another run, order or attempt, and always the same for the same', () => {
    const ids = ['a', 'b'].flatMap((nonce) =>
      [1, 2, 11].flatMap((order) => [1, 2, 3].map((attempt) => idOf(nonce, order, attempt))),
    );
    expect(new Set(ids).size).toBe(18);
    expect(idOf('a', 11, 2)).toBe(idOf('a', 11, 2));
  });

  it('is told from those of others', () => {
    for (const other of [null, '', 'web-1', 'qs', 'qsAAAAAAAAAAAAAAAA', 'xqsaaaaaaaaaaaaaaaa']) {
      expect(isOurs(other)).toBe(false);
    }
  });
});
