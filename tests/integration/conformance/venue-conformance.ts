import { afterEach, beforeEach, describe } from 'vitest';
import { accountCases } from './account-cases.ts';
import { cancelCases } from './cancel-cases.ts';
import { fateCases } from './fate-cases.ts';
import { placingCases } from './placing-cases.ts';
import { readCases } from './read-cases.ts';
import type { MakeWorld, VenueWorld } from './venue-world.ts';

/** Long enough for a busy machine. */
const PATIENT_MS = 20_000;
/** Short enough to wait for what never comes. */
const IMPATIENT_MS = 1000;

/**
 * What every account at an exchange promises, whatever the exchange is like: run it against each
 * adapter, on an exchange of this machine that keeps its own books and speaks the venue's format.
 */
export function venueConformance(name: string, makeWorld: MakeWorld): void {
  describe(`${name}, as an account at an exchange`, () => {
    inWorlds(makeWorld, PATIENT_MS, placingCases, cancelCases, readCases, accountCases);
  });

  describe(`${name}, where things go wrong`, () => {
    inWorlds(makeWorld, IMPATIENT_MS, fateCases);
  });
}

function inWorlds(
  makeWorld: MakeWorld,
  timeoutMs: number,
  ...cases: readonly ((world: () => VenueWorld) => void)[]
): void {
  let world: VenueWorld | null = null;
  beforeEach(async () => {
    world = await makeWorld({ timeoutMs });
  });
  afterEach(async () => {
    await world?.stop();
    world = null;
  });
  const present = (): VenueWorld => {
    if (world === null) throw new Error('a world is there only while a test runs');
    return world;
  };
  for (const each of cases) each(present);
}
