import { describe } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { tells } from './bar-script.ts';

const LONG = `o1 entry buy 10 market
              bar 100 101 99 100
              end`;

describe('trailing stops', () => {
  tells([
    {
      fact: 'begin at their stop price',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 100 98 99`,
      notes: `1: o1 buys 10 at 100
              2: o2 sells 10 at 98`,
    },
    {
      fact: 'follow the highs at their distance',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 105 100 104
               bar 104 104.5 103 103`,
      notes: `1: o1 buys 10 at 100
              3: o2 sells 10 at 103`,
    },
    {
      fact: 'follow at a fraction of the price',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2%
               bar 100 110 100 109
               bar 109 109 107.8 108`,
      notes: `1: o1 buys 10 at 100
              3: o2 sells 10 at 107.8`,
    },
    {
      fact: 'never go back when the market does',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 105 100 104
               bar 104 104 103.1 103.2
               bar 103.2 103.3 103 103.1`,
      notes: `1: o1 buys 10 at 100
              4: o2 sells 10 at 103`,
    },
    {
      fact: 'fill at the open where the bar gaps below them',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 105 100 104
               bar 101 106 100 104`,
      notes: `1: o1 buys 10 at 100
              3: o2 sells 10 at 101`,
    },
    {
      fact: 'are checked as they stood at the start of a bar before its high moves them',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 110 98 100`,
      notes: `1: o1 buys 10 at 100
              2: o2 sells 10 at 98`,
    },
    {
      fact: 'were hit after the high where the bar closes at the stop it moved them to',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 105 100 103`,
      notes: `1: o1 buys 10 at 100
              2: o2 sells 10 at 103`,
    },
    {
      fact: 'were hit after the high where the bar closes beyond the stop it moved them to',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 105 99 101`,
      notes: `1: o1 buys 10 at 100
              2: o2 sells 10 at 103`,
    },
    {
      fact: 'are left alone by a low that may have come before the high',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 105 99 104
               bar 104 104 103 104`,
      notes: `1: o1 buys 10 at 100
              3: o2 sells 10 at 103`,
    },
    {
      fact: 'of a buy follow the lows, and enter where the market turns',
      script: `o1 entry buy 10 trailing_stop 103~3
               bar 100 102 95 96
               bar 96 97 94 95
               bar 95 98 94.5 97`,
      notes: `3: o1 buys 10 at 97`,
    },
    {
      fact: 'of a buy were hit after the low where the bar closes above',
      script: `o1 entry buy 10 trailing_stop 103~3
               bar 100 102 95 99`,
      notes: `1: o1 buys 10 at 98`,
    },
    {
      fact: 'come after a take-profit that the market passed on its way to the high',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               o3 take-profit sell 10 limit 104
               bar 100 105 99 101`,
      notes: `1: o1 buys 10 at 100
              2: o3 sells 10 at 104
              2: o2 canceled, group filled`,
    },
    {
      fact: 'come before a take-profit where the stop that stood before the bar is hit',
      script: `${LONG}
               o2 stop-loss sell 10 trailing_stop 98~2
               o3 take-profit sell 10 limit 104
               bar 100 105 98 101`,
      notes: `1: o1 buys 10 at 100
              2: o2 sells 10 at 98
              2: o3 canceled, group filled`,
    },
  ]);

  describe('on the tick', () => {
    tells(
      [
        {
          fact: 'are rounded towards the market, so that no trail grows',
          script: `${LONG}
                   o2 exit sell 10 trailing_stop 98~2.2
                   bar 100 105 100 104
                   bar 104 104 103 104`,
          notes: `1: o1 buys 10 at 100
                  3: o2 sells 10 at 103`,
        },
        {
          fact: 'stay a tick away from the price they follow',
          script: `${LONG}
                   o2 exit sell 10 trailing_stop 98~0.1
                   bar 100 105 100 105
                   bar 105 105 104.5 105`,
          notes: `1: o1 buys 10 at 100
                  3: o2 sells 10 at 104.5`,
        },
      ],
      { instrument: { tickSize: Decimal.parse('0.5') } },
    );
  });

  describe('moved by closes', () => {
    tells(
      [
        {
          fact: 'stand for a whole bar where the closes before it put them',
          script: `${LONG}
                   o2 exit sell 10 trailing_stop 98~2
                   bar 100 110 99 104
                   bar 104 120 102.5 105
                   bar 105 105 103 104`,
          notes: `1: o1 buys 10 at 100
                  4: o2 sells 10 at 103`,
        },
        {
          fact: 'are not hit by the close that moves them',
          script: `${LONG}
                   o2 exit sell 10 trailing_stop 98~2
                   bar 100 110 99 101
                   bar 101 101 99.5 101
                   bar 101 101 99 100`,
          notes: `1: o1 buys 10 at 100
                  4: o2 sells 10 at 99`,
        },
      ],
      { trailingReference: 'close' },
    );
  });

  describe('in a bar without volume', () => {
    tells(
      [
        {
          fact: 'do not move: nobody traded',
          script: `o1 entry buy 1 market
                   bar 100 101 99 100 1000
                   end
                   o2 exit sell 1 trailing_stop 98~2
                   bar 110 110 110 110 0
                   bar 100 100 99 100 1000`,
          notes: `1: o1 buys 1 at 100`,
        },
      ],
      { maxVolumeShare: 0.01 },
    );
  });
});

describe('trailing protection of a position entered in the running bar', () => {
  tells([
    {
      fact: 'begins at the fill, and follows the high after an entry at the open',
      script: `o1 entry buy 10 market with-stop
               bar 100 105 99 104
               o2 stop-loss sell 10 trailing_stop 98~2
               bar 104 104 103 104`,
      notes: `1: o1 buys 10 at 100
              2: o2 sells 10 at 103`,
    },
    {
      fact: 'fires in the entry bar where that closes beyond the stop its high moved',
      script: `o1 entry buy 10 market with-stop
               bar 100 105 99 101
               o2 stop-loss sell 10 trailing_stop 98~2`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 103`,
    },
    {
      fact: 'fires where it began when the low reaches that',
      script: `o1 entry buy 10 market with-stop
               bar 100 105 98 101
               o2 stop-loss sell 10 trailing_stop 98~2`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 98`,
    },
    {
      fact: 'lets a take-profit that was passed on the way to the high go first',
      script: `o1 entry buy 10 market with-stop with-target
               bar 100 105 99 101
               o2 stop-loss sell 10 trailing_stop 98~2
               o3 take-profit sell 10 limit 104`,
      notes: `1: o1 buys 10 at 100
              1: o3 sells 10 at 104
              1: o2 canceled, group filled`,
    },
    {
      fact: 'fires after the high once a take-profit that it does not reach has arrived',
      script: `o1 entry buy 10 market with-stop with-target
               bar 100 105 99 101
               o2 stop-loss sell 10 trailing_stop 98~2
               o3 take-profit sell 10 limit 106`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 103
              1: o3 canceled, group filled`,
    },
    {
      fact: 'is not checked against the low again once the high has moved it',
      script: `o1 entry buy 10 market with-stop
               bar 100 105 99 104
               o2 stop-loss sell 10 trailing_stop 98~2
               o3 take-profit sell 10 limit 106`,
      notes: `1: o1 buys 10 at 100`,
    },
    {
      fact: 'after an entry inside the bar follows its close only: the high may have been before',
      script: `o1 entry buy 10 limit 98
               bar 100 110 97 99
               o2 stop-loss sell 10 trailing_stop 96~2
               bar 99 99 97.5 98
               bar 98 98 97 98`,
      notes: `1: o1 buys 10 at 98
              3: o2 sells 10 at 97`,
    },
  ]);
  tells(
    [
      {
        fact: 'follows the close of the entry bar where closes move it',
        script: `o1 entry buy 10 market with-stop
                 bar 100 105 99 101
                 o2 stop-loss sell 10 trailing_stop 98~2
                 bar 101 101 99 100`,
        notes: `1: o1 buys 10 at 100
                2: o2 sells 10 at 99`,
      },
    ],
    { trailingReference: 'close' },
  );
});

describe('a trailing stop in the place of another', () => {
  tells([
    {
      fact: 'goes on from where the order stood that it names',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 105 100 104
               end
               cancel o2
               o3 exit sell 9 trailing_stop 102~2 for=o2
               bar 104 104 102.9 103`,
      notes: `1: o1 buys 10 at 100
              2: o2 canceled, asked to
              3: o3 sells 9 at 103`,
    },
    {
      fact: 'begins anew where it names none and is no stop-loss',
      script: `${LONG}
               o2 exit sell 10 trailing_stop 98~2
               bar 100 105 100 104
               end
               cancel o2
               o3 exit sell 9 trailing_stop 102~2
               bar 104 104 102.9 103`,
      notes: `1: o1 buys 10 at 100
              2: o2 canceled, asked to`,
    },
  ]);
});

describe('a trailing stop-loss in the place of another', () => {
  tells([
    {
      fact: 'goes on from where that one stood',
      script: `${LONG}
               o2 stop-loss sell 10 trailing_stop 98~2
               bar 100 105 100 104
               end
               cancel o2
               o3 stop-loss sell 10 trailing_stop 98~2
               bar 104 104 102.9 103`,
      notes: `1: o1 buys 10 at 100
              2: o2 canceled, asked to
              3: o3 sells 10 at 103`,
    },
    {
      fact: 'is not hit by the part of a bar that came before the high which moved it',
      script: `${LONG}
               o2 stop-loss sell 10 trailing_stop 98~2
               o3 entry buy 5 market
               bar 100 110 99 109
               cancel o2
               o4 stop-loss sell 15 trailing_stop 98~2
               bar 109 109 107.5 108`,
      notes: `1: o1 buys 10 at 100
              2: o3 buys 5 at 100
              2: o2 canceled, asked to
              3: o4 sells 15 at 108`,
    },
    {
      fact: 'begins where it is told to where that is closer',
      script: `${LONG}
               o2 stop-loss sell 10 trailing_stop 98~2
               bar 100 101 100 101
               end
               cancel o2
               o3 stop-loss sell 10 trailing_stop 100.5~2
               bar 101 101 100 100`,
      notes: `1: o1 buys 10 at 100
              2: o2 canceled, asked to
              3: o3 sells 10 at 100.5`,
    },
    {
      fact: 'begins anew where it follows at another distance, or protects another position',
      script: `${LONG}
               o9 entry/p2 buy 10 market
               o2 stop-loss sell 10 trailing_stop 98~2
               bar 100 105 100 104
               end
               cancel o2
               o3 stop-loss sell 10 trailing_stop 98~3
               o4 stop-loss/p2 sell 10 trailing_stop 98~2
               bar 104 104 102.9 103`,
      notes: `1: o1 buys 10 at 100
              2: o9 buys 10 at 100
              2: o2 canceled, asked to`,
    },
    {
      fact: 'goes on downwards for a short',
      script: `o1 entry sell 10 market
               bar 100 101 99 100
               end
               o2 stop-loss buy 10 trailing_stop 102~2%
               bar 100 100 90 91
               end
               cancel o2
               o3 stop-loss buy 10 trailing_stop 102~2%
               bar 91 91.9 91 91`,
      notes: `1: o1 sells 10 at 100
              2: o2 canceled, asked to
              3: o3 buys 10 at 91.8`,
    },
  ]);
});
