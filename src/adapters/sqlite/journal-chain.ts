import { createHash } from 'node:crypto';
import type { StoredEvent } from './journal-codec.ts';

/**
 * What the first link of a journal hangs on: SHA-256 over the run's id and its configuration's hash,
 * a line each. All hashes are lower-case hexadecimal, all texts UTF-8.
 */
export function firstHash(runId: string, configHash: string): string {
  return sha256(`${runId}\n${configHash}`);
}

/**
 * The hash of a link: SHA-256 over the hash before it, the run's id, number, time, type, number of
 * the cause (empty where there is none) and payload, a line each. None of them holds a line break.
 */
export function linkHash(before: string, runId: string, link: StoredEvent): string {
  const { seq, ts, type, causedBy, payload } = link;
  return sha256(`${before}\n${runId}\n${seq}\n${ts}\n${type}\n${causedBy ?? ''}\n${payload}`);
}

/** The hash of an engine's state: binds it to the last link it knows. */
export function stateHash(
  runId: string,
  head: { readonly seq: number; readonly hash: string },
  saved: { readonly savedAt: number; readonly state: string },
): string {
  return sha256(`${head.hash}\n${runId}\n${head.seq}\n${saved.savedAt}\n${saved.state}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
