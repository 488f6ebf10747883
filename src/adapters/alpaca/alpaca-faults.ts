import type * as Sdk from '@alpacahq/alpaca-trade-api/rest';
import { ExchangeError, type ExchangeFault } from '../../core/errors.ts';

/** What the sentences of one client's errors are made with. */
export interface FaultWords {
  /** Of its market data. */
  readonly feed: string;
  readonly redact: (text: string) => string;
  /** What to look at after a refused request, and after refused keys. */
  readonly advice: { readonly request: string; readonly keys: string };
}

interface FaultContext extends FaultWords {
  readonly sdk: typeof Sdk;
  /** What was asked for, e.g. `bars of AAPL`. */
  readonly subject: string;
}

/** What Alpaca's statuses mean; any other below 500 refuses the request, any other above is an outage. */
const KINDS: Readonly<Record<number, ExchangeFault>> = {
  401: 'auth',
  403: 'auth',
  408: 'timeout',
  429: 'rate-limit',
};

const QUOTE_MAX = 160;

/** The error to raise for one that the client threw. Errors raised on purpose pass as they are. */
export function exchangeFault(error: unknown, context: FaultContext): unknown {
  const { sdk } = context;
  // What the guarded fetch threw on purpose, in the SDK's wrapping.
  if (error instanceof sdk.FetchError) return error.cause;
  if (error instanceof sdk.ApiError) return statusFault(error, context);
  return error;
}

/** Alpaca answered, but not with what was asked for. */
export function badAnswer(subject: string, expected: string, actual: string): ExchangeError {
  return new ExchangeError(
    `alpaca: ${expected} was expected for ${subject}, was ${actual}; try again later`,
    { kind: 'bad-response' },
  );
}

/** Parses a body, and tells the usual impostors apart. */
export function parseAnswer(text: string, subject: string): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    return answer;
  } catch {
    const start = text.trimStart();
    if (start === '') throw badAnswer(subject, 'JSON', 'an empty body');
    if (start.startsWith('<')) throw badAnswer(subject, 'JSON', 'HTML');
    throw badAnswer(subject, 'JSON', `broken off or garbled (${text.length} characters)`);
  }
}

function statusFault(error: Sdk.ApiError, context: FaultContext): ExchangeError {
  const { status } = error;
  const kind = KINDS[status] ?? (status >= 500 ? 'unavailable' : 'rejected');
  // The client also derives it from a limit that every answer carries: good for a 429 alone.
  const isAsked = kind === 'rate-limit' || error.response.headers.get('retry-after') !== null;
  const { retryAfterMs, requestId } = error;
  return new ExchangeError(context.redact(sentence(error, kind, context)), {
    kind,
    details: {
      status,
      code: error.code ?? null,
      said: context.redact(quoted(error.message)),
      requestId: requestId ?? null,
    },
    ...(isAsked && retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function sentence(error: Sdk.ApiError, kind: ExchangeFault, context: FaultContext): string {
  const { subject, feed } = context;
  const said = `status ${error.status} (${quoted(error.message)})`;
  switch (kind) {
    case 'auth':
      if (/\bsip\b|subscription/i.test(error.message)) {
        return (
          `alpaca: a plan that includes ${subject} from feed "${feed}" was expected, was none; set ` +
          `data.alpaca_feed to iex, or end the range at least 15 minutes before now, or subscribe`
        );
      }
      return (
        `alpaca: a valid key was expected for ${subject}, was refused with ${said}; check ` +
        context.advice.keys
      );
    case 'rate-limit':
      return `alpaca: fewer requests were expected, was refused with ${said}; wait and try again`;
    case 'rejected':
      return (
        `alpaca: a request for ${subject} that Alpaca accepts was expected, was refused with ` +
        `${said}; check ${context.advice.request}`
      );
    case 'network':
    case 'timeout':
    case 'unavailable':
    case 'bad-response':
      return `alpaca: ${subject} were expected, was ${said}; try again later`;
  }
}

/**
 * One line of what a server said: an outage comes as a page of HTML. What is cut off ends between two
 * words: half of a key that it repeats would not be known for one.
 */
function quoted(message: string): string {
  if (message.trimStart().startsWith('<')) return 'HTML';
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.length > QUOTE_MAX ? `${line.slice(0, QUOTE_MAX).replace(/\S*$/, '')}…` : line;
}
