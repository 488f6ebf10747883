import { describe } from 'vitest';
import { tells } from './bar-script.ts';

describe('protection of a position entered in the running bar', () => {
  tells([
    {
      fact: 'fires in the same bar, stop first, after an entry at the open',
      script: `o1 entry buy 10 market with-stop
               bar 100 106 97 100
               o2 stop-loss sell 10 stop 98
               o3 take-profit sell 10 limit 105`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 98
              1: o3 canceled, group filled`,
    },
    {
      fact: 'takes the stop first even if the take-profit arrives before it',
      script: `o1 entry buy 10 market with-stop
               bar 100 106 97 100
               o2 take-profit sell 10 limit 105
               o3 stop-loss sell 10 stop 98`,
      notes: `1: o1 buys 10 at 100
              1: o3 sells 10 at 98
              1: o2 canceled, group filled`,
    },
    {
      fact: 'takes profit in the same bar where its stop is not reached',
      script: `o1 entry buy 10 market with-stop
               bar 100 106 99 100
               o2 take-profit sell 10 limit 105
               o3 stop-loss sell 10 stop 98`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 105
              1: o3 canceled, group filled`,
    },
    {
      fact: 'takes profit in the same bar where no stop was announced',
      script: `o1 entry buy 10 market
               bar 100 106 99 100
               o2 take-profit sell 10 limit 105`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 105`,
    },
    {
      fact: 'fills at the open where the stop lies beyond it already',
      script: `o1 entry buy 10 market with-stop
               bar 100 106 99 100
               o2 stop-loss sell 10 stop 101`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 100`,
    },
    {
      fact: 'fills at the open where the take-profit is worse than it already',
      script: `o1 entry buy 10 market
               bar 100 106 99 100
               o2 take-profit sell 10 limit 95`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 100`,
    },
    {
      fact: 'after an entry inside the bar stops out, but takes no profit before the next bar',
      script: `o1 entry buy 10 limit 98
               bar 100 106 97 100
               o2 stop-loss sell 10 stop 96
               o3 take-profit sell 10 limit 105
               bar 100 106 97 100`,
      notes: `1: o1 buys 10 at 98
              2: o3 sells 10 at 105
              2: o2 canceled, group filled`,
    },
    {
      fact: 'after an entry inside the bar stops out where the low lies beyond the stop',
      script: `o1 entry buy 10 stop 104
               bar 100 106 97 100
               o2 stop-loss sell 10 stop 99`,
      notes: `1: o1 buys 10 at 104
              1: o2 sells 10 at 99`,
    },
    {
      fact: 'never sells above the entry price where a stop lies above an entry inside the bar',
      script: `o1 entry buy 10 limit 98
               bar 100 106 97 100
               o2 stop-loss sell 10 stop 99`,
      notes: `1: o1 buys 10 at 98
              1: o2 sells 10 at 98`,
    },
    {
      fact: 'meets the whole bar after a limit entry that the open filled',
      script: `o1 entry buy 10 limit 101
               bar 100 106 99 100
               o2 take-profit sell 10 limit 105`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 105`,
    },
    {
      fact: 'meets the whole bar after a stop entry that the open reached exactly',
      script: `o1 entry buy 10 stop 100
               o2 entry/p2 sell 10 stop 100
               bar 100 106 94 100
               o3 take-profit sell 10 limit 105
               o4 take-profit/p2 buy 10 limit 95`,
      notes: `1: o1 buys 10 at 100
              1: o2 sells 10 at 100
              1: o3 sells 10 at 105
              1: o4 buys 10 at 95`,
    },
    {
      fact: 'does not take the stop of another position for its own',
      script: `o1 entry buy 10 market with-stop
               o2 entry/p2 buy 10 market with-stop
               bar 100 106 97 100
               o3 take-profit sell 10 limit 105
               o4 stop-loss/p2 sell 10 stop 90`,
      notes: `1: o1 buys 10 at 100
              1: o2 buys 10 at 100`,
    },
    {
      fact: 'of a short position fires in the same bar as well',
      script: `o1 entry sell 10 market with-stop
               bar 100 103 94 100
               o2 stop-loss buy 10 stop 102
               o3 take-profit buy 10 limit 95`,
      notes: `1: o1 sells 10 at 100
              1: o2 buys 10 at 102
              1: o3 canceled, group filled`,
    },
    {
      fact: 'waits for the next bar once the entry bar is settled',
      script: `o1 entry buy 10 market with-stop
               bar 100 106 97 100
               end
               o2 stop-loss sell 10 stop 98
               bar 100 101 99 100`,
      notes: `1: o1 buys 10 at 100`,
    },
    {
      fact: 'sent for a position entered earlier waits for the next bar',
      script: `o1 entry buy 10 market
               bar 100 101 99 100
               bar 100 101 97 100
               o2 stop-loss sell 10 stop 98
               bar 100 101 99 100`,
      notes: `1: o1 buys 10 at 100`,
    },
    {
      fact: 'leaves other orders of the symbol alone',
      script: `o1 entry buy 10 market
               o2 entry/p2 buy 5 limit 90
               bar 100 101 97 100
               o3 stop-loss sell 10 stop 98`,
      notes: `1: o1 buys 10 at 100
              1: o3 sells 10 at 98`,
    },
  ]);
});

describe('exits of one group', () => {
  tells(
    [
      {
        fact: 'give up what another of them took',
        script: `o1 entry buy 10 market
                 bar 100 101 99 100 2000
                 end
                 o2 stop-loss sell 10 stop 98
                 o3 take-profit sell 10 limit 105
                 bar 100 106 99 104 600
                 bar 100 101 97 98 2000`,
        notes: `1: o1 buys 10 at 100
                2: o3 sells 6 at 105 (4 left)
                3: o2 sells 4 at 98
                3: o3 canceled, group filled`,
      },
      {
        fact: 'end with the position, however much of them is left',
        script: `o1 entry buy 4 market
                 bar 100 101 99 100 2000
                 end
                 o2 stop-loss sell 10 stop 98
                 o3 take-profit sell 4 limit 105
                 bar 100 106 99 104 2000`,
        notes: `1: o1 buys 4 at 100
                2: o3 sells 4 at 105
                2: o2 canceled, group filled`,
      },
      {
        fact: 'never sell more than the position holds, and lose the rest',
        script: `o1 entry buy 4 market
                 bar 100 101 99 100 2000
                 end
                 o2 exit sell 10 market
                 bar 102 103 101 102 2000`,
        notes: `1: o1 buys 4 at 100
                2: o2 sells 4 at 102 (6 left)
                2: o2 canceled, position closed`,
      },
      {
        fact: 'are canceled on arrival where the position holds nothing any more',
        script: `o1 exit sell 10 market
                 bar 102 103 101 102 2000`,
        notes: `0: o1 canceled, group filled`,
      },
      {
        fact: 'leave the exits of another position alone',
        script: `o1 entry buy 10 market
                 o2 entry/p2 buy 10 market
                 bar 100 101 99 100 2000
                 end
                 o3 stop-loss sell 10 stop 98
                 o4 stop-loss/p2 sell 10 stop 97
                 bar 100 101 97.5 99 2000
                 bar 100 101 96 99 2000`,
        notes: `1: o1 buys 10 at 100
                1: o2 buys 10 at 100
                2: o3 sells 10 at 98
                3: o4 sells 10 at 97`,
      },
    ],
    { maxVolumeShare: 0.01 },
  );
});
