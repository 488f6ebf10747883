import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimeRange } from '../../../src/config/time-range.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { DAY_MS, formatTime } from '../../../src/core/time.ts';

const utc = (text: string) => Date.parse(text);

describe('a time range', () => {
  it.each([
    ['20180101-20190101', '2018-01-01T00:00Z', '2019-01-01T00:00Z'],
    ['20180101-', '2018-01-01T00:00Z', null],
    ['-20190101', null, '2019-01-01T00:00Z'],
    ['20180101T0930-20180101T1600', '2018-01-01T09:30Z', '2018-01-01T16:00Z'],
    ['2018-01-01-2018-02-01', '2018-01-01T00:00Z', '2018-02-01T00:00Z'],
    ['2018-01-01T09:30-', '2018-01-01T09:30Z', null],
    // 1514764800 s = 17,532 days × 86,400 s = 2018-01-01; 1546300800 s = 17,897 days = 2019-01-01.
    ['1514764800-1546300800', '2018-01-01T00:00Z', '2019-01-01T00:00Z'],
    ['1514764800000-1546300800000', '2018-01-01T00:00Z', '2019-01-01T00:00Z'],
    ['20180101-1546300800', '2018-01-01T00:00Z', '2019-01-01T00:00Z'],
    ['20240229-', '2024-02-29T00:00Z', null],
    ['19700101-', '1970-01-01T00:00Z', null],
    [' 20180101- ', '2018-01-01T00:00Z', null],
  ])('is read: %s', (text, start, end) => {
    expect(parseTimeRange(text)).toEqual({
      start: start === null ? null : utc(start),
      end: end === null ? null : utc(end),
    });
  });

  it.each([
    ['2024-02-30-', '2024-02-30 is not a calendar date'],
    ['20240230-20240301', '20240230 is not a calendar date'],
    ['20230229-', '20230229 is not a calendar date'],
    ['20241301-', '20241301 is not a calendar date'],
    ['20240100-', '20240100 is not a calendar date'],
    ['-20240431', '20240431 is not a calendar date'],
    ['20180101T2400-', 'a time of day from 0000 to 2359 was expected, was 20180101T2400'],
    ['20180101T1260-', 'a time of day from 0000 to 2359 was expected, was 20180101T1260'],
    [
      '20190101-20180101',
      'an end after 2019-01-01T00:00:00Z was expected, was 2018-01-01T00:00:00Z',
    ],
    [
      '20180101-20180101',
      'an end after 2018-01-01T00:00:00Z was expected, was 2018-01-01T00:00:00Z',
    ],
    ['19691231-', 'a time from 1970 on was expected, was 19691231'],
    ['-', 'was "-"'],
    ['', 'was ""'],
    ['20180101', 'a range such as 20230101-20240101 (also 20230101- or -20240101) was expected'],
    ['2024-02-30', 'was "2024-02-30"'],
    ['2018-2019', 'was "2018-2019"'],
    ['20180101-20190101-20200101', 'a range such as'],
    ['20180101:20190101', 'a range such as'],
    ['yesterday-', 'a range such as'],
    ['20180101T0930Z-', 'a range such as'],
    ['9'.repeat(500), 'a range such as'],
  ])('is refused: %s', (text, expected) => {
    expect(() => parseTimeRange(text)).toThrow(ConfigError);
    expect(() => parseTimeRange(text)).toThrow(expected);
    expect(() => parseTimeRange(text)).toThrow(/^--timerange: /);
  });

  it('is refused when it begins in the future, where the present is known', () => {
    const now = utc('2024-06-01T00:00Z');
    expect(() => parseTimeRange('20240602-', { now })).toThrow(
      'a start before 2024-06-01T00:00:00Z was expected, was 2024-06-02T00:00:00Z',
    );
    expect(parseTimeRange('20240601-20250101', { now }).start).toBe(now);
  });

  it('gives every calendar day back', () => {
    // 2099-12-31 is day 47,481 of the epoch.
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 47_481 }), (day) => {
        const text = formatTime(day * DAY_MS).slice(0, 10);
        expect(parseTimeRange(`${text}-`).start).toBe(day * DAY_MS);
        expect(parseTimeRange(`${text.replaceAll('-', '')}-`).start).toBe(day * DAY_MS);
      }),
      { seed: 42, numRuns: 300 },
    );
  });
});
