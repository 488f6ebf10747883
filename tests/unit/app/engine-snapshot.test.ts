import { describe, expect, it } from 'vitest';
import { readEngineSnapshot, writeEngineSnapshot } from '../../../src/app/engine-snapshot.ts';
import { DataError, InvariantError } from '../../../src/core/errors.ts';
import { toExactJson } from '../../../src/core/exact-json.ts';
import { runWishes, type Wish, type WishRun } from '../../support/wish-script.ts';

const BUY: Wish = {
  kind: 'enter',
  isBuy: true,
  form: 0,
  lasting: 0,
  near: 100,
  far: 300,
  lots: 2000,
  pick: 1,
  levels: 2,
};
const QUIET = { gap: 0, move: 0.5, up: 0.2, down: 0.2, volume: 1000, wishes: [] };

/** A snapshot of an engine that holds a position with its orders. */
function snapshotText(): string {
  const texts: string[] = [];
  const note = ({ engine }: WishRun): void => {
    texts.push(writeEngineSnapshot(engine.snapshot()));
  };
  const script = {
    bars: [{ ...QUIET, wishes: [BUY] }, QUIET, QUIET],
    allowShort: false,
    maxEntries: 1,
    reverses: false,
    stopLimit: 0.05,
    maxFraction: null,
    entryBars: null,
    fillsAtClose: false,
  };
  runWishes(script, note);
  return texts.at(-1) ?? '';
}

describe('the snapshot of an engine', () => {
  it('is read as it was written, and holds what is held', () => {
    const text = snapshotText();
    const snapshot = readEngineSnapshot(text);
    expect(writeEngineSnapshot(snapshot)).toBe(text);
    expect(snapshot.portfolio.ledger.open.map(({ quantity }) => quantity.toString())).toEqual([
      '2',
    ]);
    expect(snapshot.executor.open.map(({ order }) => order.role)).toEqual([
      'stop-loss',
      'take-profit',
    ]);
    expect(snapshot.seq).toBeGreaterThan(10);
  });

  it('stays small: a position with its orders takes less than 8 kB', () => {
    expect(snapshotText().length).toBeLessThan(8000);
  });

  it.each([
    {
      fact: 'of another version',
      change: { version: 99 },
      says: 'version "1" was expected, was "99"',
    },
    {
      fact: 'without a number',
      change: { seq: 'x' },
      says: 'seq, gates, executor, portfolio, risk',
    },
    { fact: 'without a part', change: { risk: null }, says: 'were expected' },
    { fact: 'without gates', change: { gates: {} }, says: 'were expected' },
  ])('is refused $fact', ({ change, says }) => {
    const snapshot = readEngineSnapshot(snapshotText());
    const text = toExactJson({ ...snapshot, ...change });
    expect(() => readEngineSnapshot(text)).toThrow(says);
    expect(() => readEngineSnapshot(text)).toThrow(DataError);
  });

  it.each(['', '{', 'null', '[]', '7'])('is refused where it is "%s"', (text) => {
    expect(() => readEngineSnapshot(text)).toThrow(
      text === '' || text === '{' ? InvariantError : DataError,
    );
  });
});
