import type { ExchangeCore } from './exchange-core.ts';
import { receive } from './exchange-gate.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { FrontEnd, Settlement, WireRequest, WireResponse } from './wire.ts';

export interface InProcessOptions {
  readonly core: ExchangeCore;
  readonly frontEnd: FrontEnd;
  readonly time: VirtualTime;
  /** Milliseconds from here to the exchange, or back; 20 by default. */
  readonly latencyMs?: () => number;
}

/** The part of the global `fetch` that adapters use. */
export type InProcessFetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * An exchange within the process, reached as `fetch` reaches one elsewhere: the same answers, the same
 * errors, but in virtual time. A request that is on its way arrives whether its sender still waits or not.
 */
export function inProcessFetch(options: InProcessOptions): InProcessFetch {
  const { core, frontEnd, time, latencyMs = () => 20 } = options;
  return (url, init) => {
    const { signal } = init;
    const request = wireRequest(url, init);
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(aborted());
        return;
      }
      const onAbort = (): void => reject(aborted());
      signal?.addEventListener('abort', onAbort, { once: true });
      const end = (finish: () => void): void => {
        signal?.removeEventListener('abort', onAbort);
        finish();
      };
      const carryOut = (settlement: Settlement): void => {
        switch (settlement.kind) {
          case 'hang':
            return;
          case 'later':
            time.after(settlement.afterMs, () => carryOut(settlement.settle()));
            return;
          case 'drop':
            time.after(latencyMs(), () => end(() => reject(reset())));
            return;
          case 'drip': {
            const { response, everyMs } = settlement;
            const dripped = (): Response => dripping(response, everyMs, time, signal ?? null);
            time.after(latencyMs(), () => end(() => resolve(dripped())));
            return;
          }
          case 'answer':
            time.after(settlement.afterMs + latencyMs(), () =>
              end(() => resolve(answered(settlement.response, init))),
            );
        }
      };
      time.after(latencyMs(), () => carryOut(receive(core, frontEnd, request)));
    });
  };
}

export function wireRequest(
  url: string,
  { method = 'GET', headers, body }: RequestInit,
): WireRequest {
  const { pathname, search } = new URL(url);
  return {
    method,
    path: pathname,
    query: search.slice(1),
    body: typeof body === 'string' ? body : '',
    headers: Object.fromEntries(new Headers(headers)),
  };
}

/** A redirect is shown to those alone who said that they look at it themselves. */
async function answered(
  { status, headers, body }: WireResponse,
  init: RequestInit,
): Promise<Response> {
  if (status >= 300 && status < 400 && init.redirect !== 'manual') throw failed('redirect');
  return new Response(status === 204 ? null : body, { status, headers: { ...headers } });
}

function dripping(
  { status, headers, body }: WireResponse,
  everyMs: number,
  time: VirtualTime,
  signal: AbortSignal | null,
): Response {
  // An answer without a body is all there with its head.
  if (status === 204) return new Response(null, { status, headers: { ...headers } });
  const bytes = new TextEncoder().encode(body);
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const drop = (): void => {
        if (signal?.aborted === true) {
          controller.error(aborted());
        } else if (at === bytes.length) {
          controller.close();
        } else {
          controller.enqueue(bytes.subarray(at, at + 1));
          at += 1;
          callOff = time.after(everyMs, drop);
        }
      };
      let callOff = time.after(everyMs, drop);
      const onAbort = (): void => {
        callOff();
        controller.error(aborted());
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    },
  });
  return new Response(stream, { status, headers: { ...headers } });
}

function aborted(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError');
}

/** What undici throws when the other side hangs up. */
function reset(): TypeError {
  return failed('read ECONNRESET', 'ECONNRESET');
}

function failed(why: string, code?: string): TypeError {
  const cause = Object.assign(new Error(why), code === undefined ? {} : { code });
  return new TypeError('fetch failed', { cause });
}
