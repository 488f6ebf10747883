import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { misalignmentMs, timeframeMs, type Timeframe } from '../../../src/core/time.ts';
import type { CandleMarket, WireCandle } from './candle-market.ts';

export interface Subscription {
  readonly symbol: string;
  readonly timeframe: Timeframe;
}

/** One venue's way to stream candles. All messages are objects that go out as JSON. */
export interface StreamFormat {
  /** What a client's message subscribes to; none where it is something else. */
  subscriptions(message: unknown): readonly Subscription[];
  /** What is said in answer to any message of a client. */
  answers(message: unknown): readonly object[];
  update(subscription: Subscription, candle: WireCandle, isClosed: boolean): object;
}

/** The candle stream of a venue: says what it is told to, and nothing by itself. */
export class CandleStream {
  readonly #market: CandleMarket;
  readonly #format: StreamFormat;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #subscribed = new Map<WebSocket, Subscription[]>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #waiting: { count: number; resolve: () => void }[] = [];

  constructor(market: CandleMarket, format: StreamFormat) {
    this.#market = market;
    this.#format = format;
    this.#sockets.on('connection', (socket) => this.#welcome(socket));
  }

  /** Of all open connections. */
  get subscriptions(): readonly Subscription[] {
    return [...this.#subscribed.values()].flat();
  }

  get connections(): number {
    return this.#subscribed.size;
  }

  /** Resolves when there are that many subscriptions. */
  whenSubscribed(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#tellWaiting();
    });
  }

  /** Sends a candle to those who subscribed to it. */
  send(subscription: Subscription, candle: WireCandle, isClosed = false): void {
    const { symbol, timeframe } = subscription;
    const message = JSON.stringify(this.#format.update(subscription, candle, isClosed));
    for (const [socket, subscribed] of this.#subscribed) {
      if (subscribed.some((each) => each.symbol === symbol && each.timeframe === timeframe)) {
        socket.send(message);
      }
    }
  }

  /** Sends to all the candle that forms now, by the venue's clock. */
  sendForming(): void {
    for (const subscription of this.subscriptions) {
      const { symbol, timeframe } = subscription;
      const now = this.#market.now();
      const from = now - misalignmentMs(now, timeframe);
      const span = { from, to: from + timeframeMs(timeframe) };
      const [candle] = this.#market.candles(symbol, timeframe, span);
      if (candle !== undefined) this.send(subscription, candle);
    }
  }

  /** Sends the forming candles again and again. */
  sendFormingEvery(ms: number): void {
    this.#timers.add(setInterval(() => this.sendForming(), ms));
  }

  /** Cuts all connections without a goodbye. */
  drop(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#subscribed.clear();
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.drop();
    this.#sockets.close();
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(request, socket, head, (opened) =>
      this.#sockets.emit('connection', opened, request),
    );
  }

  #welcome(socket: WebSocket): void {
    this.#subscribed.set(socket, []);
    socket.on('close', () => this.#subscribed.delete(socket));
    socket.on('message', (data) => {
      if (!(data instanceof Buffer)) return;
      const message: unknown = JSON.parse(data.toString('utf8'));
      for (const answer of this.#format.answers(message)) socket.send(JSON.stringify(answer));
      this.#subscribed.get(socket)?.push(...this.#format.subscriptions(message));
      this.#tellWaiting();
    });
  }

  #tellWaiting(): void {
    const count = this.subscriptions.length;
    const ready = this.#waiting.filter((each) => each.count <= count);
    this.#waiting = this.#waiting.filter((each) => each.count > count);
    for (const { resolve } of ready) resolve();
  }
}
