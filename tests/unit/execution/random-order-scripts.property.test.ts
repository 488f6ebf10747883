import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderScript } from './order-script.ts';
import { playScript } from './script-player.ts';

const SCRIPTS = 3000;

it(`keeps its promises in ${SCRIPTS} random scripts of orders against random bars`, () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(orderScript, (script) => {
      const auditor = playScript(script);
      auditor.auditEnd();
      auditor.tally((what) => seen.set(what, (seen.get(what) ?? 0) + 1));
    }),
    { seed: 7, numRuns: SCRIPTS },
  );
  const rare = [
    'filled',
    'canceled',
    'expired',
    'rejected',
    'in part',
    'excluded',
    ...['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'].map((type) => `${type} filled`),
    ...['gtc', 'day', 'ioc', 'fok', 'gtd'].map((tif) => `${tif} filled`),
  ].filter((what) => (seen.get(what) ?? 0) < 300);
  expect(rare, 'the scripts came to everything often').toEqual([]);
});

it.each([
  ['after any step', false],
  ['after any bar, its fills yet to be answered', true],
])('goes on from a snapshot as if nothing had happened: %s', (_when, isMidStep) => {
  fc.assert(
    fc.property(orderScript, fc.nat({ max: 16 }), (script, pick) => {
      const undisturbed = playScript(script);
      const restartAfter = 1 + (pick % script.steps.length);
      const restarted = playScript(script, { restartAfter, isMidStep });
      expect(restarted.log).toEqual(undisturbed.log);
      expect(restarted.fills).toEqual(undisturbed.fills);
    }),
    { seed: 9, numRuns: 1500 },
  );
});

it('tells the same twice', () => {
  fc.assert(
    fc.property(orderScript, (script) => {
      expect(playScript(script).log).toEqual(playScript(script).log);
    }),
    { seed: 8, numRuns: 200 },
  );
});
