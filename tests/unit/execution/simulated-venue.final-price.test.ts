import { describe, expect, it } from 'vitest';
import type { Fill } from '../../../src/core/fill.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { FinalPrice } from '../../../src/execution/final-price.ts';
import type { SimulatedVenueOptions } from '../../../src/execution/simulated-venue.ts';
import { hourBar, plainVenue } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

function order(count: number, role: 'entry' | 'exit', symbol: string) {
  const side = role === 'entry' ? 'buy' : 'sell';
  const position = symbol === 'BTC/USD' ? 1 : 2;
  return approvedOrder({
    count,
    role,
    side,
    quantity: '2',
    pricing: { type: 'market' },
    position,
    symbol,
  });
}

/** Buys two of each symbol at the first open, sells them after the last bar at that price of it. */
function closedAt(
  final: FinalPrice | undefined,
  options: Partial<Omit<SimulatedVenueOptions, 'instruments'>> = {},
): readonly Fill[] {
  const venue = plainVenue(options);
  const fills: Fill[] = [];
  venue.connect({
    updated: () => undefined,
    filled: (fill) => void fills.push(fill),
    charged: () => undefined,
  });
  venue.submit(order(1, 'entry', 'BTC/USD'));
  venue.submit(order(2, 'entry', 'ETH/USD'));
  venue.observe(hourBar(0, [100, 111, 99, 110, 1000]));
  venue.observe(hourBar(0, [10, 12, 9, 11, 1000], 'ETH/USD'));
  venue.settle();
  venue.observe(hourBar(1, [115, 121, 114, 120, 1000]));
  venue.settle();
  venue.closeSession(final);
  venue.submit(order(3, 'exit', 'BTC/USD'));
  venue.submit(order(4, 'exit', 'ETH/USD'));
  return fills.slice(2);
}

function told(fills: readonly Fill[]) {
  return fills.map(({ symbol, price, time }) => [symbol, price.toNumber(), time / HOUR_MS]);
}

describe('the end of a session', () => {
  it('finds what is left at the last close, unless another price is asked for', () => {
    const atClose = [
      ['BTC/USD', 120, 2],
      ['ETH/USD', 11, 2],
    ];
    expect(told(closedAt('close'))).toEqual(atClose);
    expect(told(closedAt(undefined))).toEqual(atClose);
  });

  it('finds it at the last open, dated back to it; what ended before is left with the rest', () => {
    expect(told(closedAt('open'))).toEqual([
      ['BTC/USD', 115, 1],
      ['ETH/USD', 10, 2],
    ]);
  });

  it('finds it at the close before the last bar, or at the open of the only one', () => {
    expect(told(closedAt('previous_close'))).toEqual([
      ['BTC/USD', 110, 1],
      ['ETH/USD', 10, 2],
    ]);
  });

  it.each(['open', 'previous_close'] as const)(
    'finds what was entered at the last close there, not at the %s before it',
    (final) => {
      const venue = plainVenue({ fillAt: 'close' });
      const fills: Fill[] = [];
      venue.connect({
        updated: () => undefined,
        filled: (fill) => void fills.push(fill),
        charged: () => undefined,
      });
      venue.observe(hourBar(0, [100, 101, 99, 100, 1000]));
      venue.settle();
      venue.observe(hourBar(1, [105, 111, 104, 110, 1000]));
      venue.settle();
      venue.submit(order(1, 'entry', 'BTC/USD'));
      venue.closeSession(final);
      venue.submit(order(2, 'exit', 'BTC/USD'));
      expect(told(fills)).toEqual([
        ['BTC/USD', 110, 2],
        ['BTC/USD', 110, 2],
      ]);
    },
  );

  it('ignores volume and takes slippage and fees as at any other time', () => {
    const fills = closedAt('open', {
      maxVolumeShare: 0.0001,
      slippage: ({ price }) => ({ spread: 1 / price, impact: 0 }),
    });
    const last = fills.find(({ side, symbol }) => side === 'sell' && symbol === 'BTC/USD');
    // The entry got a tenth of a unit; what the order asks for beyond that is not there to be sold.
    expect(last?.price.toNumber()).toBe(114);
  });
});
