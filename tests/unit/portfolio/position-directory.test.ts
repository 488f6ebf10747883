import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { positionId } from '../../../src/core/ids.ts';
import type { Position } from '../../../src/core/position.ts';
import { PositionDirectory } from '../../../src/portfolio/position-directory.ts';
import { dec, strategyId } from '../../support/orders.ts';

const WHO = strategyId('test');

function held(count: number, quantity: string, symbol = 'BTC/USD'): Position {
  return {
    id: positionId(count),
    strategy: WHO,
    symbol,
    side: 'long',
    quantity: dec(quantity),
    entered: dec('1'),
    entryPrice: dec('100'),
    exitPrice: null,
    grossPnl: Decimal.zero,
    fees: Decimal.zero,
    slippage: Decimal.zero,
    impact: Decimal.zero,
    financing: Decimal.zero,
    entryTime: 0,
    exitTime: null,
    exitReason: null,
  };
}

describe('PositionDirectory', () => {
  it('finds the position opened last, and the one before it once that is closed', () => {
    const directory = new PositionDirectory();
    directory.put(held(1, '1'));
    directory.put(held(2, '1'));
    directory.put(held(1, '0.5'));
    expect(directory.find(WHO, 'BTC/USD')?.id).toBe('p2');
    expect(directory.of(WHO, 'BTC/USD').map(({ quantity }) => quantity.toString())).toEqual([
      '0.5',
      '1',
    ]);
    directory.put(held(2, '0'));
    expect(directory.find(WHO, 'BTC/USD')?.id).toBe('p1');
    expect(directory.get(positionId(2))).toBeNull();
  });

  it('keeps symbols and strategies apart', () => {
    const directory = new PositionDirectory();
    directory.put(held(1, '1'));
    directory.put(held(2, '1', 'ETH/USD'));
    expect(directory.find(WHO, 'ETH/USD')?.id).toBe('p2');
    expect(directory.find(strategyId('other'), 'BTC/USD')).toBeNull();
    expect(directory.all().map(({ id }) => id)).toEqual(['p1', 'p2']);
  });
});
