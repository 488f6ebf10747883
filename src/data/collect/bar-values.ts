import type { SourceBar } from '../../ports/bar-source.ts';

const NAMES = 'open,high,low,close,volume';
const VALUES = new RegExp(`${NAMES} (\\S+)$`);

type PricedBar = Pick<SourceBar, 'open' | 'high' | 'low' | 'close' | 'volume'>;

/** The values of a bar as the text of an issue ends with them: exact, so that they can be read back. */
export function valuesText({ open, high, low, close, volume }: PricedBar): string {
  return `${NAMES} ${[open, high, low, close, volume].join(',')}`;
}

/** The values a text ends with; null where it ends otherwise. */
export function readValues(text: string): PricedBar | null {
  const cells = VALUES.exec(text)?.[1]?.split(',').map(Number);
  if (cells?.length !== 5) return null;
  const [open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = cells;
  return { open, high, low, close, volume };
}
