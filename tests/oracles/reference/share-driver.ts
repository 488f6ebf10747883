import type { DatedCandle } from './candles.ts';
import type { ScriptedOrder, ShareScript, ShareStep, Way } from './share-script.ts';
import { TouchingBroker, type ShareOrder } from './touching-broker.ts';

interface Account {
  readonly cash: number;
  /** Fraction of the value of every fill. */
  readonly feeRate: number;
}

interface FilledShares {
  /** By its number. */
  readonly bar: number;
  readonly kind: ShareOrder['kind'];
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly price: number;
}

interface ShareResult {
  readonly fills: readonly FilledShares[];
  /** Value of all at the last close, fees paid. */
  readonly finalEquity: number;
  readonly disputedBar: number | null;
}

/** Does with the plain broker what a script says, and keeps the books. */
export class ShareDriver {
  readonly #broker = new TouchingBroker();
  readonly #orders: ShareOrder[] = [];
  readonly #fills: FilledShares[] = [];
  readonly #feeRate: number;
  #cash: number;
  #held = 0;

  constructor({ cash, feeRate }: Account) {
    this.#cash = cash;
    this.#feeRate = feeRate;
  }

  run(candles: readonly DatedCandle[], script: ShareScript): ShareResult {
    for (const [bar, candle] of candles.entries()) {
      for (const { order, price } of this.#broker.meet(bar, candle)) this.#book(order, bar, price);
      const step = script.get(bar);
      if (step !== undefined) this.#act(step, candle.close);
    }
    return {
      fills: this.#fills,
      finalEquity: this.#cash + this.#held * (candles.at(-1)?.close ?? 0),
      disputedBar: this.#broker.disputedBar,
    };
  }

  #book(id: number, bar: number, price: number): void {
    const order = this.#orders[id];
    if (order === undefined) throw new Error(`order ${id} was expected`);
    const { kind, side, quantity } = order;
    const signed = side === 'buy' ? quantity : -quantity;
    this.#held += signed;
    this.#cash -= signed * price + quantity * price * this.#feeRate;
    this.#fills.push({ bar, kind, side, quantity, price });
  }

  #act(step: ShareStep, close: number): void {
    switch (step.do) {
      case 'enter':
        if (this.#held === 0 && this.#broker.isIdle) this.#place(step.orders, close);
        return;
      case 'exit':
        if (this.#held === 0) return;
        this.#broker.cancelAll();
        this.#place(
          step.ways.map((way) => orderOf(way, this.#held, close)),
          close,
        );
        return;
      case 'cancel':
        this.#broker.cancelAll();
        return;
      case 'shift':
        this.#broker.shiftAll(step.factor);
    }
  }

  #place(orders: readonly ScriptedOrder[], close: number): void {
    const group = `group ${this.#orders.length}`;
    for (const order of orders) this.#broker.place(this.#shareOrder(order, group), close);
  }

  #shareOrder(order: ScriptedOrder, group: string): ShareOrder {
    const { side, quantity, kind, price, limit, trail, lastBar } = order;
    const children = [...this.#children(order)];
    const id = this.#orders.length;
    const own = { id, side, quantity, kind, price, limit, trail, lastBar, group, children };
    this.#orders.push(own);
    return own;
  }

  *#children(parent: ScriptedOrder): Generator<ShareOrder> {
    const { stopLoss, takeProfit, quantity } = parent;
    const side = parent.side === 'buy' ? 'sell' : 'buy';
    const plain = {
      side,
      quantity,
      limit: null,
      trail: null,
      lastBar: null,
      ...NO_CHILDREN,
    } as const;
    const group = `children ${this.#orders.length}`;
    if (stopLoss !== null)
      yield this.#shareOrder({ ...plain, kind: 'stop', price: stopLoss }, group);
    if (takeProfit !== null) {
      yield this.#shareOrder({ ...plain, kind: 'limit', price: takeProfit }, group);
    }
  }
}

const NO_CHILDREN = { stopLoss: null, takeProfit: null } as const;

/** The order for a way out of so many shares, negative for a short position. */
function orderOf(
  { kind, distance, slack, by, lastBar }: Way,
  held: number,
  close: number,
): ScriptedOrder {
  const sign = held > 0 ? 1 : -1;
  const stop = close * (1 - sign * distance);
  const price = kind === 'limit' ? close * (1 + sign * distance) : stop;
  return {
    side: held > 0 ? 'sell' : 'buy',
    quantity: Math.abs(held),
    kind,
    price: kind === 'market' || kind === 'stop-trail' ? null : price,
    limit: kind === 'stop-limit' ? stop * (1 - sign * slack) : null,
    trail:
      kind === 'stop-trail' ? { by, size: by === 'amount' ? close * distance : distance } : null,
    lastBar,
    ...NO_CHILDREN,
  };
}
