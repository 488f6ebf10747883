import { describe, expect, it } from 'vitest';
import { positionId } from '../../../../src/core/ids.ts';
import {
  baseAssetOf,
  baseChange,
  bookedFee,
  cashChange,
} from '../../../../src/execution/live/live-fill.ts';
import { dec } from '../../../support/orders.ts';

const TRADE = { symbol: 'BTC/USD', price: dec(200) };

function executed(side: 'buy' | 'sell', currency: string) {
  const fee = bookedFee({ currency, amount: dec('0.5') }, TRADE);
  return { side, quantity: dec(10), price: dec(200), position: positionId(1), ...fee };
}

describe('the fee of an execution', () => {
  it('is taken from cash, from the goods at the price of the fill, or from neither', () => {
    expect(executed('buy', 'USD')).toMatchObject({ fee: dec('0.5'), commission: null });
    expect(executed('buy', 'BTC')).toMatchObject({
      fee: dec(100),
      commission: { takenFrom: 'base', currency: 'BTC', amount: dec('0.5') },
    });
    expect(executed('buy', 'BNB')).toMatchObject({
      fee: dec(0),
      commission: { takenFrom: 'other', currency: 'BNB', amount: dec('0.5') },
    });
  });

  it('is none while the exchange has not said', () => {
    expect(bookedFee(null, TRADE)).toEqual({ fee: dec(0), commission: null });
  });

  it.each([
    ['buy', 'USD', '10', '-2000.5'],
    ['buy', 'BTC', '9.5', '-2000'],
    ['buy', 'BNB', '10', '-2000'],
    ['sell', 'USD', '-10', '1999.5'],
    ['sell', 'BTC', '-10.5', '2000'],
    ['sell', 'BNB', '-10', '2000'],
  ] as const)('of a %s in %s leaves %s of goods and %s of cash', (side, currency, base, cash) => {
    const trade = executed(side, currency);
    expect(baseChange(trade)).toEqual(dec(base));
    expect(cashChange(trade)).toEqual(dec(cash));
  });

  it('may be taken from a stock, which is its own base asset', () => {
    expect(baseAssetOf('AAPL')).toBe('AAPL');
    expect(baseAssetOf('ETH/BTC')).toBe('ETH');
  });
});
