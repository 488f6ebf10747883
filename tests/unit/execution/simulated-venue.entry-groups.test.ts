import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { hourBar, plainVenue, tells } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

describe('entries of one group', () => {
  tells([
    {
      fact: 'exclude one another: the first to fill cancels the others',
      script: `o1 entry buy 10 stop 102 group=breakout
               o2 entry/p2 sell 10 stop 98 group=breakout
               o3 entry/p3 sell 10 limit 110 group=breakout
               bar 100 101 99 100
               bar 100 101 98 98
               bar 100 120 98 98`,
      notes: `2: o2 sells 10 at 98
              2: o1 canceled, another of its group filled
              2: o3 canceled, another of its group filled`,
    },
    {
      fact: 'that a bar reaches both fill stops before limits, then in order of arrival',
      script: `o1 entry buy 10 limit 98 group=a
               o2 entry/p2 buy 10 stop 102 group=a
               o3 entry/p3 buy 10 stop 101 group=a
               bar 100 103 97 100`,
      notes: `1: o2 buys 10 at 102
              1: o1 canceled, another of its group filled
              1: o3 canceled, another of its group filled`,
    },
    {
      fact: 'leave entries of other groups and of none alone',
      script: `o1 entry buy 10 stop 102 group=a
               o2 entry/p2 sell 10 stop 98 group=b
               o3 entry/p3 sell 10 stop 98
               bar 100 102 98 98`,
      notes: `1: o1 buys 10 at 102
              1: o2 sells 10 at 98
              1: o3 sells 10 at 98`,
    },
    {
      fact: 'stay while one of them merely triggers',
      script: `o1 entry buy 10 stop_limit 102/103 group=a
               o2 entry/p2 buy 10 limit 99 group=a
               bar 104 105 103.5 104
               bar 104 105 98 104`,
      notes: `2: o1 buys 10 at 103
              2: o2 canceled, another of its group filled`,
    },
  ]);
  tells(
    [
      {
        fact: 'are cancelled by a fill of any part, which goes on filling itself',
        script: `o1 entry buy 12 stop 102 group=a
                 o2 entry/p2 sell 10 stop 98 group=a
                 bar 100 102 99 101 1000
                 bar 101 102 97 98 1000`,
        notes: `1: o1 buys 10 at 102 (2 left)
                1: o2 canceled, another of its group filled
                2: o1 buys 2 at 101`,
      },
      {
        fact: 'stay where one is killed for want of volume',
        script: `o1 entry buy 12 market fok group=a
                 o2 entry/p2 sell 10 stop 98 group=a
                 bar 100 102 99 101 1000
                 bar 101 102 97 98 1000`,
        notes: `1: o1 canceled, not all of it filled at once
                2: o2 sells 10 at 98`,
      },
    ],
    { maxVolumeShare: 0.01 },
  );

  tells(
    [
      {
        fact: 'exclude one that arrives after another filled at the close both were decided on',
        script: `bar 100 101 99 100
                 end
                 o1 entry buy 10 market group=a
                 o2 entry/p2 sell 10 limit 100.5 group=a
                 o3 entry/p3 buy 1 market group=b
                 bar 100 102 98 99`,
        notes: `1: o1 buys 10 at 100
                1: o2 canceled, another of its group filled
                1: o3 buys 1 at 100`,
      },
      {
        fact: 'are free to be named alike again at the next close',
        script: `bar 100 101 99 100
                 end
                 o1 entry buy 10 market group=a
                 bar 100 102 98 99
                 end
                 o2 entry/p2 sell 10 market group=a`,
        notes: `1: o1 buys 10 at 100
                2: o2 sells 10 at 99`,
      },
    ],
    { fillAt: 'close' },
  );

  it('exclude one another across symbols', () => {
    const venue = plainVenue();
    const told: string[] = [];
    venue.connect({
      charged: () => undefined,
      updated: ({ orderId, state }) => {
        if (state === 'canceled') told.push(`${orderId} canceled`);
      },
      filled: ({ orderId }) => told.push(`${orderId} filled`),
    });
    const pricing = { type: 'limit', limitPrice: Decimal.parse('99') } as const;
    ['BTC/USD', 'ETH/USD'].forEach((symbol, index) => {
      const count = index + 1;
      const order = { role: 'entry', side: 'buy', quantity: '1', group: 'cheapest' } as const;
      venue.submit(approvedOrder({ ...order, count, position: count, symbol, pricing }));
    });
    venue.observe(hourBar(1, [100, 101, 98, 100, 1000], 'ETH/USD'));
    venue.observe(hourBar(1, [100, 101, 98, 100, 1000], 'BTC/USD'));
    expect(told).toEqual(['o2 filled', 'o1 canceled']);
  });
});
