import type { WireCandle } from './candle-market.ts';

/** What a server does instead of answering as it should. */
export type Fault =
  /** Another status, with a body of its own; an object goes out as JSON. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | object;
    }
  /** Status 200 and this text. */
  | { readonly kind: 'body'; readonly text: string }
  /** The honest answer, cut in half. */
  | { readonly kind: 'truncated' }
  /** No answer at all. */
  | { readonly kind: 'hang' }
  /** The honest answer, a byte at a time. */
  | { readonly kind: 'slow'; readonly everyMs: number }
  /** The connection ends: before the answer, or within its body. */
  | { readonly kind: 'drop'; readonly within?: 'body' }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Answers that take so long, whatever they are. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** A body of that many bytes of blanks before the honest one. */
  | { readonly kind: 'padded'; readonly bytes: number }
  /** Other candles than there are, in the venue's own order; for requests of candles. */
  | { readonly kind: 'candles'; readonly change: CandleChange };

export type CandleChange = (honest: readonly WireCandle[]) => readonly WireCandle[];

export const HTML_PAGE = '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>';

/** Status 200 with the page of a proxy. */
export const HTML: Fault = { kind: 'body', text: HTML_PAGE };
export const EMPTY_BODY: Fault = { kind: 'body', text: '' };

/** The first page asked for again and again, whatever is asked for. */
export function repeatedPage(): Fault {
  let first: readonly WireCandle[] | null = null;
  return { kind: 'candles', change: (honest) => (first ??= honest) };
}

/** Out of order: the odd ones first. */
export const OUT_OF_ORDER: Fault = {
  kind: 'candles',
  change: (honest) => [
    ...honest.filter((_, index) => index % 2 === 1),
    ...honest.filter((_, index) => index % 2 === 0),
  ],
};

/** One candle twice; the second time with these other values. */
export function doubled(index: number, values: Partial<WireCandle> = {}): Fault {
  return {
    kind: 'candles',
    change: (honest) =>
      honest.flatMap((candle, at) =>
        at === index ? [candle, { ...candle, ...values }] : [candle],
      ),
  };
}

/** One candle with other values: null, `NaN`, `abc`, numbers that make no candle. */
export function garbled(index: number, values: Partial<WireCandle>): Fault {
  return {
    kind: 'candles',
    change: (honest) =>
      honest.map((candle, at) => (at === index ? { ...candle, ...values } : candle)),
  };
}

/** Every candle without one of its fields. */
export function without(field: keyof WireCandle): Fault {
  return {
    kind: 'candles',
    change: (honest) => honest.map((candle) => ({ ...candle, [field]: undefined })),
  };
}

/** Candles in front of the honest ones that nobody asked for, e.g. of the page before. */
export function overlapping(before: readonly WireCandle[]): Fault {
  return { kind: 'candles', change: (honest) => [...before, ...honest] };
}

export const NO_CANDLES: Fault = { kind: 'candles', change: () => [] };
