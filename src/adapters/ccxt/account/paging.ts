import { ExchangeError } from '../../../core/errors.ts';

/** No account has more pages within the time asked for: the venue goes round in circles. */
const MOST_PAGES = 500;

export interface Page<T, K> {
  readonly rows: readonly T[];
  /** Where the next page begins; null after the last one. */
  readonly next: K | null;
}

/**
 * All rows of a list that comes in pages, without doubles. Throws an `ExchangeError` where a venue
 * sends the same page for ever: half a list is none.
 */
export async function allPages<T, K extends string | number>(
  read: (from: K | null) => Promise<Page<T, K>>,
  idOf: (row: T) => string,
  exchange: string,
): Promise<readonly T[]> {
  const rows = new Map<string, T>();
  const seen = new Set<K>();
  let from: K | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { rows: more, next }: Page<T, K> = await read(from);
    for (const row of more) rows.set(idOf(row), row);
    if (next === null) return [...rows.values()];
    if (seen.has(next)) break;
    seen.add(next);
    from = next;
  }
  throw new ExchangeError(
    `a list that ends was expected from ${exchange}, was one that repeats itself; try again`,
    { kind: 'bad-response' },
  );
}
