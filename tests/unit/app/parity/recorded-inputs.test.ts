import { describe, expect, it } from 'vitest';
import { recordedInputs } from '../../../../src/app/parity/recorded-inputs.ts';
import type { AnyEvent, EventType } from '../../../../src/core/events.ts';
import { hourBar, sliceOf } from '../../../support/bars.ts';

const BARS = ['BTC/USD', 'ETH/USD'].map((symbol) => hourBar(0, { symbol, close: 1 }));

/** Events by type; those with a `<` are led to by another. */
function journal(types: readonly string[]): readonly AnyEvent[] {
  return types.map((text, at) => {
    const type = text.replace('<', '') as EventType;
    const payload = type === 'slice.closed' ? sliceOf(...BARS) : BARS[0];
    return { seq: at + 1, ts: at, type, causedBy: text === type ? null : at, payload } as AnyEvent;
  });
}

const SLICE = ['bar.arrived', 'bar.arrived', 'slice.closed', '<equity.marked', 'bar.closed'];
const MISSED = ['bar.arrived', 'slice.closed', 'bar.missed'];

function inputsOf(...types: readonly string[]) {
  return [...recordedInputs(journal(types))].map(({ events, slice, isInTime }) => [
    events.length,
    slice !== null,
    isInTime,
  ]);
}

describe('the inputs of a journal', () => {
  it('are none of an empty one', () => {
    expect(inputsOf()).toEqual([]);
  });

  it('take the bars of a slice, and all they lead to, for one', () => {
    expect(inputsOf(...SLICE, '<signal.raised', 'bar.closed')).toEqual([[7, true, true]]);
  });

  it('begin anew with the bars of the next slice', () => {
    expect(inputsOf(...SLICE, ...SLICE, ...MISSED)).toEqual([
      [5, true, true],
      [5, true, true],
      [3, true, false],
    ]);
  });

  it('are each of anything else that enters, with what it leads to', () => {
    const fill = ['order.filled', '<position.updated'];
    expect(inputsOf('bar.watched', ...fill, ...SLICE, 'quote.arrived', ...fill)).toEqual([
      [1, false, true],
      [2, false, true],
      [5, true, true],
      [1, false, true],
      [2, false, true],
    ]);
  });
});
