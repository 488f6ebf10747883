import { createHash } from 'node:crypto';

/** An id in the form of Alpaca's that a word decides. */
export function uuidOf(word: string): string {
  const hex = createHash('sha256').update(word).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}
