import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/errors.ts';
import { positionId } from '../../../src/core/ids.ts';
import { positionExposures, totalValue } from '../../../src/risk/exposure.ts';
import { decimal, position, ScriptedPortfolio } from './risk-builders.ts';

describe('positionExposures', () => {
  it('values longs and shorts alike, at the last close', () => {
    const view = new ScriptedPortfolio();
    view.hold(position());
    view.hold(
      position({ id: positionId(2), symbol: 'ETH/USD', side: 'short', quantity: decimal(3) }),
    );
    view.prices.set('BTC/USD', 110).set('ETH/USD', 20);
    // 10 × 110 + 3 × 20
    expect(totalValue(positionExposures(view))).toBe(1_160);
  });

  it('does not know the value of a position without a price', () => {
    const view = new ScriptedPortfolio();
    view.hold(position());
    expect(totalValue(positionExposures(view))).toBeNaN();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('throws on a last price of %s', (price) => {
    const view = new ScriptedPortfolio();
    view.hold(position());
    view.prices.set('BTC/USD', price);
    expect(() => positionExposures(view)).toThrow(InvariantError);
  });
});
