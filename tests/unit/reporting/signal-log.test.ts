import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/core/time.ts';
import { SignalLog } from '../../../src/reporting/signal-log.ts';
import {
  entryOrder,
  entrySignal,
  exitOrder,
  MONDAY,
  ScriptedRun,
  strategyNamed,
} from './scripted-run.ts';

function collected(): { run: ScriptedRun; log: SignalLog } {
  const run = new ScriptedRun();
  const log = new SignalLog();
  log.subscribe(run.bus);
  return { run, log };
}

describe('SignalLog', () => {
  it('notes the first order that stems from a signal', () => {
    const { run, log } = collected();
    run.now = MONDAY + HOUR_MS;
    const signal = entrySignal();
    run.publish('signal.raised', signal);
    run.publish('order.requested', entryOrder(1, { signalSeq: 1 }));
    run.publish('order.requested', exitOrder(2, { signalSeq: 1, role: 'stop-loss' }));
    expect([...log.rows()]).toEqual([
      { seq: 1, time: MONDAY + HOUR_MS, signal, order: 'o1', ignored: null },
    ]);
  });

  it('notes why a signal was ignored', () => {
    const { run, log } = collected();
    run.publish('signal.raised', entrySignal());
    run.publish('signal.raised', entrySignal());
    const name = { strategy: strategyNamed('reverter'), symbol: 'BTC/USD' };
    run.publish('signal.ignored', { signalSeq: 2, ...name, reason: 'no-cash' });
    expect([...log.rows()].map(({ seq, ignored }) => [seq, ignored])).toEqual([
      [1, null],
      [2, 'no-cash'],
    ]);
  });

  it('passes over orders and answers to signals it never saw', () => {
    const { run, log } = collected();
    run.publish('order.requested', entryOrder(1, { signalSeq: 99 }));
    const name = { strategy: strategyNamed('reverter'), symbol: 'BTC/USD' };
    run.publish('signal.ignored', { signalSeq: 99, ...name, reason: 'no-cash' });
    expect([...log.rows()]).toEqual([]);
  });
});
