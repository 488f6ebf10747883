import { describe, expect, it } from 'vitest';
import type { Decimal } from '../../../src/core/decimal.ts';
import type { EquityMark } from '../../../src/core/equity.ts';
import type { Fill } from '../../../src/core/fill.ts';
import { positionId } from '../../../src/core/ids.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { RebookedRun } from '../../../src/reporting/rebooked-run.ts';
import { RoundTrips } from '../../../src/reporting/round-trips.ts';
import { RunStatistics } from '../../../src/reporting/run-statistics.ts';
import {
  closedPosition,
  decimal,
  entryOrder,
  exitOrder,
  fill,
  MONDAY,
  ScriptedRun,
} from './scripted-run.ts';

const MARK: EquityMark = {
  time: MONDAY,
  equity: 1000,
  cash: 300,
  exposure: 700,
  peak: 1000,
  drawdown: 0,
};

/** Purchases two dearer and sales two cheaper, of which one is impact, at fees of 3. */
const worse = (base: Fill): Fill => ({
  ...base,
  price: base.side === 'buy' ? base.price.plus(decimal('2')) : base.price.minus(decimal('2')),
  impact: decimal('1'),
  fee: decimal('3'),
});

function rebooked(rebook: (fill: Fill) => Fill = worse) {
  const scripted = new ScriptedRun();
  const run = new RebookedRun({ bus: scripted.bus, initialCapital: 1000, rebook });
  const trips = new RoundTrips();
  trips.subscribe(run);
  const statistics = new RunStatistics();
  statistics.subscribe(run);
  const marks: EquityMark[] = [];
  run.on('equity.marked', ({ payload }) => void marks.push(payload));
  return { scripted, run, trips, statistics, marks };
}

/** Two units from 101 to 111, fees 1.2 and 1.3, where 100 and 112 were met. */
function roundTripOn(scripted: ScriptedRun): void {
  scripted.order(entryOrder(1));
  scripted.publish('order.filled', fill(1));
  scripted.order(exitOrder(2));
  const exit = { side: 'sell', price: decimal('111'), rawPrice: decimal('112') } as const;
  scripted.publish('order.filled', fill(2, { ...exit, fee: decimal('1.3') }));
  scripted.publish('position.updated', closedPosition(1, { slippage: decimal('4') }));
}

describe('a rebooked run', () => {
  it('tells trades at the other prices and fees', () => {
    const { scripted, trips } = rebooked();
    roundTripOn(scripted);
    expect(trips.rows).toHaveLength(1);
    expect(trips.rows[0]).toMatchObject({
      entryPrice: decimal('103'),
      exitPrice: decimal('109'),
      grossPnl: decimal('24'), // 2 × (112 − 100): what was met is the same
      slippage: decimal('12'), // 2 × 3 each way
      impactCost: decimal('2'),
      spreadCost: decimal('10'),
      fees: decimal('6'),
      netPnl: decimal('6'), // 24 − 12 − 6
      netReturn: 6 / 206,
    });
  });

  it('keeps what holding the position cost', () => {
    const { scripted, trips } = rebooked((same) => same);
    scripted.order(entryOrder(1));
    scripted.publish('order.filled', fill(1));
    scripted.order(exitOrder(2));
    const exit = { side: 'sell', price: decimal('111'), rawPrice: decimal('112') } as const;
    scripted.publish('order.filled', fill(2, { ...exit, fee: decimal('1.3') }));
    const costs = { slippage: decimal('4'), financing: decimal('0.7') };
    scripted.publish('position.updated', closedPosition(1, costs));
    expect(trips.rows[0]?.netPnl.toString()).toBe('16.8'); // 24 − 4 − 2.5 − 0.7
  });

  it('sums the other fees and slippage', () => {
    const { scripted, statistics } = rebooked();
    roundTripOn(scripted);
    expect(statistics.fees.toString()).toBe('6');
    expect(statistics.slippage.toString()).toBe('12');
    expect(statistics.tradedNotional.toString()).toBe('424'); // 2 × 103 + 2 × 109
  });

  it('marks equity and cash with the difference in cash alone', () => {
    const { scripted, marks } = rebooked();
    scripted.publish('equity.marked', MARK);
    roundTripOn(scripted);
    scripted.publish('equity.marked', MARK);
    expect(marks[0]).toEqual(MARK);
    // Two units two worse, twice, and fees of 6 instead of 2.5.
    const lost = 8 + 3.5;
    expect(marks[1]).toEqual({
      ...MARK,
      equity: 1000 - lost,
      cash: 300 - lost,
      drawdown: lost / 1000,
    });
  });

  it('marks exactly as the run where every fill is its own', () => {
    const { scripted, run } = rebooked((same) => same);
    roundTripOn(scripted);
    // In doubles 0.1 − 1e8 + 1e8 is 0.0999999940…: what is held must not be worked out that way.
    const odd = { ...MARK, equity: 0.1, cash: 1e8 };
    expect(run.markOf(odd)).toMatchObject({ equity: 0.1, cash: 1e8 });
  });

  it('says by how much cash each position brought more or less', () => {
    const { scripted, run } = rebooked();
    const first = entryOrder(1);
    expect(run.gainedBy(first.position).isZero).toBe(true);
    scripted.order(first);
    scripted.publish('order.filled', fill(1));
    // Two units two dearer, and a fee of 3 in place of 1.2.
    expect(run.gainedBy(first.position).toString()).toBe('-5.8');
    const second = entryOrder(2, { position: positionId(2) });
    scripted.order(second);
    scripted.publish('order.filled', fill(2, { orderId: second.id, fee: decimal('3') }));
    expect(run.gainedBy(second.position).toString()).toBe('-4');
    expect(run.gainedBy(first.position).toString()).toBe('-5.8');
  });

  it('says when cash is below zero first, where the run itself has some', () => {
    const { scripted, run } = rebooked();
    roundTripOn(scripted);
    scripted.publish('equity.marked', { ...MARK, cash: 11.5 });
    expect(run.overdrawnSince).toBeNull();
    scripted.publish('equity.marked', { ...MARK, cash: -1, time: MONDAY + HOUR_MS });
    expect(run.overdrawnSince, 'the run borrows itself').toBeNull();
    for (const hours of [2, 3]) {
      scripted.publish('equity.marked', { ...MARK, cash: 11, time: MONDAY + hours * HOUR_MS });
    }
    expect(run.overdrawnSince).toBe(MONDAY + 2 * HOUR_MS);
  });

  it('passes everything else on as it is, with number and time', () => {
    const { scripted, run } = rebooked();
    const seen: unknown[] = [];
    run.on('order.approved', (event) => void seen.push(event));
    const own: unknown[] = [];
    scripted.bus.on('order.approved', (event) => void own.push(event));
    scripted.order(entryOrder(1));
    expect(seen).toEqual(own);
  });

  it('keeps the envelope of what it tells otherwise', () => {
    const { scripted, run } = rebooked();
    const seen: { seq: number; price: Decimal }[] = [];
    run.on('order.filled', ({ seq, payload }) => void seen.push({ seq, price: payload.price }));
    scripted.order(entryOrder(1));
    scripted.publish('order.filled', fill(1));
    expect(seen).toEqual([{ seq: scripted.bus.seq, price: decimal('103') }]);
  });

  it('stops telling once asked to', () => {
    const { scripted, run } = rebooked();
    const seen: unknown[] = [];
    run.on('equity.marked', (event) => void seen.push(event))();
    scripted.publish('equity.marked', MARK);
    expect(seen).toEqual([]);
  });
});
