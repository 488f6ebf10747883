import { describe, expect, it } from 'vitest';
import { play, tells } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

describe('a trailing stop between bars', () => {
  const HELD = `
    bar 100 101 99 100
    end
    o1 entry buy 10 market
    bar 100 101 99 100
    end
    o2 stop-loss sell 10 trailing_stop 95~5`;
  const stopAfter = (script: string, options = {}) =>
    play(script, options).venue.workingStop(approvedOrder(SELL).id)?.toString() ?? null;
  const SELL = {
    count: 2,
    role: 'stop-loss',
    side: 'sell',
    quantity: '10',
    pricing: { type: 'market' },
  } as const;

  it('follows what is bid, and never back', () => {
    expect(stopAfter(`${HELD}\nquote 102 103 @1`)).toBe('97');
    expect(stopAfter(`${HELD}\nquote 102 103 @1\nquote 101 102 @2`)).toBe('97');
  });

  it('that closes move is left alone', () => {
    const options = { trailingReference: 'close' } as const;
    expect(stopAfter(`${HELD}\nquote 102 103 @1`, options)).toBe('95');
  });

  it('stays where quotes moved it when the bar around them is over, and after a restart', () => {
    const moved = `${HELD}\nquote 104 105 @1`;
    expect(stopAfter(`${moved}\nbar 101 103 97 102`)).toBe('99');
    expect(stopAfter(`${moved}\nrestart\nbar 101 103 97 102`)).toBe('99');
    expect(stopAfter(`${moved}\nbar 101 103 97 102 0`)).toBe('99');
  });

  tells(
    [
      {
        fact: 'fills where quotes moved it when one comes back to it',
        script: `${HELD}
        quote 104 105 @1
        quote 99 100 @2`,
        notes: `
        2: o1 buys 10 at 100
        2: o2 sells 10 at 99`,
      },
      {
        fact: 'is not hit by an open that lay below before quotes moved it',
        script: `${HELD}
        quote 110 111 @1
        bar 101 111 101 108
        bar 107 108 100 101`,
        notes: `
        2: o1 buys 10 at 100
        4: o2 sells 10 at 106`,
      },
      {
        fact: 'fills where it stood at the open when the bar around the quotes came to that',
        script: `${HELD}
        quote 110 111 @1
        bar 101 111 94 108`,
        notes: `
        2: o1 buys 10 at 100
        3: o2 sells 10 at 95`,
      },
      {
        fact: 'was hit where quotes moved it when the bar around them closes beyond',
        script: `${HELD}
        quote 110 111 @1
        bar 101 104 101 104`,
        notes: `
        2: o1 buys 10 at 100
        3: o2 sells 10 at 105`,
      },
      {
        fact: 'was hit there, too, when it was placed within that bar',
        script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 market
        quote 100 100 @1
        o2 stop-loss sell 10 trailing_stop 95~5
        quote 110 111 @2
        bar 101 111 101 104`,
        notes: `
        1: o1 buys 10 at 100
        2: o2 sells 10 at 105`,
      },
      {
        fact: 'stands where quotes moved it when nobody traded in the bar around them',
        script: `${HELD}
        quote 104 105 @1
        bar 101 103 97 102 0
        bar 103 104 98 103`,
        notes: `
        2: o1 buys 10 at 100
        4: o2 sells 10 at 99`,
      },
      {
        fact: 'is not hit by a bar that closed before quotes moved it',
        script: `${HELD}
        quote 110 111 @61
        bar 101 104 101 104
        bar 110 111 108 110
        bar 110 110 104 110`,
        notes: `
        2: o1 buys 10 at 100
        5: o2 sells 10 at 106`,
      },
      {
        fact: 'goes on from one taken back, though the venue was restarted in between',
        script: `${HELD}
        quote 110 111 @1
        cancel o2
        restart
        o3 stop-loss sell 10 trailing_stop 95~5
        quote 104 105 @2`,
        notes: `
        2: o1 buys 10 at 100
        2: o2 canceled, asked to
        2: o3 sells 10 at 104`,
      },
    ],
    { maxVolumeShare: 1 },
  );
});
