import { describe, expect, it } from 'vitest';
import type { VenueReports } from '../../../src/ports/venue.ts';
import { hourBar, plainVenue, tells } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

/** One per cent of the volume fills: a bar of 400 has room for 4. */
const THIN = { maxVolumeShare: 0.01 } as const;

describe('who wants out', () => {
  tells(
    [
      {
        fact: 'goes before who wants in, however much later the order came',
        script: `o1 entry buy 4 market
                 bar 100 101 99 100 400
                 end
                 o2 entry/p2 buy 9 market
                 o3 exit sell 3 market
                 bar 100 101 99 100 400`,
        notes: `1: o1 buys 4 at 100
                2: o3 sells 3 at 100
                2: o2 buys 1 at 100 (8 left)`,
      },
      {
        fact: 'by a stop buys no more once it has triggered',
        script: `o1 entry buy 9 market
                 bar 100 101 99 100 400
                 end
                 o2 stop-loss sell 4 stop 98
                 bar 99 99.5 96 97 200
                 bar 97 98 96 97 400`,
        notes: `1: o1 buys 4 at 100 (5 left)
                2: o1 buys 2 at 99 (3 left)
                2: o1 canceled, stop triggered
                3: o2 sells 4 at 97`,
      },
      {
        fact: 'by a stop that the bar opens beyond is out before anybody buys',
        script: `o1 entry buy 9 market
                 bar 100 101 99 100 400
                 end
                 o2 stop-loss sell 4 stop 98
                 bar 97 97.5 96 97 200`,
        notes: `1: o1 buys 4 at 100 (5 left)
                2: o1 canceled, stop triggered
                2: o2 sells 2 at 97 (2 left)`,
      },
      {
        fact: 'by a stop that has triggered cannot call it back',
        script: `o1 entry buy 4 market
                 bar 100 101 99 100 400
                 end
                 o2 stop-loss sell 4 stop 98
                 bar 97 97.5 96 97 100
                 end
                 cancel o2
                 bar 95 95 94 95 400`,
        notes: `1: o1 buys 4 at 100
                2: o2 sells 1 at 97 (3 left)
                3: o2 sells 3 at 95`,
      },
      {
        fact: 'of entering by a stop can call back what it has not bought',
        script: `o1 entry buy 4 stop 101
                 bar 100 102 99 102 100
                 end
                 cancel o1
                 bar 102 102 101 102 400`,
        notes: `1: o1 buys 1 at 101 (3 left)
                1: o1 canceled, asked to`,
      },
      {
        fact: 'in parts gets each of them',
        script: `o1 entry buy 4 market
                 bar 100 101 99 100 400
                 end
                 o2 exit sell 2 limit 105
                 o3 exit sell 2 limit 106
                 o4 stop-loss sell 4 stop 90
                 bar 100 110 99 108 200
                 bar 108 110 107 108 400`,
        notes: `1: o1 buys 4 at 100
                2: o2 sells 2 at 105
                3: o3 sells 2 at 108
                3: o4 canceled, group filled`,
      },
      {
        fact: 'of everything does not add to it in the same bar',
        script: `o1 entry buy 1 market
                 bar 100 101 99 100 400
                 end
                 o2 exit sell 1 limit 105
                 o3 entry buy 1 limit 95
                 bar 100 110 90 100 400`,
        notes: `1: o1 buys 1 at 100
                2: o2 sells 1 at 105
                2: o3 canceled, position closed`,
      },
    ],
    THIN,
  );
});

describe('a fill at the close', () => {
  it('waits for the next bar where the symbol had none at this instant', () => {
    const venue = plainVenue({ fillAt: 'close' });
    const fills: [price: string, time: number][] = [];
    const reports: VenueReports = {
      charged: () => undefined,
      updated: () => undefined,
      filled: ({ price, time }) => fills.push([price.toString(), time]),
    };
    venue.connect(reports);
    const buy = (count: number) =>
      approvedOrder({
        count,
        role: 'entry',
        side: 'buy',
        quantity: '1',
        pricing: { type: 'market' },
        position: count,
        symbol: 'ETH/USD',
      });
    const HOUR = 3_600_000;
    venue.observe(hourBar(1, [100, 100, 100, 100, 1], 'ETH/USD'));
    venue.settle();
    venue.observe(hourBar(2, [50, 50, 50, 50, 1]));
    venue.settle();
    venue.submit(buy(1));
    expect(fills).toEqual([]);
    venue.observe(hourBar(3, [60, 60, 60, 70, 1], 'ETH/USD'));
    venue.settle();
    venue.submit(buy(2));
    expect(fills).toEqual([
      ['60', 3 * HOUR],
      ['70', 4 * HOUR],
    ]);
  });
});
