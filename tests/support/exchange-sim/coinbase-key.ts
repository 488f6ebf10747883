import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import * as z from 'zod';
import type { EpochMs } from '../../../src/core/time.ts';

const header = z.object({ alg: z.literal('ES256'), kid: z.string() });
const claims = z.object({
  sub: z.string(),
  nbf: z.number(),
  exp: z.number(),
  uri: z.string(),
});

/** A key as the Coinbase Developer Platform hands it out: a name, and a private key as SEC1 PEM. */
export function coinbaseKey(): { readonly apiKey: string; readonly secret: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = String(privateKey.export({ type: 'sec1', format: 'pem' }));
  return { apiKey: 'organizations/canary-org/apiKeys/canary-coinbase-key', secret };
}

/** How far ahead the clock of whoever signs may be. */
const LEEWAY_S = 10;

/** Reads tokens that a key signed. */
export class TokenCheck {
  readonly #apiKey: string;
  readonly #publicKey;

  constructor({ apiKey, secret }: { readonly apiKey: string; readonly secret: string }) {
    this.#apiKey = apiKey;
    this.#publicKey = createPublicKey(secret);
  }

  /** Whether an authorization was signed by the key, for this request, and holds at this time. */
  isGood(authorization: string, [method, path]: readonly [string, string], now: EpochMs): boolean {
    const [head = '', body = '', signature = ''] = authorization.replace(/^Bearer /, '').split('.');
    const { data: named } = header.safeParse(decoded(head));
    const { data: claimed } = claims.safeParse(decoded(body));
    if (named?.kid !== this.#apiKey || claimed?.sub !== this.#apiKey) return false;
    const seconds = now / 1000;
    if (claimed.nbf > seconds + LEEWAY_S || claimed.exp < seconds) return false;
    if (!claimed.uri.startsWith(`${method} `) || !claimed.uri.endsWith(path)) return false;
    const key = { key: this.#publicKey, dsaEncoding: 'ieee-p1363' } as const;
    const signed = Buffer.from(`${head}.${body}`);
    return verify('sha256', signed, key, Buffer.from(signature, 'base64url'));
  }
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
