import { describe, expect, it } from 'vitest';
import type { Protection } from '../../../src/core/protection.ts';
import { ProtectionTally } from '../../../src/reporting/limited-protections.ts';
import { approved, entryOrder, entrySignal, exitOrder, ScriptedRun } from './scripted-run.ts';

const WIDE = { kind: 'fraction', fraction: 0.05 } as const;
const LIMIT = { kind: 'fraction', fraction: 0.02 } as const;
const TARGET = { kind: 'distance', distance: 4 } as const;
const NONE: Protection = { stopLoss: null, takeProfit: null };
const UNCHANGED = { stop_losses_added: 0, stop_losses_tightened: 0, take_profits_added: 0 };

/** A signal that wishes the one, and its entry as it was approved with the other. */
function counts(wished: Protection, given: Protection) {
  const { run, tally } = observed();
  run.publish('signal.raised', entrySignal({ protection: wished }));
  run.publish('order.approved', approved(entryOrder(1, { signalSeq: 1, protection: given })));
  return tally.counts;
}

function observed() {
  const run = new ScriptedRun();
  const tally = new ProtectionTally();
  tally.subscribe(run.bus);
  return { run, tally };
}

describe('entries that the risk limits protect', () => {
  it.each<readonly [string, Protection, Protection, object]>([
    [
      'as they wish',
      { stopLoss: WIDE, takeProfit: TARGET },
      { stopLoss: WIDE, takeProfit: TARGET },
      {},
    ],
    ['by nothing', NONE, NONE, {}],
    [
      'by a closer stop',
      { ...NONE, stopLoss: WIDE },
      { ...NONE, stopLoss: LIMIT },
      { stop_losses_tightened: 1 },
    ],
    ['by a stop', NONE, { ...NONE, stopLoss: LIMIT }, { stop_losses_added: 1 }],
    [
      'by a target',
      { ...NONE, stopLoss: WIDE },
      { stopLoss: WIDE, takeProfit: TARGET },
      { take_profits_added: 1 },
    ],
  ])('are counted: %s', (_, wished, given, changed) => {
    expect(counts(wished, given)).toEqual({ ...UNCHANGED, ...changed });
  });

  it('count once, and only when they are approved', () => {
    const { run, tally } = observed();
    const limited = entryOrder(1, { signalSeq: 1, protection: { ...NONE, stopLoss: LIMIT } });
    run.publish('signal.raised', entrySignal({ protection: NONE }));
    expect(tally.counts).toEqual(UNCHANGED);
    run.publish('order.approved', approved(exitOrder(2, { signalSeq: 1 })));
    run.publish('order.approved', approved(limited));
    run.publish('order.approved', approved({ ...limited, id: entryOrder(3).id }));
    expect(tally.counts).toEqual({ ...UNCHANGED, stop_losses_added: 1 });
  });

  it('do not count where risk refused them', () => {
    const { run, tally } = observed();
    const order = entryOrder(1, { signalSeq: 1, protection: { ...NONE, stopLoss: LIMIT } });
    const refusal = {
      layer: 'system',
      check: 'halted',
      limit: 1,
      actual: 2,
      message: 'x',
    } as const;
    run.publish('signal.raised', entrySignal({ protection: NONE }));
    run.publish('order.rejected', { order, refusal });
    run.publish('order.approved', approved(order));
    expect(tally.counts).toEqual(UNCHANGED);
  });
});
