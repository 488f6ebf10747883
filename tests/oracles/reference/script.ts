/** What a scripted strategy does on a bar; prices are fixed when the script is written. */
export type Step =
  | {
      readonly do: 'enter';
      readonly side: 'buy' | 'sell';
      readonly order: 'market' | 'limit' | 'stop';
      /** Limit or stop price; null for a market order. */
      readonly price: number | null;
      /** Whole shares; null leaves the size to the configuration. */
      readonly quantity: number | null;
      readonly stopLoss: number | null;
      readonly takeProfit: number | null;
    }
  | { readonly do: 'close' }
  | { readonly do: 'cancel' }
  /** Moves the stop-loss of what is held. */
  | { readonly do: 'move-stop'; readonly price: number };

/** Steps by the number of the bar, from 0, on whose close they are decided. */
export type Script = ReadonlyMap<number, Step>;

export interface Candle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Costs and account of a case. */
export interface Terms {
  readonly cash: number;
  /** Amount for each order, and fraction of its value. */
  readonly fixedFee: number;
  readonly feeRate: number;
  /** Fraction of the price that an entry pays more, or receives less. */
  readonly spread: number;
  /** Part of a position's value that equity must cover. */
  readonly margin: number;
  /** Share of the free money that an entry without a quantity takes. */
  readonly fraction: number;
  readonly fillAt: 'next_open' | 'close';
  /** What an entry against the position held does. */
  readonly opposite: 'reverse' | 'ignore';
}

/** One round trip; bars by their number. */
export interface ReferenceTrade {
  readonly side: 'long' | 'short';
  readonly quantity: number;
  readonly entryBar: number;
  readonly entryPrice: number;
  readonly exitBar: number;
  readonly exitPrice: number;
}

export interface ReferenceResult {
  readonly trades: readonly ReferenceTrade[];
  readonly finalEquity: number;
}
