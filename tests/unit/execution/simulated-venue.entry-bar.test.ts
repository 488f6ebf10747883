import { describe } from 'vitest';
import { tells } from './bar-script.ts';

const AT_OPEN = `o1 entry buy 10 market with-stop
                 bar 100 106 97 100
                 o2 stop-loss sell 10 stop 98
                 o3 take-profit sell 10 limit 105`;
const INSIDE = `o1 entry buy 10 limit 99
                bar 100 106 95 100
                o2 stop-loss sell 10 stop 97
                o3 take-profit sell 10 limit 105`;

describe('exits of the entry bar', () => {
  describe('where cautious', () => {
    tells([
      {
        fact: 'meet it after an entry at the open, the stop first',
        script: AT_OPEN,
        notes: `1: o1 buys 10 at 100
                1: o2 sells 10 at 98
                1: o3 canceled, group filled`,
      },
      {
        fact: 'count its whole range against an entry inside it',
        script: INSIDE,
        notes: `1: o1 buys 10 at 99
                1: o2 sells 10 at 97
                1: o3 canceled, group filled`,
      },
    ]);
  });

  describe('at the open only', () => {
    tells(
      [
        {
          fact: 'meet it after an entry at the open, the stop first',
          script: AT_OPEN,
          notes: `1: o1 buys 10 at 100
                  1: o2 sells 10 at 98
                  1: o3 canceled, group filled`,
        },
        {
          fact: 'meet it after an entry at the open, the target where the stop is not reached',
          script: `o1 entry buy 10 market with-stop
                   bar 100 106 99 100
                   o2 stop-loss sell 10 stop 98
                   o3 take-profit sell 10 limit 105`,
          notes: `1: o1 buys 10 at 100
                  1: o3 sells 10 at 105
                  1: o2 canceled, group filled`,
        },
        {
          fact: 'wait for the next bar after an entry inside it',
          script: `${INSIDE}
                   bar 100 104 96 100`,
          notes: `1: o1 buys 10 at 99
                  2: o2 sells 10 at 97
                  2: o3 canceled, group filled`,
        },
      ],
      { entryBarExits: 'at_open' },
    );
  });

  describe('never', () => {
    tells(
      [
        {
          fact: 'wait for the next bar after an entry at the open',
          script: `${AT_OPEN}
                   bar 100 105.5 99 100`,
          notes: `1: o1 buys 10 at 100
                  2: o3 sells 10 at 105
                  2: o2 canceled, group filled`,
        },
        {
          fact: 'wait for the next bar after an entry inside it',
          script: `${INSIDE}
                   bar 96 104 96 100`,
          notes: `1: o1 buys 10 at 99
                  2: o2 sells 10 at 96
                  2: o3 canceled, group filled`,
        },
        {
          fact: 'do not trail what the entry bar did',
          script: `o1 entry buy 10 market with-stop
                   bar 100 106 99 100
                   o2 stop-loss sell 10 trailing_stop 98~2
                   bar 100 100 98.5 99`,
          notes: `1: o1 buys 10 at 100`,
        },
      ],
      { entryBarExits: 'never' },
    );
  });
});
