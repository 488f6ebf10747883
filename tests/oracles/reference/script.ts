/** What a scripted strategy does on a bar; entry prices are fixed when the script is written. */
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
  /** Moves the stop-loss of what is held so far from the close: a fraction of it. */
  | { readonly do: 'move-stop'; readonly distance: number };

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
  /**
   * What that share is taken of and divided by: the money and price of the fill, or those of the
   * close it was decided on; costs included, or (`percent`) as if there were none.
   */
  readonly sizedAt: 'fill' | 'decision' | 'percent';
  /** Part of the money that such an entry leaves alone. */
  readonly cashBuffer: number;
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
  /** What happened that the two programs have rules of their own for; null where nothing did. */
  readonly dispute: 'ruin' | 'less than a share' | null;
}

/** Where the stop-loss of what is held goes after a bar, by its number. */
export type StopRule = (
  held: { readonly side: 'long' | 'short'; readonly stopLoss: number | null },
  bar: number,
) => number;
