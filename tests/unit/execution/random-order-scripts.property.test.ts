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

it('tells the same twice', () => {
  fc.assert(
    fc.property(orderScript, (script) => {
      expect(playScript(script).log).toEqual(playScript(script).log);
    }),
    { seed: 8, numRuns: 200 },
  );
});
