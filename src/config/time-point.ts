import { ConfigError } from '../core/errors.ts';
import { formatTime, HOUR_MS, MINUTE_MS, type EpochMs } from '../core/time.ts';

/** A day or an instant in UTC, in any of the forms a time range has for its sides. */
export const POINT = String.raw`\d{4}-\d{2}-\d{2}(?:T\d{2}:?\d{2})?|\d{8}(?:T\d{4})?|\d{13}|\d{10}`;
const ALONE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:?\d{2})(?::(\d{2})(?:\.\d{1,3})?)?Z?)?$/;
const WHOLE = new RegExp(`^(?:${POINT})$`);

/**
 * One instant, as `2024-03-05`, `2024-03-05T14:00`, with a space for the T, with seconds and `Z` as
 * reports print it, or as a time range has it. Always UTC: a bar is found by its open time. Throws a
 * `ConfigError` that names the flag.
 */
export function parseTime(flag: string, text: string): EpochMs {
  const given = text.trim();
  const match = ALONE.exec(given);
  if (match !== null) {
    const [, day = '', clock, seconds = '0'] = match;
    const point = clock === undefined ? day : `${day}T${clock}`;
    const time = parsePoint(flag, point) + Number(seconds) * 1000;
    if (Number(seconds) < 60) return time;
  } else if (WHOLE.test(given)) {
    return parsePoint(flag, given);
  }
  throw new ConfigError(
    `${flag}: a time such as 2024-03-05T14:00 (UTC; also 2024-03-05, or seconds or milliseconds ` +
      `since 1970) was expected, was ${JSON.stringify(text.slice(0, 80))}`,
  );
}

/** The instant that a text of the form `POINT` names. Throws a `ConfigError` that names the flag. */
export function parsePoint(flag: string, point: string): EpochMs {
  const time = /^\d{10}$|^\d{13}$/.test(point)
    ? Number(point) * (point.length === 10 ? 1000 : 1)
    : parseDate(flag, point);
  if (time < 0) throw new ConfigError(`${flag}: a time from 1970 on was expected, was ${point}`);
  return time;
}

/** Strict, unlike `Date`, which reads 30 February as 1 March. */
function parseDate(flag: string, point: string): EpochMs {
  const digits = point.replaceAll(/[-:T]/g, '');
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)];
  const [hour, minute] = [Number(digits.slice(8, 10)), Number(digits.slice(10, 12))];
  const date = `${year}-${month}-${day}`;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (!isCalendarDate(date, midnight)) {
    throw new ConfigError(`${flag}: ${point} is not a calendar date`);
  }
  if (hour > 23 || minute > 59) {
    throw new ConfigError(`${flag}: a time of day from 0000 to 2359 was expected, was ${point}`);
  }
  return midnight + hour * HOUR_MS + minute * MINUTE_MS;
}

function isCalendarDate(date: string, midnight: number): boolean {
  return !Number.isNaN(midnight) && formatTime(midnight).startsWith(date);
}
