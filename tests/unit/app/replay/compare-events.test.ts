import { describe, expect, it } from 'vitest';
import { EventComparison } from '../../../../src/app/replay/compare-events.ts';
import { Decimal } from '../../../../src/core/decimal.ts';
import type { AnyEvent } from '../../../../src/core/events.ts';
import { orderId } from '../../../../src/core/ids.ts';

/** A cancellation as an event of that number. */
function event(seq: number, changes: Partial<AnyEvent> = {}, reason = 'because'): AnyEvent {
  const payload = { orderId: orderId(1), reason };
  return {
    seq,
    ts: 5,
    type: 'order.cancel-requested',
    causedBy: null,
    payload,
    ...changes,
  } as AnyEvent;
}

function compared(recorded: readonly AnyEvent[], replayed: readonly AnyEvent[]) {
  const comparison = new EventComparison();
  for (const each of recorded) comparison.recorded(each);
  for (const each of replayed) comparison.replayed(each);
  comparison.finish();
  return comparison;
}

describe('a replay against its journal', () => {
  it('agrees where every event is the same, whichever side comes first', () => {
    const comparison = new EventComparison();
    comparison.recorded(event(1));
    comparison.replayed(event(1));
    comparison.replayed(event(2));
    comparison.recorded(event(2));
    comparison.finish();
    expect(comparison.difference).toBeNull();
    expect(comparison.compared).toBe(2);
  });

  it.each([
    ['time', { ts: 6 }],
    ['cause', { causedBy: 1 }],
    ['type', { type: 'order.approved' }],
    ['number', { seq: 3 }],
    ['payload', { payload: { orderId: orderId(1), reason: 'another' } }],
  ] as const)('names the first event of another %s', (_what, change) => {
    const other = event(2, change);
    const comparison = compared([event(1), event(2), event(4)], [event(1), other, event(4)]);
    expect(comparison.difference).toMatchObject({ seq: 2 });
    expect(comparison.difference?.recorded).not.toBe(comparison.difference?.replayed);
    expect(comparison.compared).toBe(1);
  });

  it('tells a decimal from another in its last place', () => {
    const withAmount = (amount: string) =>
      event(1, { payload: { amount: Decimal.parse(amount) } } as unknown as Partial<AnyEvent>);
    const one = withAmount('0.100000000000000001');
    expect(compared([one], [withAmount('0.100000000000000001')]).difference).toBeNull();
    expect(compared([one], [withAmount('0.1')]).difference).toMatchObject({ seq: 1 });
  });

  it('names what one side has and the other lacks at the end', () => {
    expect(compared([event(1), event(2)], [event(1)]).difference).toMatchObject({
      seq: 2,
      replayed: null,
    });
    expect(compared([event(1)], [event(1), event(2)]).difference).toMatchObject({
      seq: 2,
      recorded: null,
    });
  });
});
