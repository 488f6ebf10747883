import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { slippageModel } from '../../../src/execution/slippage.ts';
import { play, plainVenue, quoteAfter, tells } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

describe('an order at the market', () => {
  tells(
    [
      {
        fact: 'buys at once at what is asked',
        script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 market
        quote 99.9 100.2
        bar 105 106 104 105`,
        notes: '1: o1 buys 10 at 100.2',
      },
      {
        fact: 'sells at once at what is bid',
        script: `
        bar 100 101 99 100
        end
        o1 entry sell 10 market
        quote 99.9 100.2`,
        notes: '1: o1 sells 10 at 99.9',
      },
      {
        fact: 'fills at the next open where nobody quotes',
        script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 market
        bar 105 106 104 105`,
        notes: '2: o1 buys 10 at 105',
      },
      {
        fact: 'fills whole, though no more than a share of a bar would',
        script: `
        bar 100 101 99 100 1000
        end
        o1 entry buy 500 market
        quote 100 100`,
        notes: '1: o1 buys 500 at 100',
      },
      {
        fact: 'that takes what it gets is done with the first quote, as is one for all or nothing',
        script: `
        bar 100 101 99 100
        end
        o1 entry buy 20000 market ioc
        o2 entry/p2 buy 1 market fok
        quote 100 100
        bar 100 101 99 100`,
        notes: `
        1: o1 buys 10000 at 100 (10000 left)
        1: o1 canceled, insufficient funds
        1: o2 canceled, not all of it filled at once`,
      },
      {
        fact: 'fills at the close of the bar around the quote it arrived after, not at its open',
        script: `
        bar 100 101 99 100
        end
        o1 entry buy 1 market
        quote 100 100
        o2 exit sell 1 market
        bar 90 110 90 104`,
        notes: `
        1: o1 buys 1 at 100
        2: o2 sells 1 at 104`,
      },
    ],
    { maxVolumeShare: 0.1 },
  );

  it('pays for its size on top of what is asked, and no spread again', () => {
    const script = `
      bar 100 101 99 100
      end
      o1 entry buy 10 market
      quote 99 101`;
    const slippage = slippageModel({ model: 'volume_based', base: 0.01, perThousand: 0.005 });
    const [fill] = play(script, { slippage }).fills;
    // 1,010 of notional at 0.005 a thousand: 0.00505 of 101.
    expect(fill?.price.toString()).toBe('101.51005');
    expect(fill?.impact.toString()).toBe('5.1005');
    expect(fill?.rawPrice.toString()).toBe('101');
    expect(fill?.time).toBe(2 * HOUR_MS + 10 * MINUTE_MS);
    expect(fill?.liquidity).toBe('taker');
  });
});

describe('a limit order', () => {
  tells([
    {
      fact: 'that rests fills at its limit once the other side has traded through',
      script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 limit 98
        quote 97.9 98
        quote 97.4 97.5`,
      notes: '1: o1 buys 10 at 98',
    },
    {
      fact: 'that the market has passed already fills at what is asked',
      script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 limit 102
        quote 100 100.5`,
      notes: '1: o1 buys 10 at 100.5',
    },
    {
      fact: 'that takes what it gets and is not reached is gone',
      script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 limit 99 ioc
        quote 99 100`,
      notes: '1: o1 canceled, not filled at once',
    },
    {
      fact: 'still meets the whole bar around quotes that passed it by',
      script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 limit 98
        quote 99 99.1
        bar 100 101 97 100`,
      notes: '2: o1 buys 10 at 98',
    },
    {
      fact: 'placed after a quote waits for the bar after: its own may have been there before',
      script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 market
        quote 100 100
        o2 take-profit sell 10 limit 103
        bar 100 105 99 100
        bar 100 105 99 100`,
      notes: `
        1: o1 buys 10 at 100
        3: o2 sells 10 at 103`,
    },
    {
      fact: 'placed after a quote does not meet that one',
      script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 market
        quote 100 100
        o2 take-profit sell 10 limit 99
        quote 100 100`,
      notes: '1: o1 buys 10 at 100',
    },
    {
      fact: 'placed after a quote fills at a later one',
      script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 market
        quote 100 100
        o2 take-profit sell 10 limit 103
        quote 103.5 104
        quote 103.5 104 @11`,
      notes: `
        1: o1 buys 10 at 100
        1: o2 sells 10 at 103`,
    },
  ]);

  it('fills where the other side touches it, by that rule', () => {
    const script = `
      bar 100 101 99 100
      end
      o1 entry buy 10 limit 98
      quote 97.9 98`;
    expect(play(script, { limitFill: 'touch' }).notes).toEqual(['1: o1 buys 10 at 98']);
    expect(play(script).notes).toEqual([]);
  });
});

describe('a stop', () => {
  const HELD = `
    bar 100 101 99 100
    end
    o1 entry buy 10 market
    quote 100 100 @1
    o2 stop-loss sell 10 stop 95`;
  tells([
    {
      fact: 'triggers by what is bid and fills there',
      script: `${HELD}
        quote 95.1 95.2 @2
        quote 94 96 @3`,
      notes: `
        1: o1 buys 10 at 100
        1: o2 sells 10 at 94`,
    },
    {
      fact: 'does not trigger by the other side',
      script: `${HELD}
        o3 entry/p3 buy 1 stop 105
        quote 104.9 104.9 @2
        quote 106 106 @3`,
      notes: `
        1: o1 buys 10 at 100
        1: o3 buys 1 at 106`,
    },
    {
      fact: 'counts the whole range of the bar around its placing as yet to come',
      script: `${HELD}
        bar 90 101 90 100`,
      notes: `
        1: o1 buys 10 at 100
        2: o2 sells 10 at 95`,
    },
    {
      fact: 'is taken before an entry and before a limit',
      script: `${HELD}
        o3 entry/p3 buy 1 limit 96
        o4 take-profit sell 10 limit 90
        quote 90.5 90.5 @2`,
      notes: `
        1: o1 buys 10 at 100
        1: o2 sells 10 at 90.5
        1: o4 canceled, group filled
        1: o3 buys 1 at 96`,
    },
    {
      fact: 'cannot be called back once it has triggered, and rests as a limit where it has one',
      script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 stop_limit 105/104
        quote 104.5 105.5
        bar 100 106 100 105
        bar 103 106 103 105`,
      notes: '3: o1 buys 10 at 103',
    },
  ]);

  it('does not meet the bar its position was entered in where exits wait for the next', () => {
    const script = `${HELD}
      bar 90 101 90 100
      bar 90 101 90 100`;
    for (const entryBarExits of ['never', 'at_open'] as const) {
      expect(play(script, { entryBarExits }).notes).toEqual([
        '1: o1 buys 10 at 100',
        '3: o2 sells 10 at 90',
      ]);
    }
  });

  it('carries the time of the quote before it where the bar around both reached it', () => {
    const { fills } = play(`${HELD}
      bar 90 101 90 100`);
    expect(fills.map(({ time }) => time)).toEqual([2, 2].map((h) => h * HOUR_MS + MINUTE_MS));
  });
});

describe('what ends by itself', () => {
  tells(
    [
      {
        fact: 'ends with the first quote after its end',
        script: `
        bar 100 101 99 100
        end
        o1 entry buy 10 limit 98 gtd@2.5
        quote 99 99.5 @29
        quote 90 90 @30`,
        notes: '1: o1 expired, its time is over',
      },
      {
        fact: 'is an entry whose group another took at a quote',
        script: `
        bar 100 101 99 100
        end
        o1 entry buy 1 stop 105 group=a
        o2 entry/p2 sell 1 stop 95 group=a
        quote 106 106`,
        notes: `
        1: o1 buys 1 at 106
        1: o2 canceled, another of its group filled`,
      },
      {
        fact: 'is the lending of a day, paid for at the first quote of the next that moves anything',
        script: `
        ${Array.from({ length: 22 }, () => 'bar 100 100 100 100').join('\n')}
        end
        o1 entry sell 10 market
        quote 100 100 @10
        o2 entry/p2 buy 1 market
        quote 100 100 @61
        bar 100 100 100 100`,
        notes: `
        22: o1 sells 10 at 100
        22: borrow-fee 0.1
        22: o2 buys 1 at 100`,
      },
    ],
    { margin: { initial: 1, borrowRate: 0.0365, interestRate: 0 } },
  );
});

describe('a quote', () => {
  const venueWith = (script: string) => play(script).venue;
  const OPEN = `
    bar 100 101 99 100
    end
    o1 entry buy 10 limit 98`;

  it('moves nothing where no order waits for its price', () => {
    const venue = venueWith(OPEN);
    const moved = (...words: readonly string[]) => venue.isMovedBy(quoteAfter(1, words));
    expect(moved('98', '98.1')).toBe(false);
    expect(moved('97', '97.5')).toBe(true);
    expect(venue.isMovedBy({ symbol: 'ETH/USD', bid: 1, ask: 1, time: HOUR_MS * 9 })).toBe(false);
  });

  it.each([
    ['at the last close', ['97', '97', '@0']],
    ['before it', ['97', '97', '@-5']],
    ['with more bid than asked', ['97.5', '97']],
    ['of an empty book', ['0', '97']],
    ['of no number', ['97', 'Infinity']],
  ])('is ignored: %s', (_why, words) => {
    const venue = venueWith(OPEN);
    const before = venue.snapshot();
    expect(venue.isMovedBy(quoteAfter(1, words))).toBe(false);
    venue.quote(quoteAfter(1, words));
    expect(venue.snapshot()).toEqual(before);
  });

  it('is ignored where a later one has filled something', () => {
    const script = `${OPEN}
      o2 entry/p2 buy 1 market
      quote 100 100 @5
      quote 90 90 @4`;
    expect(play(script).notes).toEqual(['1: o2 buys 1 at 100']);
  });

  it('fills an order of a symbol without a bar, which then counts at its middle', () => {
    const venue = plainVenue({ initialCash: Decimal.parse('1000') });
    const prices: string[] = [];
    venue.connect({
      charged: () => undefined,
      updated: () => undefined,
      filled: ({ price }) => prices.push(price.toString()),
    });
    const order = {
      role: 'entry',
      side: 'sell',
      quantity: '4',
      pricing: { type: 'market' },
    } as const;
    venue.submit(approvedOrder({ ...order, count: 1, symbol: 'ETH/USD' }));
    expect(venue.workingSymbols()).toEqual(['ETH/USD']);
    venue.quote({ symbol: 'ETH/USD', bid: 99, ask: 101, time: 5 });
    expect(venue.workingSymbols()).toEqual([]);
    venue.submit(approvedOrder({ ...order, count: 2, position: 2, side: 'buy', quantity: '20' }));
    venue.quote({ symbol: 'BTC/USD', bid: 50, ask: 50, time: 6 });
    // Of 1,000 + 4 × 99 the value of the loan, 4 × 100, is bound twice: 596 are free to spend.
    expect([...prices, venue.cash.toString()]).toEqual(['99', '50', '800']);
  });

  it('leaves symbols without open orders out of those that are worth asking for', () => {
    expect(venueWith(OPEN).workingSymbols()).toEqual(['BTC/USD']);
    expect(venueWith(`${OPEN}\ncancel o1`).workingSymbols()).toEqual([]);
    expect(venueWith('bar 100 101 99 100').workingSymbols()).toEqual([]);
  });
});
