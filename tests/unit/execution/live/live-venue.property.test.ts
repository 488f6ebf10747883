import { assert, asyncProperty, integer } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveDrill, type DrillCounts } from '../../../support/live/live-drill.ts';

const SEEDS = 300;
const COUNTED = ['sent', 'unknown', 'fills', 'kills', 'rejected'] as const;

describe('a live venue under random faults', () => {
  it('keeps I06 to I17 whatever exchange and machine do to it', { timeout: 300_000 }, async () => {
    const reached: DrillCounts = { sent: 0, unknown: 0, fills: 0, kills: 0, rejected: 0 };
    await assert(
      asyncProperty(integer(), async (seed) => {
        const drill = new LiveDrill(seed);
        await drill.run();
        for (const name of COUNTED) reached[name] += drill.counts[name];
      }),
      { numRuns: SEEDS, endOnFailure: true },
    );
    for (const count of Object.values(reached)) expect(count).toBeGreaterThan(SEEDS / 3);
  });
});
