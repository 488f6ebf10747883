import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CandleMarket, type MarketOptions, type WireCandle } from './candle-market.ts';
import type { CandleStream } from './candle-stream.ts';
import type { Fault } from './faults.ts';

/** What a request is for; faults are injected by it. */
export type Route = 'candles' | 'markets' | 'time' | 'other';

export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface LoggedRequest extends Asked {
  readonly route: Route;
}

/** One venue's way to put things. Everything it gives back is a body, as an object. */
export interface WireFormat {
  route(path: string): Route;
  /** What it answers to a request for candles, in its own order. May throw a `Refusal`. */
  candles(asked: Asked): readonly WireCandle[];
  encode(candles: readonly WireCandle[], asked: Asked): object;
  /** Undefined for a path it does not have. */
  other(asked: Asked): object | undefined;
  /** What it says of a path it does not have. */
  readonly notFound: Refusal;
}

/** An error that a venue answers with by its own rules. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body;
  }
}

type Stall = Extract<Fault, { kind: 'hang' | 'slow' | 'delay' | 'drop' }>;

interface Injection {
  readonly fault: Fault;
  readonly on: Route | 'any';
  /** Requests it lets pass first. */
  ahead: number;
  left: number;
}

interface InjectOptions {
  /** Which requests it strikes; those for candles by default. */
  readonly on?: Route | 'any';
  /** How many of them; one by default, Infinity for all. */
  readonly times?: number;
  /** How many of them are answered honestly first. */
  readonly after?: number;
}

/** A venue on 127.0.0.1. Make one with `startCoinbase` and its like; always stop it. */
export class LoopbackServer {
  readonly market: CandleMarket;
  /** Null where the venue streams no candles. */
  readonly stream: CandleStream | null;
  readonly #format: WireFormat;
  readonly #server: Server;
  readonly #requests: LoggedRequest[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #injections: Injection[] = [];
  #port = 0;

  constructor(market: CandleMarket, format: WireFormat, stream: CandleStream | null = null) {
    this.market = market;
    this.#format = format;
    this.stream = stream;
    this.#server = createServer((request, response) => this.#handle(request, response));
    if (stream !== null) {
      this.#server.on('upgrade', (request, socket, head) => stream.upgrade(request, socket, head));
    }
  }

  /** `http://127.0.0.1:PORT`: what `data.endpoints.<exchange>` takes. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** All requests so far, in the order they came; struck by faults or not. */
  get requests(): readonly LoggedRequest[] {
    return this.#requests;
  }

  requestsFor(route: Route): readonly LoggedRequest[] {
    return this.#requests.filter((each) => each.route === route);
  }

  /** Lets the next requests fail. Faults strike in the order they were injected, one a request. */
  inject(fault: Fault, { on = 'candles', times = 1, after = 0 }: InjectOptions = {}): void {
    this.#injections.push({ fault, on, ahead: after, left: times });
  }

  /** From now on all answers are honest. */
  heal(): void {
    this.#injections = [];
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (!isAddress(address)) throw new Error('a TCP port was expected');
    this.#port = address.port;
    return this;
  }

  /** Ends every connection at once, also those that hang. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.stream?.stop();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const asked = { path: url.pathname, query: url.searchParams };
    const route = this.#format.route(asked.path);
    this.#requests.push({ ...asked, route });
    response.setHeader('Date', new Date(this.market.now()).toUTCString());
    const fault = this.#takeFault(route);
    try {
      this.#reply(response, fault, () => this.#honest(asked, route, fault));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, error.status, JSON.stringify(error.body));
    }
  }

  #takeFault(route: Route): Fault | null {
    const next = this.#injections.find(
      ({ on, left }) => left > 0 && (on === 'any' || on === route),
    );
    if (next === undefined) return null;
    if (next.ahead > 0) {
      next.ahead -= 1;
      return null;
    }
    next.left -= 1;
    return next.fault;
  }

  #honest(asked: Asked, route: Route, fault: Fault | null): string {
    if (route !== 'candles') {
      const body = this.#format.other(asked);
      if (body === undefined) throw this.#format.notFound;
      return JSON.stringify(body);
    }
    const candles = this.#format.candles(asked);
    const told = fault?.kind === 'candles' ? fault.change(candles) : candles;
    return JSON.stringify(this.#format.encode(told, asked));
  }

  #reply(response: ServerResponse, fault: Fault | null, honest: () => string): void {
    if (fault === null) return send(response, 200, honest());
    if (isStall(fault)) return this.#stall(response, fault, honest());
    switch (fault.kind) {
      case 'status':
        return sendStatus(response, fault);
      case 'body':
        return send(response, 200, fault.text);
      case 'truncated': {
        const text = honest();
        return send(response, 200, text.slice(0, Math.floor(text.length / 2)));
      }
      case 'redirect':
        response.setHeader('Location', fault.to);
        return send(response, 302, '');
      case 'padded':
        return send(response, 200, ' '.repeat(fault.bytes) + honest());
      case 'candles':
        return send(response, 200, honest());
    }
  }

  #stall(response: ServerResponse, fault: Stall, text: string): void {
    switch (fault.kind) {
      case 'hang':
        return;
      case 'slow':
        return this.#drip(response, text, fault.everyMs);
      case 'delay':
        this.#timers.add(setTimeout(() => send(response, 200, text), fault.ms));
        return;
      case 'drop':
        if (fault.within === 'body') {
          response.writeHead(200, { 'Content-Type': 'application/json' });
          response.write(text.slice(0, 10), () => response.destroy());
        } else response.destroy();
    }
  }

  #drip(response: ServerResponse, text: string, everyMs: number): void {
    let at = 0;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const timer = setInterval(() => {
      if (at >= text.length || response.destroyed) {
        clearInterval(timer);
        response.end();
      } else {
        response.write(text.charAt(at));
        at += 1;
      }
    }, everyMs);
    this.#timers.add(timer);
  }
}

/** Starts a venue: `format` puts a market into its words. */
export async function startLoopback(
  options: MarketOptions,
  format: (market: CandleMarket) => WireFormat,
  stream: ((market: CandleMarket) => CandleStream) | null = null,
): Promise<LoopbackServer> {
  const market = new CandleMarket(options);
  return new LoopbackServer(market, format(market), stream?.(market) ?? null).start();
}

function send(response: ServerResponse, status: number, body: string): void {
  const type = body.startsWith('<') ? 'text/html' : 'application/json';
  response.writeHead(status, { 'Content-Type': type }).end(body);
}

function sendStatus(response: ServerResponse, fault: Extract<Fault, { kind: 'status' }>): void {
  const { status, headers = {}, body = '' } = fault;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  send(response, status, typeof body === 'string' ? body : JSON.stringify(body));
}

function isStall(fault: Fault): fault is Stall {
  return ['hang', 'slow', 'delay', 'drop'].includes(fault.kind);
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** How most venues write a field: numbers as decimal text, the rest as it is. */
export function asText(value: WireCandle['open']): string | null | undefined {
  return typeof value === 'number' ? plain(value) : value;
}

/** A number without an exponent. */
function plain(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(18).replace(/0+$/, '') : text;
}

/** A time in seconds; nonsense as it is. */
export function asSeconds(value: WireCandle['time']): WireCandle['time'] {
  return typeof value === 'number' ? Math.floor(value / 1000) : value;
}
