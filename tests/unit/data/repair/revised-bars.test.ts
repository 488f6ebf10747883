import { describe, expect, it } from 'vitest';
import { revisedBars } from '../../../../src/data/repair/revised-bars.ts';
import { HOUR_MS } from '../../../../src/core/time.ts';
import type { BarRow } from '../../../../src/ports/bar-store.ts';
import { START } from '../../../support/bars.ts';
import { ALL_TIME, hourAt, hoursIn } from './repair-fixture.ts';

const revision = (seenAt: number, bar: BarRow) => ({ openTime: bar.openTime, seenAt, bar });
const STORED = [hourAt(0, 10), hourAt(1, 11, { flags: 5 }), hourAt(2, 12)];
const storedAt = (openTime: number) => STORED.find((bar) => bar.openTime === openTime) ?? null;

describe('the bars that a venue revised', () => {
  it('have the values it sent last, without findings about the old ones', () => {
    const sent = [
      revision(5, hourAt(1, 20, { flags: 4 })),
      revision(6, hourAt(1, 30, { flags: 4 })),
    ];
    expect(revisedBars(sent, storedAt, ALL_TIME)).toEqual({ bars: [hourAt(1, 30)], gone: 0 });
  });

  it('are none where what it sent last is stored', () => {
    const sent = [revision(5, hourAt(1, 20)), revision(6, hourAt(1, 11))];
    expect(revisedBars(sent, storedAt, ALL_TIME).bars).toEqual([]);
  });

  it('differ in the volume alone, too', () => {
    const sent = [revision(5, hourAt(1, 11, { volume: 10.5 }))];
    expect(revisedBars(sent, storedAt, ALL_TIME).bars).toHaveLength(1);
  });

  it('are counted where they are no longer stored', () => {
    expect(revisedBars([revision(5, hourAt(9, 1))], storedAt, ALL_TIME)).toEqual({
      bars: [],
      gone: 1,
    });
  });

  it('are those of the range', () => {
    const sent = [0, 1, 2].map((hour) => revision(5, hourAt(hour, 99)));
    const range = { start: START + HOUR_MS, end: START + 2 * HOUR_MS };
    expect(hoursIn(revisedBars(sent, storedAt, range).bars)).toEqual(['1 99']);
  });
});
