import { describe, expect, it } from 'vitest';
import { credentialsFrom } from '../../../../../src/adapters/ccxt/account/credentials.ts';
import { redactor } from '../../../../../src/adapters/http/redaction.ts';
import { ConfigError } from '../../../../../src/core/errors.ts';

const NAMES = { apiKey: 'COINBASE_API_KEY', secret: 'COINBASE_API_SECRET' } as const;
const PEM = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIAbCdEfGhIjKl\n-----END EC PRIVATE KEY-----';

function keysFrom(secret: string | null, apiKey: string | null = 'organizations/a/apiKeys/b') {
  return credentialsFrom('coinbase', NAMES, (name) => (name === NAMES.secret ? secret : apiKey));
}

describe('keys from the environment', () => {
  it('of several lines are mended where these stand in one', () => {
    expect(keysFrom(`${PEM.replaceAll('\n', '\\n')}\\n`)).toEqual({
      apiKey: 'organizations/a/apiKeys/b',
      secret: PEM,
    });
    expect(keysFrom(PEM).secret).toBe(PEM);
  });

  it('are taken as they are otherwise', () => {
    expect(keysFrom('c2VjcmV0+/==').secret).toBe('c2VjcmV0+/==');
  });

  it.each([
    ['not set', null],
    ['not set', ''],
    ['text with spaces or odd characters', 'two words'],
    ['text with spaces or odd characters', 'umläut'],
    ['text with spaces or odd characters', 'line\nbreak'],
  ])('that are %s are asked for by name, and never shown', (what, value) => {
    const work = () => keysFrom(value);
    expect(work).toThrow(ConfigError);
    expect(work).toThrow(
      `coinbase: a key was expected in COINBASE_API_SECRET, was ${what}; set COINBASE_API_KEY and ` +
        'COINBASE_API_SECRET in the environment or in .env',
    );
    expect(work).not.toThrow(value === null || value === '' ? 'undefined' : value);
  });
});

describe('a text that a secret is taken out of', () => {
  const secret = 'tR0ub4/dor+3=';
  const redact = redactor([secret, PEM, '']);

  it.each([
    ['as it is', secret],
    ['in an address', encodeURIComponent(secret)],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 for addresses', Buffer.from(secret).toString('base64url')],
    ['of several lines', PEM],
    ['of several lines in JSON', JSON.stringify(PEM).slice(1, -1)],
    ['of which one line is told', 'MHcCAQEEIAbCdEfGhIjKl'],
  ])('has it no more %s', (_, spelling) => {
    expect(redact(`before ${spelling} after`)).toBe('before *** after');
  });

  it('is otherwise as it was', () => {
    expect(redact('an order of 0.1 BTC')).toBe('an order of 0.1 BTC');
    expect(redactor([])('text')).toBe('text');
  });
});
