import type { EpochMs } from '../../../src/core/time.ts';
import type { Call, Fate } from './fates.ts';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A line of the wire log. */
export interface LoggedRequest extends WireRequest {
  readonly at: EpochMs;
  readonly call: Call;
  readonly fate: Fate;
  readonly subject: Subject;
  /** Whether it reached the books. */
  isAccepted: boolean;
}

/** The order that a request is about, as far as it names one. */
export interface Subject {
  readonly clientId: string | null;
  readonly orderId: string | null;
}

/** What an exchange says when it has to speak of trouble, in its own words. */
export type Trouble =
  | { readonly kind: 'server-error'; readonly status: number }
  | { readonly kind: 'rate-limit'; readonly retryAfterS: number }
  | { readonly kind: 'ban'; readonly until: EpochMs };

/** One venue's way to put things: requests in its format in, answers in its format out. */
export interface FrontEnd {
  /** As ccxt names it. */
  readonly exchange: string;
  callOf(request: WireRequest): Call;
  subjectOf(request: WireRequest): Subject;
  /** Does what is asked for. */
  answer(request: WireRequest): WireResponse;
  trouble(trouble: Trouble): WireResponse;
  /** An answer to a placing, robbed of what tells the order. */
  withoutId(response: WireResponse): WireResponse;
}

/** What a transport is to do with a request. */
export type Settlement =
  | { readonly kind: 'answer'; readonly response: WireResponse; readonly afterMs: number }
  | { readonly kind: 'drip'; readonly response: WireResponse; readonly everyMs: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'hang' }
  /** Ask again after that long, and do then what it says. */
  | { readonly kind: 'later'; readonly afterMs: number; readonly settle: () => Settlement };

/** Integers beyond what a double holds go out as bare digits: `{ id: bare('9007199254740993') }`. */
export function bare(digits: string): string {
  return `\u0000${digits}\u0000`;
}

const BARE = /"\\u0000(-?[\d.]+)\\u0000"/g;

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  const text = JSON.stringify(body).replaceAll(BARE, '$1');
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: text };
}
