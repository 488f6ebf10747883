import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../src/config/time-point.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { formatTime } from '../../../src/core/time.ts';

const parse = (text: string) => parseTime('--at', text);

describe('a time', () => {
  it.each([
    ['2024-03-05', '2024-03-05T00:00Z'],
    ['2024-03-05T14:00', '2024-03-05T14:00Z'],
    ['2024-03-05 14:00', '2024-03-05T14:00Z'],
    ['2024-03-05T1430', '2024-03-05T14:30Z'],
    ['2024-03-05T14:00:59Z', '2024-03-05T14:00:59Z'],
    ['2024-03-05 14:00:59.999Z', '2024-03-05T14:00:59Z'],
    ['20240305', '2024-03-05T00:00Z'],
    ['20240305T1430', '2024-03-05T14:30Z'],
    ['2024-02-29', '2024-02-29T00:00Z'],
    [' 2024-03-05 ', '2024-03-05T00:00Z'],
    // 1709596800 s = 19,787 days × 86,400 s = 2024-03-05.
    ['1709596800', '2024-03-05T00:00Z'],
    ['1709596800000', '2024-03-05T00:00Z'],
  ])('is read: %s', (text, expected) => {
    expect(parse(text)).toBe(Date.parse(expected));
  });

  it('is read as reports print it', () => {
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(seconds, (second) => {
        expect(parse(formatTime(second * 1000))).toBe(second * 1000);
      }),
    );
  });

  it.each([
    '',
    'yesterday',
    '2024-03-05T14',
    '2024-03-05T14:00:61',
    '2024-03-05T14:00+01:00',
    '05.03.2024',
    '2024-3-5',
    '170959680',
    '2024-03-05T14:00 2024',
  ])('is refused by what was expected: %j', (text) => {
    expect(() => parse(text)).toThrow(ConfigError);
    expect(() => parse(text)).toThrow(
      `--at: a time such as 2024-03-05T14:00 (UTC; also 2024-03-05, or seconds or milliseconds ` +
        `since 1970) was expected, was ${JSON.stringify(text)}`,
    );
  });

  it.each([
    ['2024-02-30', '--at: 2024-02-30 is not a calendar date'],
    [
      '2024-03-05T24:00',
      '--at: a time of day from 0000 to 2359 was expected, was 2024-03-05T24:00',
    ],
    ['1969-12-31', '--at: a time from 1970 on was expected, was 1969-12-31'],
  ])('that cannot be is refused: %s', (text, sentence) => {
    expect(() => parse(text)).toThrow(sentence);
  });
});
