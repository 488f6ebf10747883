import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestamp, TimestampReader } from '../../../src/data/timestamp-parsing.ts';

const STRICT = { assumeUtc: false };
/** 2018-01-01T00:00Z. */
const NEW_YEAR = 1_514_764_800_000;

function refusalOf(text: string): string {
  const reading = parseTimestamp(text, STRICT);
  return reading.ok ? 'accepted' : reading.expected;
}

describe('parseTimestamp', () => {
  it.each([
    ['2018-01-01', 'ISO dates'],
    ['2018-01-01T00:00:00Z', 'ISO date-times'],
    ['2018-01-01T00:00Z', 'ISO date-times'],
    ['2018-01-01 00:00:00 UTC', 'ISO date-times'],
    ['2018-01-01 00:00:00+00:00', 'ISO date-times'],
    ['2018-01-01T00:00:00.000Z', 'ISO date-times'],
    ['2018-01-01T02:00:00+02:00', 'ISO date-times'],
    ['2017-12-31T19:00:00-0500', 'ISO date-times'],
    ['2018-01-01T05:30:00+05:30', 'ISO date-times'],
    ['2018-01-01T01:00+01', 'ISO date-times'],
    [' 2018-01-01 ', 'ISO dates'],
    ['1514764800', 'epoch seconds'],
    ['1514764800.0', 'epoch seconds'],
    ['1514764800000', 'epoch milliseconds'],
    ['1514764800000000', 'epoch microseconds'],
    ['1514764800000000000', 'epoch nanoseconds'],
  ])('reads %j as new year 2018 in %s', (text, format) => {
    expect(parseTimestamp(text, STRICT)).toEqual({ ok: true, format, time: NEW_YEAR });
  });

  it('keeps the milliseconds of a nanosecond epoch that no double holds exactly', () => {
    const reading = parseTimestamp('1514764800123000000', STRICT);
    expect(reading).toMatchObject({ ok: true, time: NEW_YEAR + 123 });
  });

  it.each([
    ['2024-02-30', 'a date of the calendar'],
    ['2023-02-29', 'a date of the calendar'],
    ['2100-02-29', 'a date of the calendar'],
    ['2024-13-01', 'a date of the calendar'],
    ['2024-00-10', 'a date of the calendar'],
    ['2024-04-31', 'a date of the calendar'],
    ['2024-01-01T24:00:00Z', 'a time of day up to 23:59:59'],
    ['2016-12-31T23:59:60Z', 'a time of day up to 23:59:59'],
    ['2024-01-01T10:60:00Z', 'a time of day up to 23:59:59'],
    ['2024-01-01T10:00:00+15:00', 'a zone offset within 14:00'],
    ['2024-01-01T10:00:00+10:75', 'a zone offset within 14:00'],
    ['2024-01-01T10:00:00.0001Z', 'a time in whole milliseconds'],
    ['1514764800000001', 'a time in whole milliseconds'],
    ['1969-12-31', 'a time from 1970 to 2099'],
    ['2100-01-01', 'a time from 1970 to 2099'],
    ['4102444800', 'a time from 1970 to 2099'],
    ['15147648000', 'an epoch of 9–10 (s), 12–13 (ms), 15–16 (µs) or 18–19 (ns) digits'],
  ])('refuses %j and asks for %s', (text, expected) => {
    expect(parseTimestamp(text, STRICT)).toEqual({ ok: false, expected });
  });

  it.each(['01/02/2024', '20240102', '-1514764800', '1.5147648e9', 'yesterday', '', '2024-1-2'])(
    'refuses %j, which is no unambiguous time',
    (text) => {
      expect(refusalOf(text)).toContain('a time such as 2018-01-31');
    },
  );

  it('accepts the 29th of February in leap years only', () => {
    // 2024-02-29T00:00Z is 19 782 days after the epoch: 54 years of 365 + 13 leap days + 59.
    expect(parseTimestamp('2024-02-29', STRICT)).toMatchObject({ time: 19_782 * 86_400_000 });
    expect(parseTimestamp('2000-02-29', STRICT)).toMatchObject({ ok: true });
  });

  it('reads a local time as UTC only when told to', () => {
    const text = '2018-01-01 00:00:00';
    expect(refusalOf(text)).toContain('--assume-utc');
    expect(parseTimestamp(text, { assumeUtc: true })).toMatchObject({ ok: true, time: NEW_YEAR });
  });

  it('reads back every instant that JavaScript prints', () => {
    const instants = fc.integer({ min: 0, max: 4_102_444_799_999 });
    const prop = fc.property(instants, (time) => {
      const reading = parseTimestamp(new Date(time).toISOString(), STRICT);
      expect(reading).toEqual({ ok: true, format: 'ISO date-times', time });
    });
    fc.assert(prop, { seed: 42, numRuns: 500 });
  });
});

describe('TimestampReader', () => {
  it.each([
    ['1514764800', '1514768400000', 'epoch seconds', 'epoch milliseconds'],
    ['1514764800000', '1514768400', 'epoch milliseconds', 'epoch seconds'],
    ['1514764800000', '1514768400000000', 'epoch milliseconds', 'epoch microseconds'],
    ['1514764800000000', '1514768400000000000', 'epoch microseconds', 'epoch nanoseconds'],
    ['2018-01-01T00:00:00Z', '1514768400', 'ISO date-times', 'epoch seconds'],
    ['2018-01-01', '2018-01-02T00:00:00Z', 'ISO dates', 'ISO date-times'],
  ])('after %s refuses %s', (first, second, before, now) => {
    const reader = new TimestampReader(STRICT);
    reader.read(first);
    expect(reader.format).toBe(before);
    expect(reader.read(second)).toEqual({
      ok: false,
      expected: `a time in ${before} like the rows before, not in ${now},`,
    });
  });

  it('takes no format from a time it refuses', () => {
    const reader = new TimestampReader(STRICT);
    reader.read('2024-02-30');
    expect(reader.format).toBeNull();
    expect(reader.read('1514764800')).toMatchObject({ ok: true });
  });
});
