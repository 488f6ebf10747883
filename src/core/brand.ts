declare const brand: unique symbol;

/** A type that only its own parse or brand function can produce. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };
