import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/errors.ts';
import { orderId } from '../../../src/core/ids.ts';
import { isFinal, ORDER_STATES, ORDER_TRANSITIONS, transition } from '../../../src/core/order.ts';

/** Written out once more, so that no edge comes or goes without anybody noticing. */
const EDGES = `
  created          -> approved rejected
  approved         -> submitted canceled
  submitted        -> accepted partially_filled filled canceled expired rejected unknown
  accepted         -> partially_filled filled canceled expired unknown
  partially_filled -> partially_filled filled canceled expired unknown
  filled           ->
  canceled         ->
  expired          ->
  rejected         ->
  unknown          -> accepted partially_filled filled canceled expired rejected`;

const DRAWN = new Set(
  EDGES.trim()
    .split('\n')
    .flatMap((line) => {
      const [from = '', ends = ''] = line.trim().split(/\s*->\s*/);
      return ends.split(' ').map((to) => `${from} to ${to}`);
    }),
);
const PAIRS = ORDER_STATES.flatMap((from) => ORDER_STATES.map((to) => ({ from, to })));
const ALLOWED = PAIRS.filter(({ from, to }) => DRAWN.has(`${from} to ${to}`));
const FORBIDDEN = PAIRS.filter(({ from, to }) => !DRAWN.has(`${from} to ${to}`));

describe('transition', () => {
  it('knows ten states, and of their hundred pairs 27 that an order may make', () => {
    expect([PAIRS.length, ALLOWED.length, FORBIDDEN.length]).toEqual([100, 27, 73]);
  });

  it.each(ALLOWED)('goes from $from to $to', ({ from, to }) => {
    expect(transition(from, to, orderId(7))).toBe(to);
  });

  it.each(FORBIDDEN)('refuses to go from $from to $to', ({ from, to }) => {
    expect(() => transition(from, to, orderId(7))).toThrow(
      new InvariantError(`order o7 cannot go from ${from} to ${to}`),
    );
  });
});

describe('order life cycle', () => {
  it('ends filled, canceled, expired or rejected, and nowhere else', () => {
    expect(ORDER_STATES.filter(isFinal)).toEqual(['filled', 'canceled', 'expired', 'rejected']);
  });

  it('reaches every state from created', () => {
    const reached = new Set<string>(['created']);
    for (let round = 0; round < ORDER_STATES.length; round++) {
      for (const { from, to } of ALLOWED) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...ORDER_STATES].sort());
  });

  it('sends nothing that risk has not approved', () => {
    const before = ALLOWED.filter(({ to }) => to === 'submitted').map(({ from }) => from);
    expect(before).toEqual(['approved']);
  });

  it('can end from every state that is not final', () => {
    const ends = (from: (typeof ORDER_STATES)[number]): boolean =>
      ORDER_TRANSITIONS[from].some((to) => isFinal(to));
    expect(ORDER_STATES.filter((state) => !isFinal(state) && !ends(state))).toEqual([]);
  });
});
