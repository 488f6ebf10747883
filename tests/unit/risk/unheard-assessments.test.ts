import { expect, it } from 'vitest';
import { EventBus } from '../../../src/core/event-bus.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import { orderId } from '../../../src/core/ids.ts';
import { RiskManager } from '../../../src/risk/risk-manager.ts';
import {
  decimal,
  entry,
  instrument,
  positionLimits,
  ScriptedPortfolio,
  START,
} from './risk-builders.ts';

/** What risk answers to three entries, the second of them too large, and how much it assessed. */
function answered({ isHeard }: { readonly isHeard: boolean }) {
  const bus = new EventBus({ now: () => START });
  const view = new ScriptedPortfolio();
  view.prices.set('BTC/USD', 100);
  const limits = positionLimits({ maxFraction: 0.1 });
  const risk = new RiskManager({ bus, view, limits, instruments: instrument });
  const checks: (readonly string[])[] = [];
  if (isHeard) {
    bus.on('risk.assessed', ({ payload }) => {
      checks.push(payload.assessments.map(({ check }) => check));
      return undefined;
    });
  }
  const answers: AnyEvent[] = [];
  bus.onAny(['order.approved', 'order.rejected'], (event) => {
    answers.push(event);
    return undefined;
  });
  const request = bus.publisher('order.requested');
  for (const [at, quantity] of [1, 11, 2].entries()) {
    request(entry({ id: orderId(at + 1), quantity: decimal(quantity) }));
  }
  return { answers, checks, halted: risk.halted, seq: bus.seq };
}

it('answers the same, under the same numbers, whether anybody hears what it looked at or not', () => {
  const { checks, ...heard } = answered({ isHeard: true });
  const unheard = answered({ isHeard: false });
  expect(unheard).toEqual({ ...heard, checks: [] });
  expect(heard.answers.map(({ type }) => type)).toEqual([
    'order.approved',
    'order.rejected',
    'order.approved',
  ]);
  expect(checks.map(({ length }) => length)).toEqual([12, 5, 12]);
  expect(checks[1]?.at(-1)).toBe('position-size');
});
