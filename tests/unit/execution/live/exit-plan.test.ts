import { assert, array, boolean, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../../src/core/decimal.ts';
import type { ExitOrder } from '../../../../src/core/order.ts';
import { planExits } from '../../../../src/execution/live/exit-plan.ts';
import { newLeg, openQuantity, type LegPhase } from '../../../../src/execution/live/leg.ts';
import { isUrgent, type LiveOrder } from '../../../../src/execution/live/live-order.ts';
import { approveOrder } from '../../../../src/risk/approve-order.ts';
import { stopLoss, takeProfit } from '../../../support/live/live-orders.ts';
import { dec, exitOrder } from '../../../support/orders.ts';

interface Sketch {
  readonly quantity?: number;
  readonly phase?: LegPhase;
  readonly sent?: number;
  readonly hasTriggered?: boolean;
  readonly ending?: string | null;
}

function live(request: ExitOrder, sketch: Sketch = {}): LiveOrder {
  const { phase = 'waiting', hasTriggered = false, ending = null } = sketch;
  const leg = newLeg({
    clientId: request.id,
    attempt: 1,
    phase: 'waiting',
    quantity: dec(sketch.sent ?? request.quantity.toString()),
    pricing: request.type === 'market' || hasTriggered ? { type: 'market' } : request,
    timeInForce: 'gtc',
    reference: dec(100),
    intendedAt: 0,
  });
  return {
    request: approveOrder(request),
    state: 'accepted',
    submittedAt: 0,
    filled: Decimal.zero,
    refusal: null,
    ending,
    isWatched: false,
    hasTriggered,
    trailedTo: null,
    isRestepped: false,
    failures: 0,
    lacksGoods: false,
    leg: { ...leg, phase },
  };
}

function planned(held: number, exits: readonly LiveOrder[], restsBothExits = false): string[] {
  const plan = planExits({ held: dec(held), exits, rests: () => true, restsBothExits });
  return [
    ...[...plan.send].map(([id, quantity]) => `send ${id} ${quantity.toString()}`),
    ...[...plan.recall].map(([id]) => `recall ${id}`),
  ];
}

describe('the plan for the exits of a position', () => {
  it('lets the stop rest and keeps the target for later', () => {
    expect(planned(1, [live(takeProfit(3)), live(stopLoss(2))])).toEqual(['send o2 1']);
    expect(planned(1, [live(takeProfit(3)), live(stopLoss(2))], true)).toEqual([
      'send o2 1',
      'send o3 1',
    ]);
  });

  it('calls the stop back for what wants out now, and sends that once the stop is gone', () => {
    const market = live(exitOrder({ id: 4, quantity: '1' }));
    expect(planned(1, [live(stopLoss(2), { phase: 'working' }), market])).toEqual(['recall o2']);
    expect(planned(1, [live(stopLoss(2), { phase: 'unknown' }), market])).toEqual(['recall o2']);
    expect(planned(1, [live(stopLoss(2)), market])).toEqual(['send o4 1']);
  });

  it('lets an exit at the market overtake a target whose price was there', () => {
    const target = live(takeProfit(3), { phase: 'working', hasTriggered: true });
    const resting = { ...target, leg: { ...target.leg, pricing: takeProfit(3) } };
    expect(planned(1, [resting, live(exitOrder({ id: 4, quantity: '1' }))])).toEqual(['recall o3']);
  });

  it('grows a stop that covers less than is held, by way of a new one', () => {
    const stop = live(stopLoss(2, '2'), { phase: 'working', sent: 1 });
    expect(planned(2, [stop])).toEqual(['recall o2']);
    expect(planned(1, [stop])).toEqual([]);
  });

  it('sends nothing for an order that is on its way out, and nothing where nothing is held', () => {
    expect(planned(1, [live(stopLoss(2), { ending: 'replaced' })])).toEqual([]);
    expect(planned(0, [live(stopLoss(2)), live(exitOrder({ id: 4, quantity: '1' }))])).toEqual([]);
  });

  it('never has more at the exchange than is held, whatever was there before', () => {
    const sketch = record({
      kind: constantFrom('stop', 'target', 'market'),
      quantity: integer({ min: 1, max: 9 }),
      hasTriggered: boolean(),
      isEnding: boolean(),
      phase: constantFrom<LegPhase>('waiting', 'working', 'unknown', 'sending', 'over'),
    });
    assert(
      property(integer({ min: 0, max: 9 }), array(sketch, { maxLength: 6 }), (held, sketches) => {
        let room = held;
        const exits = sketches.map(({ kind, quantity, hasTriggered, isEnding, phase }, at) => {
          const make = kind === 'stop' ? stopLoss : takeProfit;
          const size = String(quantity);
          const request =
            kind === 'market' ? exitOrder({ id: at + 1, quantity: size }) : make(at + 1, size);
          // What is at the exchange already was no more than what was held.
          const isOut = phase !== 'waiting' && phase !== 'over' && quantity <= room;
          if (isOut) room -= quantity;
          const real = isOut ? phase : 'waiting';
          return live(request, { phase: real, hasTriggered, ending: isEnding ? 'x' : null });
        });
        const plan = planExits({
          held: dec(held),
          exits,
          rests: () => true,
          restsBothExits: false,
        });
        const out = exits.reduce((sum, { leg }) => sum.plus(openQuantity(leg)), Decimal.zero);
        const sent = [...plan.send.values()].reduce((sum, part) => sum.plus(part), Decimal.zero);
        expect(out.plus(sent).greaterThan(dec(held))).toBe(false);
        for (const id of plan.send.keys()) {
          const order = exits.find(({ request }) => request.id === id);
          expect(order?.ending).toBeNull();
        }
        const urgent = exits.filter((order) => isUrgent(order) && order.ending === null);
        const isStuck = held > 0 && urgent.length > 0 && out.isZero && plan.send.size === 0;
        expect(isStuck).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
