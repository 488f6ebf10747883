import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Fill } from '../../../src/core/fill.ts';
import type { Instrument } from '../../../src/core/instrument.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { hourBar, START } from '../../support/bars.ts';
import { reportRun, wireRun } from '../../support/engine-run.ts';
import { openMarket, type MarketDatabase } from '../../support/market-database.ts';
import { BTC, dec } from '../../support/orders.ts';

/** When the rules change: with the bar of hour 24. */
const CHANGE = START + DAY_MS;
const HOURS = 48;

const BEFORE: Instrument = {
  ...BTC,
  lotStep: dec('0.001'),
  minNotional: dec('10'),
  fees: { maker: dec('0.001'), taker: dec('0.002') },
};

/** Two days of hours at a price of 100: all that changes is what the venue asks for. */
const FLAT = {
  title: 'two days at one price',
  isThere: true,
  range: { start: null, end: null },
  fill: async () => {},
};

interface Timetable {
  readonly isIn: (hour: number) => boolean;
  readonly isOut: (hour: number) => boolean;
}

/** Decides at the close of an hour, by its number alone. */
function timetable({ isIn, isOut }: Timetable) {
  return defineStrategy({
    id: 'timetable',
    params: z.object({}),
    create: () => ({
      onBar: ({ openTime }, { enter, exit }) => {
        const hour = (openTime - START) / HOUR_MS;
        if (isIn(hour)) return enter({ side: 'buy', reason: 'in' });
        return isOut(hour) ? exit({ reason: 'out' }) : null;
      },
    }),
  });
}

const EVERY_SIX_HOURS = timetable({
  isIn: (hour) => hour % 6 === 0,
  isOut: (hour) => hour % 6 === 3,
});

const SKETCH = {
  definition: EVERY_SIX_HOURS,
  range: { start: null, end: null },
  settings: [
    'data.symbols=[BTC/USD]',
    'position_sizing={method: fixed_notional, notional: 333.37}',
    'transaction_costs.slippage={model: fixed_bps, bps: 0}',
    'risk_limits.position.max_fraction=null',
    'risk_limits.symbol.max_exposure=null',
    'risk_limits.portfolio.max_invested=null',
    'risk_limits.system.max_daily_loss=null',
  ],
};

let market: MarketDatabase;

beforeEach(async () => {
  market = await openMarket(FLAT);
  market.store.save({
    key: { exchange: 'coinbase', symbol: 'BTC/USD', timeframe: '1h', adjustment: 'raw' },
    assetClass: 'crypto',
    calendar: 'always',
    instrument: null,
    bars: Array.from({ length: HOURS }, (_, hour) => hourBar(hour, { close: 100 })),
    covers: null,
    onConflict: 'report',
    at: START,
    issues: [],
    source: 'test',
  });
  market.store.recordInstrument('coinbase', { validFrom: START, instrument: BEFORE }, 'coinbase');
});

afterEach(() => market.close());

/** From the change on the venue has these rules. */
function change(rules: Partial<Instrument>, validFrom = CHANGE): void {
  const instrument = { ...BEFORE, ...rules };
  market.store.recordInstrument('coinbase', { validFrom, instrument }, 'coinbase');
}

/** `24 buy 3.333 0.6666`: hour, side, quantity, fee. */
async function fills(
  settings: readonly string[] = [],
  definition = EVERY_SIX_HOURS,
): Promise<readonly string[]> {
  const { engine } = wireRun(market.store, {
    ...SKETCH,
    definition,
    settings: [...SKETCH.settings, ...settings],
  });
  const lines: string[] = [];
  engine.bus.on('order.filled', ({ payload }) => void lines.push(lineOf(payload)));
  await engine.run(new AbortController().signal);
  return lines;
}

function lineOf({ time, side, quantity, fee }: Fill): string {
  return `${(time - START) / HOUR_MS} ${side} ${quantity.toString()} ${fee.toString()}`;
}

describe('a rule of the venue that changes during a run', () => {
  it('charges the fees of the time of each fill', async () => {
    change({ fees: { maker: dec('0.001'), taker: dec('0.004') } });
    // 3.333 × 100 × 0.002 = 0.6666, from hour 24 on × 0.004 = 1.3332.
    expect((await fills()).slice(6, 10)).toEqual([
      '19 buy 3.333 0.6666',
      '22 sell 3.333 0.6666',
      '25 buy 3.333 1.3332',
      '28 sell 3.333 1.3332',
    ]);
  });

  it.each(['next_open', 'close'])(
    'charges a fill at the very moment of the change the new fees (%s)',
    async (fillAt) => {
      change({ fees: { maker: dec('0.001'), taker: dec('0.004') } });
      const definition = timetable({ isIn: (hour) => hour === 23, isOut: () => false });
      const lines = await fills([`execution.fill_at=${fillAt}`], definition);
      expect(lines).toEqual(['24 buy 3.333 1.3332']);
    },
  );

  it('sizes orders by the lot step of the time they are decided', async () => {
    change({ lotStep: dec('0.01') });
    expect((await fills()).slice(6, 10)).toEqual([
      '19 buy 3.333 0.6666',
      '22 sell 3.333 0.6666',
      '25 buy 3.33 0.666',
      '28 sell 3.33 0.666',
    ]);
  });

  it('ignores entries below the minimum of their time', async () => {
    change({ minNotional: dec('500') });
    expect((await fills()).map((line) => line.split(' ')[0])).toEqual([
      '1',
      '4',
      '7',
      '10',
      '13',
      '16',
      '19',
      '22',
    ]);
  });

  it('plans an entry that takes all cash with the fees of its time', async () => {
    change({ fees: { maker: dec('0.001'), taker: dec('0.004') } });
    const all = ['portfolio.initial_capital=300', 'position_sizing.notional=1000'];
    const ordered = async (hour: number) => {
      const definition = timetable({ isIn: (each) => each === hour, isOut: () => false });
      const settings = [...SKETCH.settings, ...all];
      const { engine } = wireRun(market.store, { ...SKETCH, definition, settings });
      const entries: string[] = [];
      engine.bus.on('order.requested', ({ payload: { role, quantity } }) => {
        if (role === 'entry') entries.push(quantity.toString());
        return undefined;
      });
      await engine.run(new AbortController().signal);
      return entries;
    };
    // 300 ÷ (100 × 1.002) = 2.994…, 300 ÷ (100 × 1.004) = 2.988…
    expect([await ordered(20), await ordered(30)]).toEqual([['2.994'], ['2.988']]);
  });

  it('says which fees were collected, and when they changed', async () => {
    change({ fees: { maker: dec('0.001'), taker: dec('0.004') } });
    const report = await reportRun(market.store, SKETCH);
    expect(report.labels.slice(1)).toEqual([
      'fees of coinbase as collected: maker 0.1 %, taker 0.2 %; ' +
        'from 2024-01-02T00:00:00Z maker 0.1 %, taker 0.4 %',
    ]);
    expect(report.fees['BTC/USD']?.map(({ taker }) => taker)).toEqual([0.002, 0.004]);
    // Four round trips before, four after: 4 × 2 × 0.6666 + 4 × 2 × 1.3332.
    expect(report.metrics.total_fees).toBeCloseTo(15.9984, 10);
  });

  it('leaves the fees to the configuration where told to', async () => {
    const ignore = ['transaction_costs.commission.venue_fees=ignore'];
    expect((await fills(ignore))[0]).toBe('1 buy 3.333 1.9998');
    const own = ['transaction_costs.commission.venues.coinbase={maker: 0, taker: 0.001}'];
    expect((await fills(own))[0]).toBe('1 buy 3.333 0.3333');
  });
});

describe('a position held while lots become larger', () => {
  it('is sold in whole lots, and the rest at the end', async () => {
    change({ lotStep: dec('0.01') });
    const definition = timetable({
      isIn: (hour) => hour === 22,
      isOut: (hour) => hour === 25 || hour === 30,
    });
    const whole = await fills([], definition);
    expect(whole).toEqual(['23 buy 3.333 0.6666', '26 sell 3.33 0.666']);
    const report = await reportRun(market.store, { ...SKETCH, definition });
    expect(report.open_positions).toBe(0);
    // The rest of 0.003 costs 0.0006 to sell.
    expect(report.metrics.total_fees).toBeCloseTo(1.3332, 10);
    expect(report.signals.ignored).toEqual({ 'below-minimum': 1 });
    expect(report.risk.refused).toEqual({});
  });

  it('keeps its protection in whole lots', async () => {
    // Within hour 24: the entry is filled at its open, protection follows at its close.
    change({ lotStep: dec('0.01') }, CHANGE + 1);
    const definition = timetable({ isIn: (hour) => hour === 23, isOut: () => false });
    const { engine } = wireRun(market.store, { ...SKETCH, definition });
    const protection: string[] = [];
    engine.bus.on('order.approved', ({ payload: { role, quantity } }) => {
      protection.push(`${role} ${quantity.toString()}`);
      return undefined;
    });
    await engine.run(new AbortController().signal);
    expect(protection).toEqual(['entry 3.333', 'stop-loss 3.33', 'take-profit 3.33']);
  });
});
