import { describe, expect, it } from 'vitest';
import { AtrTracker } from '../../../src/app/atr-tracker.ts';
import { hourBar, sliceOf } from '../../support/bars.ts';

const SIZING = {
  method: 'volatility_target',
  riskPerTrade: 0.01,
  atrPeriod: 2,
  atrMultiple: 2,
} as const;

describe('AtrTracker', () => {
  it('knows the range of each symbol once its period is full', () => {
    const tracker = new AtrTracker(SIZING);
    for (let hour = 0; hour < 3; hour++) {
      tracker.observe(
        sliceOf(
          hourBar(hour, { close: 100, high: 103, low: 99 }),
          hourBar(hour, { symbol: 'ETH/USD', close: 10, high: 10.5, low: 10 }),
        ),
      );
    }
    expect(tracker.valueOf('BTC/USD')).toBeCloseTo(4, 12);
    expect(tracker.valueOf('ETH/USD')).toBeCloseTo(0.5, 12);
  });

  it('knows nothing before that, nor of other symbols', () => {
    const tracker = new AtrTracker(SIZING);
    tracker.observe(sliceOf(hourBar(0, { close: 100 })));
    expect(tracker.valueOf('BTC/USD')).toBeNull();
    expect(tracker.valueOf('SOL/USD')).toBeNull();
  });

  it('is not needed by a sizing that does not ask for it', () => {
    expect(new AtrTracker({ method: 'risk_based', riskPerTrade: 0.01 }).isNeeded).toBe(false);
    expect(new AtrTracker(SIZING).isNeeded).toBe(true);
  });
});
