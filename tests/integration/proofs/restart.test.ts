import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toExactJson } from '../../../src/core/exact-json.ts';
import { OPERATOR_ACTS } from '../../../src/core/operator.ts';
import { script } from '../../support/wish-arbitraries.ts';
import { runWishes, SYMBOL, type WishRun, type WishScript } from '../../support/wish-script.ts';

const RUNS = 600;

/** What else reaches the engine, after the bar with that number. */
interface Interference {
  readonly after: number;
  readonly what: (typeof KINDS)[number];
}

/** A shutdown is left out: it is not to outlive its process. */
const KINDS = [
  ...OPERATOR_ACTS.filter((act) => act !== 'shutdown'),
  'gate closes',
  'gate opens',
  'account differs',
  'account agrees',
] as const;

const interferences: fc.Arbitrary<readonly Interference[]> = fc.array(
  fc.record({ after: fc.nat({ max: 25 }), what: fc.constantFrom(...KINDS) }),
  { maxLength: 5 },
);

function interfere({ engine }: WishRun, { after, what }: Interference): void {
  const { control, executor } = engine;
  const gate = { gate: 'stale-data', symbol: after % 2 === 0 ? SYMBOL : null } as const;
  switch (what) {
    case 'gate closes':
      return control.gate({ ...gate, reason: `no data since bar ${after}` });
    case 'gate opens':
      return control.gate({ ...gate, reason: null });
    case 'account differs':
    case 'account agrees': {
      const message = 'BTC: 1 more than was booked';
      const difference = { kind: 'balance', symbol: SYMBOL, subject: 'BTC', message } as const;
      const found = { ...difference, ours: null, theirs: null };
      return executor.accountChecked({
        at: after,
        differences: what === 'account differs' ? [found] : [],
      });
    }
    case 'halt':
    case 'resume':
    case 'flatten':
      return control.command({ act: what, reason: 'a test', by: 'test', at: after });
  }
}

function play(
  each: WishScript,
  beside: readonly Interference[],
  restarts: readonly number[] = [],
): WishRun {
  let bars = 0;
  const check = (run: WishRun): void => {
    for (const one of beside) if (one.after === bars) interfere(run, one);
    bars++;
  };
  const run = runWishes(each, check, restarts);
  expect(run.engine.bus.failure).toBeNull();
  return run;
}

describe('an engine that goes on from a snapshot', () => {
  it('tells the same events, number by number, as one that never stopped', () => {
    const told = new Set<string>();
    fc.assert(
      fc.property(script, interferences, fc.array(fc.nat({ max: 25 })), (each, beside, stops) => {
        const undisturbed = play(each, beside).events;
        const length = each.bars.length;
        const restarts = [...new Set(stops.map((stop) => stop % length))].sort((a, b) => a - b);
        const restarted = play(each, beside, restarts).events;
        expect(toExactJson(restarted)).toBe(toExactJson(undisturbed));
        for (const { type, payload } of undisturbed) {
          told.add(type === 'order.rejected' ? `${type} ${payload.refusal.check}` : type);
        }
      }),
      { numRuns: RUNS, seed: 20_240_103 },
    );
    expect([...told]).toEqual(
      expect.arrayContaining([
        'order.filled',
        'order.rejected halted',
        'order.rejected stale-data',
        'order.rejected reconciliation',
        'risk.alerted',
      ]),
    );
  });

  it('has the same snapshot again before anything reaches it', () => {
    let count = 0;
    fc.assert(
      fc.property(script, interferences, (each, beside) => {
        const restarts = each.bars.map((_bar, index) => index);
        const { passedOn } = play(each, beside, restarts);
        for (const { before, after } of passedOn) expect(after).toBe(before);
        count += passedOn.length;
      }),
      { numRuns: 100, seed: 20_240_104 },
    );
    expect(count).toBeGreaterThan(500);
  });
});
