/** An order of a script; prices and trails are fixed when the script is written. */
export interface ScriptedOrder {
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly kind: 'market' | 'limit' | 'stop' | 'stop-limit' | 'stop-trail';
  /** Limit price, or stop price of the others; null at the market and for a stop that trails. */
  readonly price: number | null;
  /** Limit of a stop-limit. */
  readonly limit: number | null;
  readonly trail: { readonly by: 'amount' | 'percent'; readonly size: number } | null;
  /** Number of the last bar it may fill in; null without end. */
  readonly lastBar: number | null;
  /** Prices of what protects the position it opens; null for none. */
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
}

/** What is done after a bar, where it can be done. */
export type ShareStep =
  /** When flat and nothing waits. Several exclude one another. */
  | { readonly do: 'enter'; readonly orders: readonly ScriptedOrder[] }
  /** When something is held: what waits is taken back first. Several exclude one another. */
  | { readonly do: 'exit'; readonly ways: readonly Way[] }
  /** Takes back all that waits. */
  | { readonly do: 'cancel' }
  /** Puts every order that waits, but those that trail, at so many times its prices. */
  | { readonly do: 'shift'; readonly factor: number };

/** How to leave a position, whatever its side: prices are multiples of the close. */
export interface Way {
  readonly kind: ScriptedOrder['kind'];
  /** Fraction of the close that the limit of a limit order, or the stop of the others, lies off. */
  readonly distance: number;
  /** Fraction of the close that the limit of a stop-limit lies beyond its stop. */
  readonly slack: number;
  readonly by: 'amount' | 'percent';
  readonly lastBar: number | null;
}

/** Steps by the number of the bar, from 0, on whose close they are decided. */
export type ShareScript = ReadonlyMap<number, ShareStep>;
