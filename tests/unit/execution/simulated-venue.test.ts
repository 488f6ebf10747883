import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { InvariantError } from '../../../src/core/errors.ts';
import { hourBar, plainVenue, play, tells } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

describe('market orders', () => {
  tells([
    {
      fact: 'fill at the open of the bar after the decision',
      script: `bar 100 105 95 102
               end
               o1 entry buy 10 market
               bar 103 106 101 104`,
      notes: `2: o1 buys 10 at 103`,
    },
    {
      fact: 'fill in the order they arrived',
      script: `o1 entry buy 1 market
               o2 entry/p2 sell 2 market
               o3 entry/p3 buy 3 market
               bar 103 106 101 104`,
      notes: `1: o1 buys 1 at 103
              1: o2 sells 2 at 103
              1: o3 buys 3 at 103`,
    },
    {
      fact: 'wait for the next open even when they arrive while their bar is not settled',
      script: `bar 100 105 95 102
               o1 entry buy 10 market
               end
               bar 103 106 101 104`,
      notes: `2: o1 buys 10 at 103`,
    },
  ]);
});

describe('market orders filled at the close', () => {
  tells(
    [
      {
        fact: 'fill at once at the last close, against what is left of its volume',
        script: `o1 entry buy 6 market
                 bar 100 105 95 102 1000
                 end
                 o2 entry/p2 buy 6 market
                 bar 104 106 101 105 1000`,
        notes: `1: o1 buys 6 at 100
                1: o2 buys 4 at 102 (2 left)
                2: o2 buys 2 at 104`,
      },
      {
        fact: 'cancel what the close does not fill when immediate',
        script: `bar 100 105 95 102 500
                 end
                 o1 entry buy 6 market ioc`,
        notes: `1: o1 buys 5 at 102 (1 left)
                1: o1 canceled, not filled at once`,
      },
      {
        fact: 'protect from the next bar on: the bar they fill at is over',
        script: `bar 100 105 95 102 1000
                 o1 entry buy 6 market
                 o2 stop-loss sell 6 stop 99
                 bar 101 105 98 102 1000`,
        notes: `1: o1 buys 6 at 102
                2: o2 sells 6 at 99`,
      },
      {
        fact: 'wait for the next open where the last bar has no volume',
        script: `bar 100 100 100 100 0
                 end
                 o1 entry buy 6 market
                 bar 104 106 101 105 1000`,
        notes: `2: o1 buys 6 at 104`,
      },
    ],
    { fillAt: 'close', maxVolumeShare: 0.01 },
  );
});

describe('stops', () => {
  const long = `o1 entry buy 10 market
                bar 100 101 99 100
                end
                o2 stop-loss sell 10 stop 98`;
  tells([
    {
      fact: 'fill at the stop once the low reaches it',
      script: `${long}
               bar 100 101 98 99`,
      notes: `1: o1 buys 10 at 100
              2: o2 sells 10 at 98`,
    },
    {
      fact: 'rest while the low stays above',
      script: `${long}
               bar 100 101 98.01 99`,
      notes: `1: o1 buys 10 at 100`,
    },
    {
      fact: 'fill at the open where the bar gaps below them',
      script: `${long}
               bar 95 97 94 96`,
      notes: `1: o1 buys 10 at 100
              2: o2 sells 10 at 95`,
    },
    {
      fact: 'on the buy side fill once the high reaches them',
      script: `o1 entry buy 10 stop 102
               bar 100 101.99 99 100
               bar 100 102 99 100`,
      notes: `2: o1 buys 10 at 102`,
    },
    {
      fact: 'on the buy side fill at the open where the bar gaps above them',
      script: `o1 entry buy 10 stop 102
               bar 104 105 103 104`,
      notes: `1: o1 buys 10 at 104`,
    },
    {
      fact: 'come before a take-profit inside the same bar, even if that arrived first',
      script: `o1 entry buy 10 market
               bar 100 101 99 100
               end
               o2 take-profit sell 10 limit 104
               o3 stop-loss sell 10 stop 98
               bar 100 105 97 100`,
      notes: `1: o1 buys 10 at 100
              2: o3 sells 10 at 98
              2: o2 canceled, group filled`,
    },
  ]);
  tells(
    [
      {
        fact: 'go on as market orders once triggered, where volume fills a part',
        script: `o1 entry buy 10 market
                 bar 100 101 99 100 2000
                 end
                 o2 stop-loss sell 10 stop 98
                 bar 100 101 98 99 600
                 bar 103 104 102 103 2000`,
        notes: `1: o1 buys 10 at 100
                2: o2 sells 6 at 98 (4 left)
                3: o2 sells 4 at 103`,
      },
      {
        fact: 'trigger where others used up the volume, and fill at the next open',
        script: `o1 entry buy 10 market
                 bar 100 101 99 100 2000
                 end
                 o2 stop-loss sell 10 stop 98
                 o3 entry/p2 buy 20 market
                 bar 100 101 98 99 2000
                 bar 103 104 102 103 2000`,
        notes: `1: o1 buys 10 at 100
                2: o3 buys 20 at 100
                3: o2 sells 10 at 103`,
      },
      {
        fact: 'do not trigger in a bar without volume',
        script: `o1 entry buy 10 market
                 bar 100 101 99 100 2000
                 end
                 o2 stop-loss sell 10 stop 98
                 bar 97 97 97 97 0
                 bar 99 101 98.5 99 2000`,
        notes: `1: o1 buys 10 at 100`,
      },
    ],
    { maxVolumeShare: 0.01 },
  );
});

describe('limits', () => {
  tells([
    {
      fact: 'fill once the bar trades through them',
      script: `o1 entry buy 10 limit 98
               bar 100 101 97.99 99`,
      notes: `1: o1 buys 10 at 98`,
    },
    {
      fact: 'rest where the bar only touches them',
      script: `o1 entry buy 10 limit 98
               bar 100 101 98 99
               bar 98 99 98 99`,
      notes: ``,
    },
    {
      fact: 'fill at the open where that is better',
      script: `o1 entry buy 10 limit 98
               bar 96 99 95 97
               end
               o2 take-profit sell 10 limit 105
               bar 107 108 106 107`,
      notes: `1: o1 buys 10 at 96
              2: o2 sells 10 at 107`,
    },
    {
      fact: 'on the sell side fill once the high passes them',
      script: `o1 entry sell 10 limit 105
               bar 100 105 95 100
               bar 100 105.01 95 100`,
      notes: `2: o1 sells 10 at 105`,
    },
  ]);
  describe('where a touch is enough', () => {
    tells(
      [
        {
          fact: 'fill when the low reaches a buy',
          script: `o1 entry buy 10 limit 98
                   bar 100 101 98 99`,
          notes: `1: o1 buys 10 at 98`,
        },
        {
          fact: 'fill when the high reaches a sale',
          script: `o1 entry sell 10 limit 105
                   bar 100 105 99 99`,
          notes: `1: o1 sells 10 at 105`,
        },
      ],
      { limitFill: 'touch' },
    );
  });
});

describe('cancelling', () => {
  it('takes an order out of the book, once', () => {
    const { notes } = play(`o1 entry buy 1 limit 98
                            cancel o1
                            cancel o1
                            bar 100 101 90 99`);
    expect(notes).toEqual(['0: o1 canceled, asked to']);
  });

  it('of a filled or unknown order does nothing', () => {
    const { notes } = play(`o1 entry buy 1 market
                            bar 100 101 90 99
                            cancel o1
                            cancel o9`);
    expect(notes).toEqual(['1: o1 buys 1 at 100']);
  });

  it('of all orders goes symbol by symbol', () => {
    const venue = plainVenue();
    const canceled: string[] = [];
    venue.connect({
      charged: () => undefined,
      updated: ({ orderId, state }) => {
        if (state === 'canceled') canceled.push(orderId);
      },
      filled: () => expect.unreachable('nothing trades'),
    });
    const order = {
      role: 'entry',
      side: 'buy',
      quantity: '1',
      pricing: { type: 'market' },
    } as const;
    venue.submit(approvedOrder({ ...order, count: 1, symbol: 'BTC/USD' }));
    venue.submit(approvedOrder({ ...order, count: 2, symbol: 'ETH/USD' }));
    venue.submit(approvedOrder({ ...order, count: 3, symbol: 'BTC/USD' }));
    venue.cancelAll('halted');
    expect(canceled).toEqual(['o1', 'o3', 'o2']);
    venue.observe(hourBar(1, [100, 101, 99, 100, 1000]));
  });
});

describe('several symbols', () => {
  it('meet only their own bars, and rest of bar only once theirs was observed', () => {
    const venue = plainVenue();
    const fills: string[] = [];
    venue.connect({
      charged: () => undefined,
      updated: () => undefined,
      filled: ({ orderId, symbol }) => fills.push(`${orderId} ${symbol}`),
    });
    const order = {
      role: 'entry',
      side: 'buy',
      quantity: '1',
      pricing: { type: 'market' },
    } as const;
    venue.submit(approvedOrder({ ...order, count: 1, symbol: 'BTC/USD', position: 1 }));
    venue.submit(approvedOrder({ ...order, count: 2, symbol: 'ETH/USD', position: 2 }));
    venue.observe(hourBar(1, [100, 101, 90, 100, 1000], 'BTC/USD'));
    expect(fills).toEqual(['o1 BTC/USD']);
    venue.settle();
    venue.observe(hourBar(2, [100, 101, 90, 100, 1000], 'ETH/USD'));
    const stop = { type: 'stop', stopPrice: Decimal.parse('95') } as const;
    const exit = { role: 'stop-loss', side: 'sell', quantity: '1', pricing: stop } as const;
    venue.submit(approvedOrder({ ...exit, count: 3, symbol: 'BTC/USD', position: 1 }));
    venue.submit(approvedOrder({ ...exit, count: 4, symbol: 'ETH/USD', position: 2 }));
    expect(fills).toEqual(['o1 BTC/USD', 'o2 ETH/USD', 'o4 ETH/USD']);
  });
});

it('refuses to report to nobody', () => {
  const venue = plainVenue();
  const order = approvedOrder({
    count: 1,
    role: 'entry',
    side: 'buy',
    quantity: '1',
    pricing: { type: 'market' },
  });
  expect(() => venue.submit(order)).toThrow(InvariantError);
});
