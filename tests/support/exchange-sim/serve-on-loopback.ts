import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ExchangeCore } from './exchange-core.ts';
import { receive } from './exchange-gate.ts';
import type { FrontEnd, Settlement, WireRequest, WireResponse } from './wire.ts';

export interface LoopbackExchange {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** For what is no plain request: a stream's upgrade. */
  readonly server: Server;
  /** Ends every connection at once, also those that hang. */
  stop(): Promise<void>;
}

/** Puts an exchange on 127.0.0.1; always stop it. Waits are those of this machine's clock. */
export async function serveOnLoopback(
  core: ExchangeCore,
  frontEnd: FrontEnd,
): Promise<LoopbackExchange> {
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const wire = wireRequest(request, body);
      carryOut(receive(core, frontEnd, wire), response, timers);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a TCP port was expected');
  return {
    url: `http://127.0.0.1:${address.port}`,
    server,
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const parts: AsyncIterable<Buffer> = request;
  for await (const chunk of parts) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function wireRequest(request: IncomingMessage, body: string): WireRequest {
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  return { method: request.method ?? 'GET', path, query, body, headers };
}

function carryOut(
  settlement: Settlement,
  response: ServerResponse,
  timers: Set<NodeJS.Timeout>,
): void {
  const later = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
  switch (settlement.kind) {
    case 'hang':
      return;
    case 'drop':
      response.destroy();
      return;
    case 'drip':
      drip(response, settlement.response, settlement.everyMs, timers);
      return;
    case 'later':
      later(settlement.afterMs, () => carryOut(settlement.settle(), response, timers));
      return;
    case 'answer': {
      const answer = (): void => send(response, settlement.response);
      if (settlement.afterMs > 0) later(settlement.afterMs, answer);
      else answer();
    }
  }
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  if (!response.destroyed) response.writeHead(status, { ...headers }).end(body);
}

function drip(
  response: ServerResponse,
  { status, headers, body }: WireResponse,
  everyMs: number,
  timers: Set<NodeJS.Timeout>,
): void {
  let at = 0;
  response.writeHead(status, { ...headers });
  const timer = setInterval(() => {
    if (at >= body.length || response.destroyed) {
      clearInterval(timer);
      timers.delete(timer);
      response.end();
    } else {
      response.write(body.charAt(at));
      at += 1;
    }
  }, everyMs);
  timers.add(timer);
}
