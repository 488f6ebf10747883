import type {
  Candle,
  ReferenceResult,
  ReferenceTrade,
  Script,
  Step,
  StopRule,
  Terms,
} from './script.ts';

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
  #dispute: ReferenceResult['dispute'] = null;

  constructor(candles: readonly Candle[], terms: Terms) {
    this.#candles = candles;
    this.#terms = terms;
    this.#cash = terms.cash;
  }

  /** Obeys the script; where there is a rule for stops, it moves them after every bar. */
  run(script: Script, stopRule: StopRule | null = null): ReferenceResult {
    for (const [index, candle] of this.#candles.entries()) {
      this.#meet(index, candle);
      if (this.#equityAt(candle.close) <= 0) this.#dispute ??= 'ruin';
      const step = script.get(index);
      if (step !== undefined) this.#obey(step, candle);
      if (stopRule !== null) this.#follow(stopRule, index);
    }
    const last = this.#candles.length - 1;
    const candle = this.#candles[last];
    if (candle !== undefined && this.#held !== null) {
      const [price, bar] = this.#marketPrice(last, candle);
      this.#leave(price, bar);
    }
    return { trades: this.#trades, finalEquity: this.#cash, dispute: this.#dispute };
  }

  #equityAt(price: number): number {
    const held = this.#held;
    return this.#cash + (held === null ? 0 : held.side * held.quantity * (price - held.entryPrice));
  }

  #follow(stopRule: StopRule, index: number): void {
    const held = this.#held;
    if (held === null) return;
    const { side, stopLoss } = held;
    held.stopLoss = stopRule({ side: side > 0 ? 'long' : 'short', stopLoss }, index);
  }

  #obey(step: Step, candle: Candle): void {
    switch (step.do) {
      case 'close':
        this.#wantsOut = this.#held !== null;
        return;
      case 'cancel':
        this.#entry = null;
        return;
      case 'move-stop':
        this.#moveStop(step.distance, candle);
        return;
      case 'enter':
        this.#order(step, candle);
        return;
    }
  }

  #moveStop(distance: number, { close }: Candle): void {
    if (this.#held === null) return;
    this.#held.stopLoss = close * (1 - this.#held.side * distance);
  }

  #order(step: Extract<Step, { do: 'enter' }>, { close }: Candle): void {
    const side = step.side === 'buy' ? 1 : -1;
    if (this.#held !== null) {
      if (this.#terms.opposite === 'ignore' || this.#held.side === side) return;
      this.#wantsOut = true;
    }
    if (this.#entry !== null) return;
    const { order: kind, stopLoss, takeProfit } = step;
    const quantity = step.quantity ?? this.#quantityAtDecision(step.price ?? close);
    if (quantity === 0) return;
    this.#entry = { side, kind, price: step.price ?? 0, quantity, stopLoss, takeProfit };
  }

  /** Whole shares that the money pays for at that price; null where the fill is to tell. */
  #quantityAtDecision(price: number): number | null {
    const { sizedAt, margin, fraction, cashBuffer, feeRate } = this.#terms;
    if (sizedAt === 'fill') {
      // The other program places the order and finds out later; nobody can ask for no share at all.
      if (this.#cash * fraction * (1 - cashBuffer) < 1.2 * price * margin) {
        this.#dispute ??= 'less than a share';
      }
      return null;
    }
    if (sizedAt === 'percent') return Math.floor((this.#cash * fraction) / price);
    const money = Math.max(0, this.#cash * (1 - cashBuffer)) / margin;
    return Math.floor((money * fraction) / (price * (1 + feeRate)));
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
    const { margin, cashBuffer } = this.#terms;
    const fraction = this.#terms.fraction * (1 - cashBuffer);
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
