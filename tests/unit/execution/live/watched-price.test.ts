import { describe, expect, it } from 'vitest';
import type { ExitOrder, Side } from '../../../../src/core/order.ts';
import { newLeg } from '../../../../src/execution/live/leg.ts';
import type { LiveOrder } from '../../../../src/execution/live/live-order.ts';
import {
  glimpseOfBar,
  glimpseOfQuote,
  watch,
} from '../../../../src/execution/live/watched-price.ts';
import { approveOrder } from '../../../../src/risk/approve-order.ts';
import { stopLoss, takeProfit } from '../../../support/live/live-orders.ts';
import { dec } from '../../../support/orders.ts';

const TICK = dec('0.01');

function watched(request: ExitOrder, side: Side = 'sell'): LiveOrder {
  const leg = newLeg({
    clientId: 'qsaaaaaaaaaaaaaaaa',
    attempt: 1,
    phase: 'waiting',
    quantity: dec(1),
    pricing: { type: 'market' },
    timeInForce: 'gtc',
    reference: dec(100),
    intendedAt: 0,
  });
  return {
    request: approveOrder({ ...request, side }),
    state: 'accepted',
    submittedAt: 0,
    filled: dec(0),
    refusal: null,
    ending: null,
    isWatched: true,
    hasTriggered: false,
    trailedTo: request.type === 'trailing_stop' ? request.stopPrice : null,
    isRestepped: false,
    failures: 0,
    lacksGoods: false,
    leg,
  };
}

function trailing(): ExitOrder {
  const trail = { kind: 'distance', distance: dec(10) } as const;
  return { ...stopLoss(), type: 'trailing_stop', stopPrice: dec(90), trail };
}

function seen(order: LiveOrder, bid: number, ask: number): string {
  const quote = { symbol: 'BTC/USD', bid, ask, time: 0 };
  const result = watch(order, glimpseOfQuote(quote), TICK);
  if (result === null) return 'nothing';
  return result.hasTriggered
    ? 'triggered'
    : `moved to ${result.trailedTo?.toString() ?? 'nowhere'}`;
}

describe('what the engine watches the market for', () => {
  it.each([
    ['sell', 90.01, 95, 'nothing'],
    ['sell', 90, 95, 'triggered'],
    ['buy', 80, 89.99, 'nothing'],
    ['buy', 80, 90, 'triggered'],
  ] as const)('a stop to %s at 90 sees %s to %s: %s', (side, bid, ask, what) => {
    expect(seen(watched(stopLoss(), side), bid, ask)).toBe(what);
  });

  it.each([
    ['sell', 109.99, 111, 'nothing'],
    ['sell', 110, 111, 'triggered'],
    ['buy', 109, 110.01, 'nothing'],
    ['buy', 109, 110, 'triggered'],
  ] as const)('a limit to %s at 110 sees %s to %s: %s', (side, bid, ask, what) => {
    expect(seen(watched(takeProfit(), side), bid, ask)).toBe(what);
  });

  it('a trailing stop follows the best bid, and is met where it stands', () => {
    const order = watched(trailing());
    expect(seen(order, 105, 106)).toBe('moved to 95');
    expect(seen({ ...order, trailedTo: dec(95) }, 104, 105)).toBe('nothing');
    expect(seen({ ...order, trailedTo: dec(95) }, 95, 96)).toBe('triggered');
  });

  it('a trailing stop meets the low of a bar before its high moves it', () => {
    const bar = { open: 100, high: 130, low: 89, close: 120, openTime: 10, closeTime: 20 };
    const rest = { symbol: 'BTC/USD', timeframe: '1m', volume: 1, flags: 0 } as const;
    const whole = glimpseOfBar({ ...bar, ...rest }, 10);
    expect(watch(watched(trailing()), whole, TICK)).toMatchObject({ hasTriggered: true });
    const partly = glimpseOfBar({ ...bar, ...rest }, 11);
    expect(watch(watched(trailing()), partly, TICK)).toEqual({
      hasTriggered: false,
      trailedTo: dec(110),
    });
  });

  it('a limit counts what can be had now, not what a bar once touched', () => {
    const bar = { open: 100, high: 130, low: 89, close: 105, openTime: 10, closeTime: 20 };
    const rest = { symbol: 'BTC/USD', timeframe: '1m', volume: 1, flags: 0 } as const;
    expect(watch(watched(takeProfit()), glimpseOfBar({ ...bar, ...rest }, 0), TICK)).toBeNull();
  });
});
