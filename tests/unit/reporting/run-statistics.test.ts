import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../src/core/bar.ts';
import type { RiskAlert } from '../../../src/core/risk.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { slippageOf } from '../../../src/reporting/fill-costs.ts';
import { RunStatistics } from '../../../src/reporting/run-statistics.ts';
import {
  approved,
  closedPosition,
  decimal,
  entryOrder,
  entrySignal,
  fill,
  MONDAY,
  openPosition,
  ScriptedRun,
  strategyNamed,
} from './scripted-run.ts';

function collected(): { run: ScriptedRun; statistics: RunStatistics } {
  const run = new ScriptedRun();
  const statistics = new RunStatistics();
  statistics.subscribe(run.bus);
  return { run, statistics };
}

function bar(symbol: string, close: number): Bar {
  const times = { openTime: MONDAY, closeTime: MONDAY + HOUR_MS, timeframe: '1h' } as const;
  return { symbol, ...times, open: 1, high: close, low: 1, close, volume: 1, flags: 0 };
}

function alert(kind: RiskAlert['kind'], check: string): RiskAlert {
  return { kind, check, limit: 0.05, actual: 0.06, onBreach: 'halt', message: `${check} ${kind}` };
}

describe('RunStatistics', () => {
  it('counts signals and why they were ignored', () => {
    const { run, statistics } = collected();
    const ignored = { signalSeq: 1, strategy: strategyNamed('reverter'), symbol: 'BTC/USD' };
    for (const reason of ['position-open', 'no-cash', 'position-open'] as const) {
      run.publish('signal.raised', entrySignal());
      run.publish('signal.ignored', { ...ignored, reason });
    }
    run.publish('signal.raised', entrySignal());
    expect(statistics.signals).toBe(4);
    expect([...statistics.ignoredSignals]).toEqual([
      ['position-open', 2],
      ['no-cash', 1],
    ]);
  });

  it('sums interest, and leaves borrow fees to their positions', () => {
    const { run, statistics } = collected();
    expect(statistics.interest.toString()).toBe('0');
    const days = { days: 1, time: MONDAY };
    const { id: position } = openPosition(1);
    run.publish('financing.charged', { kind: 'interest', amount: decimal('1.5'), ...days });
    run.publish('financing.charged', {
      kind: 'borrow-fee',
      position,
      amount: decimal('9'),
      ...days,
    });
    run.publish('financing.charged', { kind: 'interest', amount: decimal('0.25'), ...days });
    expect(statistics.interest.toString()).toBe('1.75');
  });

  it('counts approvals, and refusals by check', () => {
    const { run, statistics } = collected();
    run.publish('order.approved', approved(entryOrder(1)));
    for (const check of ['symbol-exposure', 'drawdown', 'symbol-exposure']) {
      run.publish('order.rejected', {
        order: entryOrder(2),
        refusal: { layer: 'symbol', check, limit: 0.15, actual: 0.2, message: 'too much' },
      });
    }
    expect(statistics.approvedOrders).toBe(1);
    expect([...statistics.refusedOrders]).toEqual([
      ['symbol-exposure', 2],
      ['drawdown', 1],
    ]);
  });

  it('sums notional, fees and slippage of every fill', () => {
    const { run, statistics } = collected();
    run.publish('order.filled', fill(1)); // 2 × 101, fee 1.2, slippage 2 × 1
    const worseSale = { price: decimal('109.5'), rawPrice: decimal('110'), fee: decimal('1.3') };
    run.publish('order.filled', fill(2, { side: 'sell', ...worseSale })); // 2 × 109.5, 2 × 0.5
    expect(statistics.tradedNotional.toString()).toBe('421');
    expect(statistics.fees.toString()).toBe('2.5');
    expect(statistics.slippage.toString()).toBe('3');
  });

  it('sums interest on cash owed, and leaves borrow fees to the positions they are for', () => {
    const { run, statistics } = collected();
    const day = { days: 1, time: MONDAY } as const;
    run.publish('financing.charged', { kind: 'interest', amount: decimal('1.25'), ...day });
    const short = { kind: 'borrow-fee', position: openPosition(1).id } as const;
    run.publish('financing.charged', { ...short, amount: decimal('7'), ...day });
    run.publish('financing.charged', { kind: 'interest', amount: decimal('0.5'), ...day });
    expect(statistics.interest.toString()).toBe('1.75');
  });

  it.each([
    ['buy', '101', '2'],
    ['buy', '99', '-2'],
    ['sell', '101', '-2'],
    ['sell', '99', '2'],
  ] as const)('takes a %s at %s against 100 as slippage of %s', (side, price, expected) => {
    expect(slippageOf(fill(1, { side, price: decimal(price) })).toString()).toBe(expected);
  });

  it('keeps the first and the last close of each symbol', () => {
    const { run, statistics } = collected();
    for (const [symbol, close] of [
      ['BTC/USD', 100],
      ['ETH/USD', 10],
      ['BTC/USD', 90],
      ['BTC/USD', 120],
    ] as const) {
      run.publish('bar.closed', bar(symbol, close));
    }
    expect([...statistics.closeSpans]).toEqual([
      ['BTC/USD', { first: 100, last: 120 }],
      ['ETH/USD', { first: 10, last: 10 }],
    ]);
  });

  it('counts positions that were not closed', () => {
    const { run, statistics } = collected();
    run.publish('position.updated', openPosition(1));
    run.publish('position.updated', openPosition(2));
    run.publish('position.updated', openPosition(2));
    expect(statistics.openPositions).toBe(2);
    run.publish('position.updated', closedPosition(1));
    expect(statistics.openPositions).toBe(1);
  });

  it('knows the halt in force and every halt there was', () => {
    const { run, statistics } = collected();
    expect(statistics.halted).toBeNull();
    run.publish('risk.alerted', alert('halted', 'daily-loss'));
    const first = { check: 'daily-loss', at: MONDAY, message: 'daily-loss halted' };
    expect(statistics.halted).toEqual(first);
    run.publish('risk.alerted', alert('resumed', 'daily-loss'));
    expect(statistics.halted).toBeNull();
    run.now = MONDAY + HOUR_MS;
    run.publish('risk.alerted', alert('halted', 'drawdown'));
    const second = { check: 'drawdown', at: MONDAY + HOUR_MS, message: 'drawdown halted' };
    expect(statistics.halted).toEqual(second);
    expect(statistics.halts).toEqual([first, second]);
  });
});
