import { randomBytes } from 'node:crypto';

const NONCE_BYTES = 20;

/** A text that was never given before, on whatever machine. */
export function randomNonce(): string {
  return randomBytes(NONCE_BYTES).toString('hex');
}
