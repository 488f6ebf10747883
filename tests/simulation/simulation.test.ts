import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededChance } from '../support/exchange-sim/seeded-chance.ts';
import { readCorpus } from './corpus.ts';
import { crashedAt, endingOf, referenceScenario, type Ending } from './every-crash.ts';
import { CHECKED } from './invariants.ts';
import { runSeed } from './seed-outcome.ts';
import { Tally } from './tally.ts';
import { ListedCrashes } from './world/crash-plan.ts';
import { WORLD_VENUES } from './world/world-exchange.ts';
import { openWorldFiles, removeWorldFiles } from './world/world-files.ts';
import type { WorldFiles } from './world/world.ts';

/** Fresh seeds are drawn from this: the same ones until somebody changes it. */
const FRESH = 20_260_302;

let files: WorldFiles;

beforeAll(async () => {
  files = await openWorldFiles();
});
afterAll(() => removeWorldFiles(files));

/** What is broken, with the command that shows it again. */
async function brokenBy(seed: number): Promise<string | null> {
  const { breach } = await runSeed({ seed, venue: null }, files);
  if (breach === null) return null;
  const again = `npm run simulate -- --seed ${seed}`;
  return [`${breach.invariant}: ${breach.message}`, ...breach.last, again].join('\n');
}

describe('a simulated world', () => {
  it.each(readCorpus().slice(0, 4))(
    'holds what must hold with seed %i of the corpus',
    async (seed) => {
      expect(await brokenBy(seed)).toBeNull();
    },
  );

  it('holds what must hold with seeds nobody chose', async () => {
    const chance = new SeededChance(FRESH);
    for (let n = 0; n < 3; n += 1) {
      expect(await brokenBy(chance.between(1_000_000, 2_000_000_000))).toBeNull();
    }
  });

  it.each(WORLD_VENUES)('at %s is the same for the same seed, event by event', async (venue) => {
    const first = await runSeed({ seed: 36, venue }, files);
    const second = await runSeed({ seed: 36, venue }, files);
    expect(second.sha256).toBe(first.sha256);
    expect(first.requests).toBeGreaterThan(200);
  });
});

describe('a process that is cut off', () => {
  let undisturbed: Ending;
  beforeAll(async () => {
    undisturbed = await endingOf(referenceScenario(new ListedCrashes([])), files);
  });

  it('is cut off in a world that has something to lose', () => {
    expect(undisturbed.breach).toBeNull();
    expect(undisturbed.trades.length).toBeGreaterThan(2);
    expect(undisturbed.boundaries).toBeGreaterThanOrEqual(150);
  });

  it('leaves the next one to end as if nothing had happened, wherever it was (I18)', async () => {
    const kinds: string[] = [];
    for (let at = 1; at <= undisturbed.boundaries; at += 23) {
      const comparison = await crashedAt([at], undisturbed, files);
      expect(['same', 'not-sent'], `boundary ${at}`).toContain(comparison.kind);
      kinds.push(comparison.kind);
    }
    const same = kinds.filter((kind) => kind === 'same').length;
    expect(same / kinds.length).toBeGreaterThan(0.6);
  });

  it('may be cut off again while it recovers', async () => {
    for (let at = 20; at <= undisturbed.boundaries; at += 60) {
      const comparison = await crashedAt([at, at + 1, at + 2], undisturbed, files);
      expect(['same', 'not-sent'], `boundary ${at}`).toContain(comparison.kind);
    }
  });
});

describe('the report of a simulation', () => {
  const breach = { invariant: 'I08', message: 'twice', event: 7, last: ['what came before'] };
  const outcome = {
    seed: 3,
    venue: 'kraken',
    sha256: 'a',
    events: 1,
    requests: 2,
    orders: 3,
    trades: 4,
    processes: 5,
    virtualMs: 6,
    realMs: 7,
    crashes: {},
    boundaries: 8,
    reached: { 'F01 drop, lost': 9 },
    breach: null,
  };

  it('names seed, event, invariant, what came before, and the command that shows it again', () => {
    const said: string[] = [];
    const tally = new Tally({ seeds: 1, venue: 'kraken', toErr: (line) => said.push(line) });
    tally.add({ ...outcome, breach });
    expect(tally.isClean).toBe(false);
    expect(said.join('\n')).toMatch(
      /seed 3 \(kraken\) breaks I08 at event 7:\n {2}twice\n.*before/,
    );
    expect(said.at(-1)).toContain('npm run simulate -- --seed 3 --venue kraken');
  });

  it('counts a seed that is not the same twice as broken', () => {
    const said: string[] = [];
    const tally = new Tally({ seeds: 1, venue: null, toErr: (line) => said.push(line) });
    tally.add(outcome);
    tally.add(outcome);
    expect(tally.isClean).toBe(true);
    tally.add({ ...outcome, sha256: 'b' });
    expect(tally.isClean).toBe(false);
    expect(said[0]).toContain('breaks I28');
  });

  it('counts faults and names what was checked', () => {
    const tally = new Tally({ seeds: 1, venue: null, toErr: () => undefined });
    tally.add(outcome);
    const report = tally.report(1000);
    expect(report).toMatch(/F01 drop, lost +9/);
    for (const { id } of CHECKED) expect(report).toContain(id);
    expect(new Set(CHECKED.map(({ id }) => id)).size).toBe(CHECKED.length);
  });
});
