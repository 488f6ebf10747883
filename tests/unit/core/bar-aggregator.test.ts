import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { InvariantError } from '../../../src/core/errors.ts';
import { bar, built, deliveries, iso, line, type Building } from '../../support/built-bars.ts';

const HOURS: Building = { base: '1h', target: '4h' };

/** Hourly bars of 2024-01-02 by hour: open, high, low, close, volume. */
function hours(rows: Readonly<Record<number, readonly number[]>>) {
  return Object.entries(rows).map(([hour, values]) =>
    bar(`2024-01-02T${hour.padStart(2, '0')}:00Z`, values),
  );
}

describe('a bar of shorter ones', () => {
  it('opens with the first, closes with the last, holds all extremes and the whole volume', () => {
    const bars = hours({
      4: [100, 105, 99, 104, 1.5],
      5: [104, 104.5, 98.25, 98.5, 2.25],
      6: [98.5, 110.75, 98.5, 101, 0],
      7: [101, 102, 100, 100.5, 4],
    });
    // high 110.75 of 06:00, low 98.25 of 05:00, volume 1.5 + 2.25 + 0 + 4
    expect(built(HOURS, bars).map(line)).toEqual(['2024-01-02T04:00Z 100 110.75 98.25 100.5 7.75']);
  });

  it('is made of what there is where some are missing, and closes with the next', () => {
    const bars = hours({ 4: [1, 2, 1, 2, 1], 6: [5, 6, 4, 5, 1], 9: [7, 7, 7, 7, 1] });
    expect(deliveries(HOURS, bars).map((opens) => opens.map(iso))).toEqual([
      [],
      [],
      ['2024-01-02T04:00Z'],
    ]);
    expect(built(HOURS, bars).map(line)).toEqual(['2024-01-02T04:00Z 1 6 1 5 2']);
  });

  it('is not made where there is none', () => {
    const flat = [1, 1, 1, 1, 1];
    const bars = hours({ 0: flat, 3: flat, 12: flat, 15: flat });
    expect(built(HOURS, bars).map(({ openTime }) => iso(openTime))).toEqual([
      '2024-01-02T00:00Z',
      '2024-01-02T12:00Z',
    ]);
  });

  it('is delivered with the bar that closes at its end, not before', () => {
    const flat = [1, 1, 1, 1, 1];
    const bars = hours({ 0: flat, 1: flat, 2: flat, 3: flat, 4: flat });
    const counts = deliveries(HOURS, bars).map(({ length }) => length);
    expect(counts).toEqual([0, 0, 0, 1, 0]);
    expect(built(HOURS, bars).map(({ closeTime }) => iso(closeTime))).toEqual([
      '2024-01-02T04:00Z',
    ]);
  });

  it('comes together with the one before it where a hole hid the end of both', () => {
    const flat = [1, 1, 1, 1, 1];
    const bars = hours({ 0: flat, 7: [9, 9, 9, 9, 3] });
    expect(deliveries(HOURS, bars).map((opens) => opens.map(iso))).toEqual([
      [],
      ['2024-01-02T00:00Z', '2024-01-02T04:00Z'],
    ]);
    expect(built(HOURS, bars).map(line)).toEqual([
      '2024-01-02T00:00Z 1 1 1 1 1',
      '2024-01-02T04:00Z 9 9 9 9 3',
    ]);
  });

  it('is not delivered where the stream begins in its middle or ends before it', () => {
    const flat = [1, 1, 1, 1, 1];
    expect(built(HOURS, hours({ 1: flat, 2: flat, 3: flat }))).toEqual([]);
    expect(built(HOURS, hours({ 4: flat, 5: flat, 6: flat }))).toEqual([]);
    expect(built(HOURS, hours({ 3: flat, 4: flat, 7: flat, 8: flat })).map(line)).toEqual([
      '2024-01-02T04:00Z 1 1 1 1 2',
    ]);
  });

  it('carries every flag that any of them has', () => {
    const { outlier, repaired, revised } = BAR_FLAGS;
    const rows = ['00', '01', '02', '03'].map((hour, index) =>
      bar(`2024-01-02T${hour}:00Z`, [1, 1, 1, 1, 1], [0, outlier, 0, revised][index]),
    );
    const [whole] = built(HOURS, rows);
    expect(whole?.flags).toBe(outlier | revised);
    expect((whole?.flags ?? 0) & repaired).toBe(0);
  });

  it('adds volumes in the order of time', () => {
    const volumes = { 0: 0.1, 1: 0.2, 2: 0.3, 3: 1e16 };
    const rows = Object.entries(volumes).map(([hour, volume]) =>
      bar(`2024-01-02T0${hour}:00Z`, [1, 1, 1, 1, volume]),
    );
    expect(built(HOURS, rows)[0]?.volume).toBe(0.1 + 0.2 + 0.3 + 1e16);
  });

  it('of the same length is that bar', () => {
    const bars = hours({ 0: [1, 3, 0.5, 2, 4], 5: [2, 2, 2, 2, 0] });
    expect(built({ base: '1h', target: '1h' }, bars)).toEqual(
      bars.map((each) => ({ ...each, closeTime: each.openTime + 3_600_000 })),
    );
  });
});

describe('a stream out of order', () => {
  it.each([
    ['a bar twice', '2024-01-02T00:00Z'],
    ['a late bar', '2024-01-01T23:00Z'],
  ])('is a broken invariant: %s', (_, time) => {
    const bars = [bar('2024-01-02T00:00Z', [1, 1, 1, 1, 1]), bar(time, [1, 1, 1, 1, 1])];
    expect(() => built(HOURS, bars)).toThrow(InvariantError);
    expect(() => built(HOURS, bars)).toThrow(/in the order of time, 2024-01-0\dT\d\d:00:00Z came/);
  });
});
