import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/core/time.ts';
import { equityCsv } from '../../../src/reporting/csv-equity.ts';
import { fillsCsv } from '../../../src/reporting/csv-fills.ts';
import { ordersCsv } from '../../../src/reporting/csv-orders.ts';
import { signalsCsv } from '../../../src/reporting/csv-signals.ts';
import { tradesCsv } from '../../../src/reporting/csv-trades.ts';
import { orderId } from '../../../src/core/ids.ts';
import type { OrderRow } from '../../../src/reporting/order-log.ts';
import {
  decimal,
  entryOrder,
  entrySignal,
  exitOrder,
  fill,
  MONDAY,
  roundTrip,
} from './scripted-run.ts';

const text = (lines: Iterable<string>): string => [...lines].join('');

describe('tradesCsv', () => {
  it('writes a round trip a row', () => {
    const trade = roundTrip({
      grossPnl: '-12.1',
      fees: '0.00000001',
      slippage: '0.4',
      impact: '0.1',
    });
    expect(text(tradesCsv([{ ...trade, exitReason: 'stop-loss, gapped' }]))).toBe(
      'strategy,symbol,side,quantity,entry_time,entry_price,exit_time,exit_price,' +
        'gross_pnl,fees,slippage,net_pnl,return,exit_reason,entry_order,exit_order,' +
        'spread_cost,impact_cost,financing\n' +
        'reverter,BTC/USD,long,2,2024-01-01T00:00:00Z,100,2024-01-01T01:00:00Z,100,' +
        '-12.1,0.00000001,0.4,-12.50000001,-0.06250000005,"stop-loss, gapped",o1,o2,' +
        '0.3,0.1,0\n',
    );
  });

  it('leaves cells empty that are not known', () => {
    const trade = { ...roundTrip({}), entryOrder: null, exitOrder: null };
    expect(text(tradesCsv([trade]))).toMatch(/,0,0,0,0,0,,,,0,0,0\n$/);
  });
});

describe('equityCsv', () => {
  it('writes a sampled mark a row', () => {
    const curve = {
      time: [MONDAY, MONDAY + HOUR_MS],
      equity: [100, 99.5],
      cash: [100, 50],
      exposure: [0, 49.5],
      drawdown: [0, 0.005],
    };
    expect(text(equityCsv(curve))).toBe(
      'timestamp,equity,cash,exposure,drawdown\n' +
        '2024-01-01T00:00:00Z,100,100,0,0\n' +
        '2024-01-01T01:00:00Z,99.5,50,49.5,0.005\n',
    );
  });
});

describe('ordersCsv', () => {
  const row: OrderRow = {
    order: entryOrder(1),
    requestedAt: MONDAY,
    state: 'filled',
    filledQuantity: decimal('2'),
    averagePrice: decimal('101'),
    fees: decimal('1.2'),
    outcome: null,
  };

  it('writes an order a row', () => {
    expect(text(ordersCsv([row]))).toBe(
      'order,requested_at,strategy,symbol,position,role,side,type,quantity,limit_price,stop_price,' +
        'time_in_force,reference_price,state,filled_quantity,average_price,fees,signal,reason,' +
        'outcome,trail,expires_at,replaces,sized_at_fill\n' +
        'o1,2024-01-01T00:00:00Z,reverter,BTC/USD,p1,entry,buy,market,2,,,' +
        'gtc,100,filled,2,101,1.2,1,entry signal,,,,,\n',
    );
  });

  it.each([
    [{ type: 'limit', limitPrice: decimal('90.5') }, 'sell,limit,2,90.5,,gtc'],
    [{ type: 'stop', stopPrice: decimal('88') }, 'sell,stop,2,,88,gtc'],
  ] as const)('writes the price of %o in its own column', (pricing, expected) => {
    const order = { ...exitOrder(1), ...pricing };
    expect(text(ordersCsv([{ ...row, order }]))).toContain(expected);
  });

  it('says how an order trails, when it ends, what it replaced and what sizes it', () => {
    const stop = { type: 'trailing_stop', stopPrice: decimal('88') } as const;
    const trail = { kind: 'fraction', fraction: decimal('0.02') } as const;
    const last = { timeInForce: 'gtd', expiresAt: MONDAY, replaces: orderId(7) } as const;
    const order = { ...exitOrder(1), ...stop, trail, ...last };
    expect(text(ordersCsv([{ ...row, order }]))).toMatch(
      /,fraction:0\.02,2024-01-01T00:00:00Z,o7,\n$/,
    );
    const sized = entryOrder(1, {
      sizedAtFill: { fraction: 0.5, fixedFee: 'once', maxFunds: null },
    });
    expect(text(ordersCsv([{ ...row, order: sized }]))).toMatch(/,,,,0\.5\n$/);
  });

  it('says why an order was refused', () => {
    const refused: OrderRow = { ...row, state: 'rejected', averagePrice: null, outcome: 'too big' };
    expect(text(ordersCsv([refused]))).toMatch(/rejected,2,,1\.2,1,entry signal,too big,,,,\n$/);
  });
});

describe('fillsCsv', () => {
  const header =
    'trade,time,order,strategy,symbol,role,side,quantity,price,raw_price,' +
    'notional,slippage,fee,liquidity,impact_cost\n';

  it('writes an execution a row, with its costs', () => {
    expect(text(fillsCsv([{ fill: fill(1), order: entryOrder(1) }]))).toBe(
      `${header}t1,2024-01-01T00:00:00Z,o1,reverter,BTC/USD,entry,buy,2,101,100,202,2,1.2,taker,0\n`,
    );
  });

  it('leaves strategy and role empty for an order of others', () => {
    const foreign = { fill: fill(1, { orderId: orderId(9) }), order: null };
    expect(text(fillsCsv([foreign]))).toContain('o9,,BTC/USD,,buy');
  });
});

describe('signalsCsv', () => {
  it('writes a signal a row, its conditions as JSON', () => {
    const row = { seq: 7, time: MONDAY + HOUR_MS, signal: entrySignal(), order: orderId(3) };
    expect(text(signalsCsv([{ ...row, ignored: null }]))).toBe(
      'signal,time,bar_open_time,strategy,symbol,intent,side,price,confidence,order,ignored,' +
        'reason,conditions\n' +
        '7,2024-01-01T01:00:00Z,2024-01-01T00:00:00Z,reverter,BTC/USD,enter,buy,100,1,o3,,' +
        'close below the lower band,' +
        '"[{""name"":""z"",""value"":-2.5,""comparison"":""<"",""threshold"":-2,""holds"":true}]"\n',
    );
  });

  it('leaves side and confidence empty for an exit', () => {
    const { side, confidence, protection, ...base } = entrySignal();
    const signal = { ...base, intent: 'exit', conditions: [] } as const;
    const row = { seq: 7, time: MONDAY, signal, order: null, ignored: 'no-position' } as const;
    expect(text(signalsCsv([row]))).toContain(',exit,,100,,,no-position,');
    expect([side, confidence, protection.stopLoss]).toEqual(['buy', 1, null]);
  });
});
