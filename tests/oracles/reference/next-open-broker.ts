import type { Candle, ReferenceResult, ReferenceTrade, Script, Step, Terms } from './script.ts';

interface Order {
  readonly side: 1 | -1;
  readonly kind: 'market' | 'limit' | 'stop';
  readonly price: number;
  /** Whole shares; null for a share of the free money. */
  readonly quantity: number | null;
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
}

interface Held {
  readonly side: 1 | -1;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly entryBar: number;
  stopLoss: number | null;
  readonly takeProfit: number | null;
}

/**
 * The rules of backtesting.py, written down again from its documentation and with doubles, for one
 * position at a time: orders are met before the strategy sees the bar, in the order closing order,
 * stop-loss, take-profit, entries; stop and target of a market entry meet the bar it filled in,
 * those of a limit or stop entry only the next one; what is open ends at the last open.
 */
export class NextOpenBroker {
  readonly #candles: readonly Candle[];
  readonly #terms: Terms;
  readonly #trades: ReferenceTrade[] = [];
  #cash: number;
  #held: Held | null = null;
  #entry: Order | null = null;
  #wantsOut = false;

  constructor(candles: readonly Candle[], terms: Terms) {
    this.#candles = candles;
    this.#terms = terms;
    this.#cash = terms.cash;
  }

  run(script: Script): ReferenceResult {
    for (const [index, candle] of this.#candles.entries()) {
      this.#meet(index, candle);
      const step = script.get(index);
      if (step !== undefined) this.#obey(step);
    }
    const last = this.#candles.length - 1;
    const candle = this.#candles[last];
    if (candle !== undefined && this.#held !== null) {
      const [price, bar] = this.#marketPrice(last, candle);
      this.#leave(price, bar);
    }
    return { trades: this.#trades, finalEquity: this.#cash };
  }

  #obey(step: Step): void {
    switch (step.do) {
      case 'close':
        this.#wantsOut = this.#held !== null;
        return;
      case 'cancel':
        this.#entry = null;
        return;
      case 'move-stop':
        if (this.#held !== null) this.#held.stopLoss = step.price;
        return;
      case 'enter':
        this.#order(step);
        return;
    }
  }

  #order(step: Extract<Step, { do: 'enter' }>): void {
    const side = step.side === 'buy' ? 1 : -1;
    if (this.#held !== null) {
      if (this.#terms.opposite === 'ignore' || this.#held.side === side) return;
      this.#wantsOut = true;
    }
    if (this.#entry !== null) return;
    const { order: kind, quantity, stopLoss, takeProfit } = step;
    this.#entry = { side, kind, price: step.price ?? 0, quantity, stopLoss, takeProfit };
  }

  #meet(index: number, candle: Candle): void {
    if (index === 0) return;
    if (this.#wantsOut) {
      const [price, bar] = this.#marketPrice(index, candle);
      this.#leave(price, bar);
    }
    this.#meetProtection(index, candle);
    this.#meetEntry(index, candle);
  }

  #marketPrice(index: number, candle: Candle): readonly [price: number, bar: number] {
    const before = this.#candles[index - 1];
    if (this.#terms.fillAt === 'close' && before !== undefined) return [before.close, index - 1];
    return [candle.open, index];
  }

  #meetProtection(index: number, { open, high, low }: Candle): void {
    const held = this.#held;
    if (held === null) return;
    const { stopLoss, takeProfit, side } = held;
    if (stopLoss !== null && (side > 0 ? low <= stopLoss : high >= stopLoss)) {
      this.#leave(side > 0 ? Math.min(open, stopLoss) : Math.max(open, stopLoss), index);
    } else if (takeProfit !== null && (side > 0 ? high >= takeProfit : low <= takeProfit)) {
      this.#leave(side > 0 ? Math.max(open, takeProfit) : Math.min(open, takeProfit), index);
    }
  }

  #meetEntry(index: number, candle: Candle): void {
    const order = this.#entry;
    if (order === null) return;
    const met = this.#priceOf(order, index, candle);
    if (met === null) return;
    this.#entry = null;
    const [price, bar] = met;
    const paid = price * (1 + order.side * this.#terms.spread);
    const quantity = this.#quantityOf(order, price, paid);
    if (quantity === 0) return;
    this.#cash -= this.#fee(quantity, paid);
    const { side, stopLoss, takeProfit } = order;
    this.#held = { side, quantity, entryPrice: paid, entryBar: bar, stopLoss, takeProfit };
    if (order.kind === 'market') this.#meetProtection(index, candle);
  }

  #priceOf(
    { kind, side, price }: Order,
    index: number,
    candle: Candle,
  ): readonly [price: number, bar: number] | null {
    const { open, high, low } = candle;
    if (kind === 'market') return this.#marketPrice(index, candle);
    const isBuy = side > 0;
    if (kind === 'limit') {
      if (isBuy ? low > price : high < price) return null;
      return [isBuy ? Math.min(open, price) : Math.max(open, price), index];
    }
    if (isBuy ? high < price : low > price) return null;
    return [isBuy ? Math.max(open, price) : Math.min(open, price), index];
  }

  /** A fixed fee counts for every unit when the free money is divided: so that program has it. */
  #quantityOf({ quantity }: Order, price: number, paid: number): number {
    const { margin, fraction } = this.#terms;
    const size = quantity ?? fraction;
    const perUnit = paid + this.#fee(size, price) / size;
    const money = Math.max(0, this.#cash) / margin;
    if (quantity === null) return Math.floor((money * fraction) / perUnit);
    return quantity * perUnit > money ? 0 : quantity;
  }

  #fee(quantity: number, price: number): number {
    return this.#terms.fixedFee + quantity * price * this.#terms.feeRate;
  }

  #leave(price: number, bar: number): void {
    const held = this.#held;
    if (held === null) return;
    const { side, quantity, entryPrice, entryBar } = held;
    this.#cash += side * quantity * (price - entryPrice) - this.#fee(quantity, price);
    this.#held = null;
    this.#wantsOut = false;
    this.#trades.push({
      side: side > 0 ? 'long' : 'short',
      quantity,
      entryBar,
      entryPrice,
      exitBar: bar,
      exitPrice: price,
    });
  }
}
