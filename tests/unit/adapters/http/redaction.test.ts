import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactor } from '../../../../src/adapters/http/redaction.ts';

const SECRET = 'canary+secret/0123456789==';
const PEM =
  '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEICanaryCanaryCanary\nAwEHoUQDQgAEcanary0123456\n-----END EC PRIVATE KEY-----';

describe('redaction by value', () => {
  it.each([
    ['as it is', SECRET],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ['in JSON', JSON.stringify({ key: SECRET })],
  ])('takes a secret out %s', (_how, text) => {
    const clean = redactor([SECRET])(`before ${text} after`);
    expect(clean).toMatch(/^before .*\*\*\*.* after$/);
    for (const part of ['canary', 'Y2FuYXJ5']) expect(clean).not.toContain(part);
  });

  it('takes every line of a key of several lines out, however it is folded', () => {
    const folded = PEM.replaceAll('\n', '\\n');
    for (const given of [PEM, folded]) {
      const redact = redactor([given]);
      for (const text of [PEM, folded, JSON.stringify({ key: PEM }), ...PEM.split('\n')]) {
        expect(redact(text).toLowerCase()).not.toContain('canary');
      }
    }
  });

  it('leaves nothing of any secret in any text', () => {
    const secret = string({ minLength: 8, maxLength: 40 });
    assert(
      property(secret, string(), string(), (value, before, after) => {
        const clean = redactor([value])(`${before}${value}${after}`);
        return value.includes('***') || clean.includes('***');
      }),
    );
  });

  it('changes no text without secrets', () => {
    assert(property(string(), (text) => redactor([])(text) === text));
    expect(redactor([SECRET])('nothing to hide')).toBe('nothing to hide');
  });
});
