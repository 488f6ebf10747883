import type { Bar } from '../../core/bar.ts';
import type { Feed, Read } from './library-stream.ts';

/** A class of the library within. Its `nextValue` rounds some results; the generator does not. */
interface Streaming {
  readonly generator: { next(input: unknown): { readonly value?: unknown } };
}

/** The classes of the library want a history; ours is empty. */
export const NO_VALUES = { values: [] };
export const NO_BARS = { open: [], high: [], low: [], close: [], volume: [] };

export const readNumber: Read<number> = (output) => (typeof output === 'number' ? output : NaN);

export function readField(output: unknown, name: string): number {
  if (typeof output !== 'object' || output === null) return NaN;
  return readNumber(Reflect.get(output, name));
}

export function ofBars({ generator }: Streaming): Feed {
  return (bar) => generator.next(bar).value;
}

export function ofValues({ generator }: Streaming, read: (bar: Bar) => number): Feed {
  return (bar) => generator.next(read(bar)).value;
}
