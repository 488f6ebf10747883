import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { commissionModel } from '../../../src/execution/commission.ts';
import { slippageModel } from '../../../src/execution/slippage.ts';
import { play, tells } from './bar-script.ts';

describe('volume', () => {
  tells(
    [
      {
        fact: 'of a bar fills at most its share; the rest goes on over later bars',
        script: `o1 entry buy 10 market
                 bar 100 101 99 100 400
                 bar 101 102 100 101 300
                 bar 102 103 101 102 900`,
        notes: `1: o1 buys 4 at 100 (6 left)
                2: o1 buys 3 at 101 (3 left)
                3: o1 buys 3 at 102`,
      },
      {
        fact: 'is shared by all orders of the symbol, first come first served',
        script: `o1 entry buy 3 market
                 o2 entry/p2 buy 3 limit 100
                 o3 entry/p3 sell 3 stop 99.5
                 bar 100 101 99 100 500
                 bar 99 99.1 99 99 500`,
        notes: `1: o1 buys 3 at 100
                1: o3 sells 2 at 99.5 (1 left)
                2: o3 sells 1 at 99
                2: o2 buys 3 at 99`,
      },
      {
        fact: 'cancels the rest of an immediate order',
        script: `o1 entry buy 10 market ioc
                 bar 100 101 99 100 400
                 bar 101 102 100 101 300`,
        notes: `1: o1 buys 4 at 100 (6 left)
                1: o1 canceled, not filled at once`,
      },
      {
        fact: 'of zero fills nothing and cancels an immediate order',
        script: `o1 entry buy 10 market
                 o2 entry/p2 buy 10 limit 101 ioc
                 bar 100 100 100 100 0
                 bar 101 102 100 101 2000`,
        notes: `1: o2 canceled, not filled at once
                2: o1 buys 10 at 101`,
      },
      {
        fact: 'of the entry bar counts for protection that fires in it',
        script: `o1 entry buy 10 market
                 bar 100 101 97 100 1200
                 o2 stop-loss sell 10 stop 98
                 bar 96 97 95 96 2000`,
        notes: `1: o1 buys 10 at 100
                1: o2 sells 2 at 98 (8 left)
                2: o2 sells 8 at 96`,
      },
    ],
    { maxVolumeShare: 0.01 },
  );

  it('rounds the share down to the lot step', () => {
    // 0.01 × 459 = 4.59, in lots of 0.5: 4.5.
    const { notes } = play(`o1 entry buy 10 market\nbar 100 101 99 100 459`, {
      maxVolumeShare: 0.01,
      instrument: { lotStep: Decimal.parse('0.5') },
    });
    expect(notes).toEqual(['1: o1 buys 4.5 at 100 (5.5 left)']);
  });

  it('does not matter, not even at zero, where no limit is set', () => {
    const { notes } = play(`o1 entry buy 10 market\nbar 100 101 99 100 0`);
    expect(notes).toEqual(['1: o1 buys 10 at 100']);
  });
});

describe('funds', () => {
  const commission = commissionModel(
    {
      crypto: { maker: 0, taker: 0.01 },
      stock: { maker: 0, taker: 0 },
      venues: {},
      venueFees: 'collected',
    },
    'none',
  );

  it('cut a buying entry to what price and fee leave, and cancel the rest', () => {
    // 1000 / (100 × 1.01) = 9.90099…, in lots of 0.1: 9.9; 9.9 × 100 × 1.01 = 999.9.
    const { notes, venue } = play(`o1 entry buy 12 market\nbar 100 101 99 100`, {
      commission,
      initialCash: Decimal.parse('1000'),
      instrument: { lotStep: Decimal.parse('0.1') },
    });
    expect(notes).toEqual([
      '1: o1 buys 9.9 at 100 (2.1 left)',
      '1: o1 canceled, insufficient funds',
    ]);
    expect(venue.cash.toString()).toBe('0.1');
  });

  it.each([
    { side: 'buy', quantity: 10, notes: ['1: o1 canceled, insufficient funds'] },
    { side: 'sell', quantity: 10, notes: ['1: o1 canceled, insufficient funds'] },
    { side: 'buy', quantity: 9, notes: ['1: o1 buys 9 at 100'] },
  ])('leave an entry to $side $quantity whole or cancel it, where that is the rule', (each) => {
    // Ten take 1010 with their fee, nine 909.
    const { notes } = play(`o1 entry ${each.side} ${each.quantity} market\nbar 100 101 99 100`, {
      commission,
      shortOfFunds: 'cancel',
      initialCash: Decimal.parse('1000'),
    });
    expect(notes).toEqual(each.notes);
  });

  it('cancel what is left of an entry that volume held back, once it is not paid for', () => {
    const { notes } = play(
      `o1 entry buy 12 market
       bar 100 101 99 100 600
       bar 101 101 99 100 600
       bar 100 101 99 100 600`,
      { shortOfFunds: 'cancel', maxVolumeShare: 0.01, initialCash: Decimal.parse('1000') },
    );
    expect(notes).toEqual(['1: o1 buys 6 at 100 (6 left)', '2: o1 canceled, insufficient funds']);
  });

  it('slip the quantity that fills, not the one that was wished', () => {
    // Slippage 0.1 % a unit: 20 units would cost 102 each, 9 are paid for, and 9 cost 100.9 each.
    const { notes } = play(`o1 entry buy 20 market\nbar 100 101 99 100`, {
      slippage: ({ quantity }) => ({ spread: 0, impact: 0.001 * quantity }),
      initialCash: Decimal.parse('1000'),
      instrument: { lotStep: Decimal.one },
    });
    expect(notes[0]).toBe('1: o1 buys 9 at 100.9 (11 left)');
  });

  it('of nothing cancel the entry without a fill', () => {
    const { notes } = play(`o1 entry buy 12 market\nbar 100 101 99 100`, {
      initialCash: Decimal.zero,
    });
    expect(notes).toEqual(['1: o1 canceled, insufficient funds']);
  });

  it('must cover a short sale as they must a purchase', () => {
    const { notes } = play(`o1 entry sell 12 market\nbar 100 101 99 100`, {
      commission,
      initialCash: Decimal.parse('1000'),
      instrument: { lotStep: Decimal.one },
    });
    // 9 × 100 × 1.01 = 909; ten would take 1010.
    expect(notes).toEqual(['1: o1 sells 9 at 100 (3 left)', '1: o1 canceled, insufficient funds']);
  });

  it('grow with a short entry and never stand in the way of closing it', () => {
    // 1000 + 10 × 100 = 2000; buying back at 220 costs 2200.
    const { notes, venue } = play(
      `o1 entry sell 10 market
       bar 100 101 99 100
       end
       o2 exit buy 10 market
       bar 220 221 219 220`,
      { initialCash: Decimal.parse('1000') },
    );
    expect(notes).toEqual(['1: o1 sells 10 at 100', '2: o2 buys 10 at 220']);
    expect(venue.cash.toString()).toBe('-200');
  });
});

describe('an amount per order', () => {
  it('is charged with the first fill alone, after a part of it was taken off as well', () => {
    const commission = commissionModel(
      {
        crypto: { maker: 0, taker: 0 },
        stock: { maker: 0, taker: 0 },
        venues: {},
        venueFees: 'collected',
        perOrder: 7,
      },
      'none',
    );
    // 2.5 % of 1,000 a bar. The stop has lost 25 units to the exit before it fills itself.
    const { fills } = play(
      `o1 entry buy 30 market
       bar 100 101 99 100
       end
       bar 100 101 99 100
       end
       o2 stop-loss sell 30 stop 95
       o3 exit sell 30 market ioc
       bar 100 101 99 100
       end
       bar 94 95 93 94`,
      { commission, maxVolumeShare: 0.025 },
    );
    const told = fills.map(
      ({ orderId, quantity, fee }) => `${orderId} ${quantity.toString()} ${fee.toString()}`,
    );
    expect(told).toEqual(['o1 25 7', 'o1 5 0', 'o3 25 7', 'o2 5 7']);
  });
});

describe('prices', () => {
  const slippage = slippageModel({ model: 'fixed_bps', bps: 10 });
  const tick = { tickSize: Decimal.parse('0.25') };

  it.each([
    // 103 × 1.001 = 103.103 → 103.25; 103 × 0.999 = 102.897 → 102.75.
    { side: 'buy', price: '103.25' },
    { side: 'sell', price: '102.75' },
  ])('slip and round to the tick against a $side', ({ side, price }) => {
    const { fills } = play(`o1 entry ${side} 1 market\nbar 103 104 102 103`, {
      slippage,
      instrument: tick,
    });
    expect(fills[0]?.price.toString()).toBe(price);
    expect(fills[0]?.rawPrice.toString()).toBe('103');
  });

  it('carry no noise of double arithmetic over to the next tick', () => {
    // 1.1 × 1.1 = 1.2100000000000002 in doubles; rounded up naively it would be 1.22.
    const { fills } = play(`o1 entry buy 1 market\nbar 1.1 2 1 1.1`, {
      slippage: () => ({ spread: 0.1, impact: 0 }),
      instrument: { tickSize: Decimal.parse('0.01') },
    });
    expect(fills[0]?.price.toString()).toBe('1.21');
  });

  it('leave the raw price as the data has it, off the tick', () => {
    const { fills } = play(`o1 entry buy 1 market\nbar 103.1 104 102 103`, { instrument: tick });
    expect(fills[0]?.rawPrice.toString()).toBe('103.1');
    expect(fills[0]?.price.toString()).toBe('103.25');
  });

  it('are those of the data to the last digit where nothing slips', () => {
    const { fills } = play(`o1 entry buy 1 market\nbar 0.30000000000000004 1 0.1 1`);
    expect(fills[0]?.price.toString()).toBe('0.30000000000000004');
  });

  it('of limit orders do not slip, and stay at the limit or better', () => {
    const { notes } = play(
      `o1 entry buy 1 limit 100
       bar 103 104 99 103
       end
       o2 entry buy 1 limit 100
       bar 99.1 104 99 103`,
      { slippage, instrument: tick },
    );
    expect(notes).toEqual(['1: o1 buys 1 at 100', '2: o2 buys 1 at 99.25']);
  });

  it('stay above zero, at one tick, whatever the slippage', () => {
    const { fills } = play(`o1 entry sell 1 market\nbar 103 104 102 103`, {
      slippage: () => ({ spread: 1.5, impact: 0 }),
      instrument: tick,
    });
    expect(fills[0]?.price.toString()).toBe('0.25');
  });

  it('stay above zero without a tick as well', () => {
    const { fills } = play(`o1 entry sell 1 market\nbar 103 104 102 103`, {
      slippage: () => ({ spread: 0.5, impact: 0.5 }),
    });
    expect(fills[0]?.price.isPositive).toBe(true);
  });
});

describe('liquidity', () => {
  it.each([
    { fact: 'a market order takes', order: 'market', liquidity: 'taker' },
    { fact: 'a stop takes', order: 'stop 101', liquidity: 'taker' },
    { fact: 'a stop beyond the last price takes', order: 'stop 99', liquidity: 'taker' },
    { fact: 'a limit at the last price takes', order: 'limit 100', liquidity: 'taker' },
    { fact: 'a limit below the last price makes', order: 'limit 99', liquidity: 'maker' },
    { fact: 'a limit that crosses the last price takes', order: 'limit 100.5', liquidity: 'taker' },
  ])('$fact', ({ order, liquidity }) => {
    const { fills } = play(`bar 100 100 100 100\nend\no1 entry buy 1 ${order}\nbar 100 102 98 99`);
    expect(fills.map((fill) => fill.liquidity)).toEqual([liquidity]);
  });

  it('a take-profit above the entry makes, wherever its bar closes', () => {
    const { fills } = play(`o1 entry buy 1 market
                            bar 100 108 99 107
                            o2 take-profit sell 1 limit 105`);
    expect(fills[1]?.liquidity).toBe('maker');
  });
});

describe('refusals', () => {
  const instrument = {
    tickSize: Decimal.parse('0.01'),
    lotStep: Decimal.parse('0.001'),
    minNotional: Decimal.parse('10'),
  };

  it.each([
    {
      order: 'o1 entry buy 0.1005 market',
      reason: 'a quantity on the lot step 0.001 was expected, positive, was "0.1005"',
    },
    {
      order: 'o1 entry buy 0 market',
      reason: 'a quantity on the lot step 0.001 was expected, positive, was "0"',
    },
    {
      order: 'o1 entry buy 1 limit 99.005',
      reason: 'a limit price on the tick 0.01 was expected, positive, was "99.005"',
    },
    {
      order: 'o1 stop-loss sell 1 stop 0',
      reason: 'a stop price on the tick 0.01 was expected, positive, was "0"',
    },
    {
      // 0.099 × the reference price of 100.
      order: 'o1 entry buy 0.099 market',
      reason: 'an order of at least 10 USD was expected, was "9.9"',
    },
    {
      order: 'o1 exit sell 0.099 market',
      reason: 'an order of at least 10 USD was expected, was "9.9"',
    },
  ])('say what was expected of "$order"', ({ order, reason }) => {
    expect(play(order, { instrument }).updates).toEqual([
      { orderId: 'o1', state: 'rejected', reason },
    ]);
  });

  it('do not meet an order exactly at the minimum', () => {
    const { updates } = play('o1 entry buy 0.1 market', { instrument });
    expect(updates).toEqual([{ orderId: 'o1', state: 'accepted', reason: 'entry' }]);
  });
});

describe('the end of the session', () => {
  it('fills market orders at once at the last close, whatever volume and minimum say', () => {
    const { notes } = play(
      `o1 entry buy 10 market
       bar 100 101 99 100 2000
       bar 101 102 100 101.5 100
       close-session
       o2 exit sell 10 market`,
      { maxVolumeShare: 0.01, instrument: { minNotional: Decimal.parse('1000') } },
    );
    expect(notes).toEqual(['1: o1 buys 10 at 100', '2: o2 sells 10 at 101.5']);
  });

  it('dates what it closes with the last close', () => {
    const { fills } = play(`o1 entry buy 10 market
                            bar 100 101 99 100
                            close-session
                            o2 exit sell 10 market`);
    expect(fills.map(({ time }) => time)).toEqual([3_600_000, 7_200_000]);
  });

  it('leaves other orders resting until they are cancelled', () => {
    const { notes } = play(`o1 entry buy 10 market
                            bar 100 101 97 100
                            close-session
                            o2 stop-loss sell 10 stop 98
                            cancel o2`);
    expect(notes).toEqual(['1: o1 buys 10 at 100', '1: o2 canceled, asked to']);
  });
});
