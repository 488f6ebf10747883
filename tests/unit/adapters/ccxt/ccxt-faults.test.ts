import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeFault } from '../../../../src/adapters/ccxt/ccxt-faults.ts';
import { redactor } from '../../../../src/adapters/http/redaction.ts';

const KEY = 'canary+secret/of=several+letters==';
const PART = 8;

function parts(text: string): readonly string[] {
  return Array.from({ length: text.length - PART + 1 }, (_, at) => text.slice(at, at + PART));
}

function told(words: string): string {
  const body = JSON.stringify({ code: -1, msg: words });
  const answer = { status: 400, body, date: null, retryAfterMs: null };
  return exchangeFault('binance', 'an answer', new Error('refused'), answer).message;
}

describe('what is told of the words of an exchange', () => {
  it('holds no part of a key that it repeats, wherever these words are cut off', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.constantFrom(KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64')),
        (length, spelling) => {
          const clean = redactor([KEY])(told(`${'no '.repeat(length / 3)}${spelling} ${spelling}`));
          expect(parts(spelling).filter((part) => clean.includes(part))).toEqual([]);
        },
      ),
    );
  });

  it('are as they were where they are short', () => {
    expect(told('Account has insufficient balance.')).toContain(
      'saying "Account has insufficient balance."',
    );
  });

  it('are cut off between two words where they are long', () => {
    expect(told('seven words of a very long sentence '.repeat(10))).toMatch(/ …"/);
  });
});
