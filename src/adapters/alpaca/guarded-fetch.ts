import { ExchangeError } from '../../core/errors.ts';

interface FetchGuards {
  /** From the first byte sent to the last one read. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A fetch for answers of strangers, which throws an `ExchangeError` and nothing else. It ends in
 * time however slowly a body drips, reads no more than it can hold, and follows no redirect, since
 * keys would go along. The body is all there when the response is.
 */
export function guardedFetch({ timeoutMs, maxBytes }: FetchGuards): Fetch {
  return async (url, init) => {
    const stop = new AbortController();
    const caller = init.signal ?? null;
    const onAbort = () => stop.abort(caller?.reason);
    const timer = setTimeout(() => stop.abort(timeoutFault(url, timeoutMs)), timeoutMs);
    caller?.addEventListener('abort', onAbort, { once: true });
    try {
      caller?.throwIfAborted();
      const response = await fetch(url, { ...init, redirect: 'manual', signal: stop.signal });
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        throw redirectFault(url, response);
      }
      const { status, statusText, headers } = response;
      return new Response(await bodyOf(response, maxBytes), { status, statusText, headers });
    } catch (error) {
      throw error instanceof ExchangeError ? error : networkFault(url, error);
    } finally {
      clearTimeout(timer);
      caller?.removeEventListener('abort', onAbort);
    }
  };
}

/** Null for an empty body: some statuses allow no other. */
async function bodyOf(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  if (response.body === null) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream: ReadableStream<Uint8Array> = response.body;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > maxBytes) throw sizeFault(response.url, maxBytes);
    chunks.push(chunk);
  }
  return size === 0 ? null : Buffer.concat(chunks);
}

function timeoutFault(url: string, timeoutMs: number): ExchangeError {
  return new ExchangeError(
    `alpaca: an answer of ${new URL(url).host} was expected within ${timeoutMs / 1000} s, was not ` +
      `complete; try again, or allow more with data.timeout_seconds`,
    { kind: 'timeout' },
  );
}

function networkFault(url: string, error: unknown): ExchangeError {
  const code = codeOf(error);
  return new ExchangeError(
    `alpaca: a connection to ${new URL(url).host} was expected, was lost or refused (${code}); ` +
      `check the network and try again`,
    { kind: 'network', details: { code } },
  );
}

/** `ECONNREFUSED` and the like, which fetch hides one level down. */
function codeOf(error: unknown): string {
  const inner = error instanceof Error ? error.cause : null;
  for (const each of [error, inner]) {
    if (each instanceof Error && 'code' in each && typeof each.code === 'string') return each.code;
  }
  return error instanceof Error ? error.name : 'unknown';
}

function redirectFault(url: string, response: Response): ExchangeError {
  const target = response.headers.get('location');
  const host = target !== null && URL.canParse(target, url) ? new URL(target, url).host : 'nowhere';
  return new ExchangeError(
    `alpaca: an answer of ${new URL(url).host} was expected, was a redirect to ${host}, which is ` +
      `not followed: keys would go along; check the network between here and Alpaca`,
    { kind: 'bad-response', details: { status: response.status } },
  );
}

function sizeFault(url: string, maxBytes: number): ExchangeError {
  return new ExchangeError(
    `alpaca: at most ${maxBytes} bytes were expected from ${new URL(url).host}, were more; ` +
      `try again later`,
    { kind: 'bad-response' },
  );
}
