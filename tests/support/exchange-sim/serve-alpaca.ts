import { WebSocketServer, type WebSocket } from 'ws';
import type { AlpacaFrontEnd } from './alpaca-front-end.ts';
import type { ExchangeCore } from './exchange-core.ts';
import { serveOnLoopback, type LoopbackExchange } from './serve-on-loopback.ts';

/** How the stream of trade updates treats who listens. */
export interface AlpacaStream {
  /** Messages of clients, the first one first; keys are left out. */
  readonly heard: string[];
  /** Connections that listen at present. */
  readonly listeners: number;
  /** Times every message is sent. */
  copies: number;
  /** What it answers to `listen`; null for nothing at all. */
  offers: readonly string[] | null;
  /** Says nothing at all, not even to who it is. */
  isMute: boolean;
  /** Ends all connections. */
  drop(): void;
  /** Sends any text to all who listen. */
  say(text: string): void;
}

export interface LoopbackAlpaca extends LoopbackExchange {
  readonly stream: AlpacaStream;
}

/** Alpaca's trading on 127.0.0.1, REST and the stream of trade updates; always stop it. */
export async function serveAlpaca(
  core: ExchangeCore,
  frontEnd: AlpacaFrontEnd,
): Promise<LoopbackAlpaca> {
  const loopback = await serveOnLoopback(core, frontEnd);
  const stream = new StreamServer(frontEnd);
  loopback.server.on('upgrade', (request, socket, head: Buffer) => {
    // One connection an account: the next one is turned away.
    if (stream.isTaken) {
      socket.end('HTTP/1.1 406 Not Acceptable\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    stream.sockets.handleUpgrade(request, socket, head, (client) => stream.welcome(client));
  });
  core.store.onChange = (order, before) => {
    if (core.areStreamsSilent) return;
    const text = JSON.stringify(frontEnd.updateOf(order, before));
    for (let copy = 0; copy < stream.copies; copy += 1) stream.say(text);
  };
  return {
    url: loopback.url,
    server: loopback.server,
    stream,
    stop: async () => {
      stream.drop();
      await loopback.stop();
    },
  };
}

interface ClientMessage {
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;
}

class StreamServer implements AlpacaStream {
  readonly heard: string[] = [];
  readonly sockets = new WebSocketServer({ noServer: true });
  copies = 1;
  offers: readonly string[] | null = ['trade_updates'];
  isMute = false;
  readonly #frontEnd: AlpacaFrontEnd;
  readonly #listening = new Set<WebSocket>();

  constructor(frontEnd: AlpacaFrontEnd) {
    this.#frontEnd = frontEnd;
  }

  get isTaken(): boolean {
    return this.sockets.clients.size > 0;
  }

  get listeners(): number {
    return this.#listening.size;
  }

  welcome(client: WebSocket): void {
    this.sockets.clients.add(client);
    client.on('close', () => {
      this.sockets.clients.delete(client);
      this.#listening.delete(client);
    });
    client.on('message', (data: Buffer) => {
      if (!this.isMute) this.#answer(client, data.toString('utf8'));
    });
  }

  say(text: string): void {
    // Binary frames, as the paper host sends them.
    for (const client of this.#listening) client.send(Buffer.from(text));
  }

  drop(): void {
    for (const client of this.sockets.clients) client.terminate();
  }

  #answer(client: WebSocket, text: string): void {
    const message = JSON.parse(text) as ClientMessage;
    this.heard.push(message.action);
    const { key_id: keyId, secret_key: secret } = message.data;
    if (message.action === 'authenticate') {
      const status = this.#frontEnd.isKey(keyId, secret) ? 'authorized' : 'unauthorized';
      const data = { status, action: 'authenticate' };
      client.send(Buffer.from(JSON.stringify({ stream: 'authorization', data })));
    } else if (message.action === 'listen' && this.offers !== null) {
      this.#listening.add(client);
      const data = { streams: this.offers };
      client.send(Buffer.from(JSON.stringify({ stream: 'listening', data })));
    }
  }
}
