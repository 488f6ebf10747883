import { AsyncLocalStorage } from 'node:async_hooks';
import type { EpochMs } from '../../core/time.ts';

/** The last answer to one call, as it came. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** By the venue's clock, to the second; null where it did not say. */
  readonly date: EpochMs | null;
  /** How long it asked to be left alone; null where it named no time. */
  readonly retryAfterMs: number | null;
}

/** Which of a venue's allowances a call draws on: none of them waits for the others. */
export const LANES = ['read', 'create', 'cancel'] as const;
export type Lane = (typeof LANES)[number];

export interface CallScope {
  readonly signal: AbortSignal;
  readonly lane: Lane;
  answer: Answer | null;
  /** Something may have left this machine. */
  isSent: boolean;
}

/** Ties requests to the call they are made for: ccxt hands nothing from the one to the other. */
export type CallScopes = AsyncLocalStorage<CallScope>;

/**
 * One for the whole process: with every further storage that was ever used, each promise of the
 * process costs more, for ever.
 */
export const CALL_SCOPES: CallScopes = new AsyncLocalStorage();

export function createScope(signal: AbortSignal, lane: Lane): CallScope {
  return { signal, lane, answer: null, isSent: false };
}
