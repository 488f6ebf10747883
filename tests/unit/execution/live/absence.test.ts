import { assert, array, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absentAgain,
  NO_ABSENCE,
  provenAbsent,
  type AbsentRound,
} from '../../../../src/execution/live/absence.ts';

const VALIDITY = 60_000;

function proofAfter(rounds: readonly AbsentRound[]): string | null {
  const last = rounds.at(-1);
  const absence = rounds.reduce(absentAgain, NO_ABSENCE);
  return last === undefined ? null : provenAbsent(absence, last, VALIDITY);
}

const at = (seconds: number, exchange = seconds): AbsentRound => ({
  at: seconds * 1000,
  exchangeTime: exchange * 1000,
});

describe('evidence of absence', () => {
  it('is three rounds over a minute, the last one past the validity of a request', () => {
    expect(proofAfter([at(0), at(30), at(61)])).toBe(
      '3 complete reads of open orders, closed orders and trades over 61 s do not show it',
    );
  });

  it('is not two rounds, not a shorter time, and not an exchange whose clock is behind', () => {
    expect(proofAfter([])).toBeNull();
    expect(proofAfter([at(0), at(600)])).toBeNull();
    expect(proofAfter([at(0), at(20, 30), at(59, 90)])).toBeNull();
    expect(proofAfter([at(0, 0), at(30, 30), at(90, 60)])).toBeNull();
  });

  it('never comes from fewer rounds, however much time goes by', () => {
    const round = record({ at: integer({ min: 0 }), exchangeTime: integer({ min: 0 }) });
    assert(
      property(array(round, { maxLength: 2 }), (rounds) => {
        expect(proofAfter(rounds)).toBeNull();
      }),
    );
  });
});
