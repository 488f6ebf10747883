import { describe, expect, it } from 'vitest';
import { play, tells } from './bar-script.ts';

describe('stop-limits', () => {
  tells([
    {
      fact: 'rest while the stop is not reached, wherever the limit lies',
      script: `o1 entry buy 10 stop_limit 102/103
               bar 100 101.99 95 100`,
      notes: ``,
    },
    {
      fact: 'fill at the stop where the bar comes to it and the limit allows it',
      script: `o1 entry buy 10 stop_limit 102/103
               o2 entry/p2 sell 10 stop_limit 98/97
               bar 100 102 98 100`,
      notes: `1: o1 buys 10 at 102
              1: o2 sells 10 at 98`,
    },
    {
      fact: 'whose limit is their stop fill there',
      script: `o1 entry buy 10 stop_limit 102/102
               o2 entry/p2 sell 10 stop_limit 98/98
               bar 100 102 98 100`,
      notes: `1: o1 buys 10 at 102
              1: o2 sells 10 at 98`,
    },
    {
      fact: 'fill at the open where that gaps beyond the stop but not beyond the limit',
      script: `o1 entry buy 10 stop_limit 102/103
               o2 entry/p2 buy 10 stop_limit 102/104
               bar 103 105 102.9 105
               o3 entry/p3 sell 10 stop_limit 98/97
               bar 97 97 95 96`,
      notes: `1: o1 buys 10 at 103
              1: o2 buys 10 at 103
              2: o3 sells 10 at 97`,
    },
    {
      fact: 'fill at their limit after an open beyond it, where the bar trades through it later',
      script: `o1 entry buy 10 stop_limit 102/103
               o2 entry/p2 buy 10 stop_limit 102/102.5
               bar 105 106 102.5 106`,
      notes: `1: o1 buys 10 at 103`,
    },
    {
      fact: 'rest as a limit after an open beyond it, for as long as it takes',
      script: `o1 entry buy 10 stop_limit 102/103
               bar 105 106 104 105
               bar 105 106 104 105
               bar 104 104 100 101`,
      notes: `3: o1 buys 10 at 103`,
    },
    {
      fact: 'get a better open once they rest as a limit',
      script: `o1 entry buy 10 stop_limit 102/103
               bar 105 106 104 105
               bar 99 99 98 99`,
      notes: `2: o1 buys 10 at 99`,
    },
    {
      fact: 'do not fill at a price of the trigger bar that may have come before the trigger',
      script: `o1 entry buy 10 stop_limit 102/99
               o2 entry/p2 sell 10 stop_limit 98/101
               bar 100 103 97 100
               bar 100 101.5 98.5 100`,
      notes: `2: o1 buys 10 at 99
              2: o2 sells 10 at 101`,
    },
    {
      fact: 'fill at their limit where the close proves that the market came back after the trigger',
      script: `o1 entry buy 10 stop_limit 102/99
               bar 100 103 98 98.5
               o2 entry/p2 sell 10 stop_limit 98/101
               bar 99 102 97 101.5`,
      notes: `1: o1 buys 10 at 99
              2: o2 sells 10 at 101`,
    },
    {
      fact: 'take a close at the limit for no proof: a limit must be traded through',
      script: `o1 entry buy 10 stop_limit 102/99
               bar 100 103 98 99`,
      notes: ``,
    },
    {
      fact: 'that triggered can be called back while they rest',
      script: `o1 entry buy 10 stop_limit 102/103
               bar 105 106 104 105
               cancel o1
               bar 102 103 100 101`,
      notes: `1: o1 canceled, asked to`,
    },
    {
      fact: 'of exits that the bar opens beyond go before whoever buys at the open',
      script: `o1 entry buy 10 market
               bar 100 101 99 100
               end
               o2 entry/p2 buy 10 market
               o3 stop-loss sell 10 stop_limit 98/96
               bar 97 98 96 97`,
      notes: `1: o1 buys 10 at 100
              2: o3 sells 10 at 97
              2: o2 buys 10 at 97`,
    },
    {
      fact: 'of exits wait where the market falls past their limit: they are no sure way out',
      script: `o1 entry buy 10 market
               bar 100 101 99 100
               end
               o2 stop-loss sell 10 stop_limit 98/97
               bar 95 96 90 91
               bar 91 97.5 90 92`,
      notes: `1: o1 buys 10 at 100
              3: o2 sells 10 at 97`,
    },
  ]);
  tells(
    [
      {
        fact: 'take a close at the limit for proof where a touch is enough',
        script: `o1 entry buy 10 stop_limit 102/99
                 bar 100 103 98 99`,
        notes: `1: o1 buys 10 at 99`,
      },
    ],
    { limitFill: 'touch' },
  );
  tells(
    [
      {
        fact: 'leave what volume does not fill at the trigger as a limit',
        script: `o1 entry buy 10 stop_limit 102/103
                 bar 100 103 99 102 600
                 bar 104 105 103.5 104 2000
                 bar 104 105 102 104 2000`,
        notes: `1: o1 buys 6 at 102 (4 left)
                3: o1 buys 4 at 103`,
      },
      {
        fact: 'by which a position leaves end its entry once they trigger, filled or not',
        script: `o1 entry buy 9 market
                 bar 100 101 99 100 400
                 end
                 o2 stop-loss sell 4 stop_limit 98/97
                 bar 96 96.5 95 96 400`,
        notes: `1: o1 buys 4 at 100 (5 left)
                2: o1 canceled, stop triggered`,
      },
    ],
    { maxVolumeShare: 0.01 },
  );

  it('take liquidity at the trigger, and make it once they rest', () => {
    const { fills } = play(
      `o1 entry buy 10 stop_limit 102/103
       o2 entry/p2 buy 10 stop_limit 99/99.5
       bar 100 103 99.2 102 600
       bar 103 104 99 103 2000`,
      { maxVolumeShare: 0.01 },
    );
    expect(fills.map(({ orderId, liquidity }) => [orderId, liquidity])).toEqual([
      ['o1', 'taker'],
      ['o1', 'maker'],
      ['o2', 'maker'],
    ]);
  });
});
