import type { EpochMs } from '../core/time.ts';
import type { RawCell } from '../ports/bar-file.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';

/** How a file writes time; one file keeps to one of them. */
const TIMESTAMP_FORMATS = [
  'ISO dates',
  'ISO date-times',
  'epoch seconds',
  'epoch milliseconds',
  'epoch microseconds',
  'epoch nanoseconds',
] as const;
export type TimestampFormat = (typeof TIMESTAMP_FORMATS)[number];

export type TimestampReading =
  | { readonly ok: true; readonly format: TimestampFormat; readonly time: EpochMs }
  /** What was expected, as a noun phrase. */
  | { readonly ok: false; readonly expected: string };

interface TimestampOptions {
  /** Read a date-time without a zone as UTC instead of refusing it. */
  readonly assumeUtc: boolean;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(Z|UTC|[+-]\d{2}(?::?\d{2})?))?)?$/;
/** Floats without a fraction are what data frames write for integer columns with holes. */
const EPOCH = /^([1-9]\d{8,18})(?:\.0+)?$/;
/** The hours of older files of CryptoDataDownload: `2019-10-17 09-AM`. */
const HALF_DAY_HOUR = /^(\d{4}-\d{2}-\d{2}) (\d{2})-(AM|PM)$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** 2100-01-01T00:00Z: market data from beyond it are a wrong unit or a wrong century. */
const END_OF_TIME: EpochMs = 4_102_444_800_000;

/**
 * Reads the times of one file. The first good time fixes the format; a later row in another one is
 * refused, since a unit that changes within a file is how bars land in the wrong century.
 */
export class TimestampReader {
  readonly #options: TimestampOptions;
  #format: TimestampFormat | null = null;

  constructor(options: TimestampOptions) {
    this.#options = options;
  }

  /** The format of the file; null before the first good time. */
  get format(): TimestampFormat | null {
    return this.#format;
  }

  /** A number is UTC epoch milliseconds. */
  read(cell: RawCell): TimestampReading {
    const reading =
      typeof cell === 'number' ? readMilliseconds(cell) : parseTimestamp(cell ?? '', this.#options);
    if (!reading.ok) return reading;
    this.#format ??= reading.format;
    if (reading.format === this.#format) return reading;
    return refuse(`a time in ${this.#format} like the rows before, not in ${reading.format},`);
  }
}

/**
 * Reads an ISO date, an ISO date-time with a zone, or an epoch whose unit shows in its number of
 * digits: 9–10 seconds, 12–13 milliseconds, 15–16 microseconds, 18–19 nanoseconds (1973 to 2100).
 */
export function parseTimestamp(text: string, options: TimestampOptions): TimestampReading {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed);
  if (iso !== null) return readIso(iso, options);
  const epoch = EPOCH.exec(trimmed);
  if (epoch?.[1] !== undefined) return readEpoch(epoch[1]);
  const half = HALF_DAY_HOUR.exec(trimmed);
  if (half !== null) return readHalfDayHour(half, options);
  return refuse('a time such as 2018-01-31, 2018-01-31T15:00:00Z or an epoch in s, ms, µs or ns');
}

function readIso(match: RegExpExecArray, { assumeUtc }: TimestampOptions): TimestampReading {
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const date = dateMs(Number(year), Number(month), Number(day));
  if (date === null) return refuse('a date of the calendar');
  if (hour === undefined) return accept('ISO dates', date);
  if (zone === undefined && !assumeUtc) {
    return refuse('a time with its zone (write 2018-01-31T15:00:00Z, or import with --assume-utc)');
  }
  const time = timeOfDayMs(Number(hour), Number(minute), Number(second ?? 0));
  if (time === null) return refuse('a time of day up to 23:59:59');
  const offset = zoneOffsetMs(zone ?? 'Z');
  if (offset === null) return refuse('a zone offset within 14:00');
  const milliseconds = Number((fraction ?? '0').padEnd(9, '0')) / 1e6;
  if (!Number.isInteger(milliseconds)) return refuse('a time in whole milliseconds');
  return accept('ISO date-times', date + time + milliseconds - offset);
}

/** An hour of the first or second half of a day, without zone: 12-AM is midnight, 12-PM noon. */
function readHalfDayHour(match: RegExpExecArray, options: TimestampOptions): TimestampReading {
  const [, date = '', hourText = '', half] = match;
  const hour = Number(hourText);
  if (hour < 1 || hour > 12) return refuse('an hour from 01 to 12');
  const hours = (hour % 12) + (half === 'PM' ? 12 : 0);
  return parseTimestamp(`${date} ${String(hours).padStart(2, '0')}:00`, options);
}

/**
 * Refuses seconds where milliseconds were declared: they would be taken for weeks of 1970, in which
 * no file of candles begins.
 */
function readMilliseconds(time: number): TimestampReading {
  if (!Number.isFinite(time)) return refuse('a time');
  if (!Number.isInteger(time)) return refuse('a time in whole milliseconds');
  if (time > 0 && time * 1000 < END_OF_TIME) {
    return refuse('a time in epoch milliseconds, not seconds,');
  }
  return accept('epoch milliseconds', time);
}

/** Milliseconds since midnight; null for 24:00 and for a leap second, which epochs do not have. */
function timeOfDayMs(hours: number, minutes: number, seconds: number): number | null {
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  return hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1000;
}

function readEpoch(digits: string): TimestampReading {
  switch (digits.length) {
    case 9:
    case 10:
      return accept('epoch seconds', Number(digits) * 1000);
    case 12:
    case 13:
      return accept('epoch milliseconds', Number(digits));
    case 15:
    case 16:
      return acceptFiner('epoch microseconds', digits, 3);
    case 18:
    case 19:
      return acceptFiner('epoch nanoseconds', digits, 6);
    default:
      return refuse('an epoch of 9–10 (s), 12–13 (ms), 15–16 (µs) or 18–19 (ns) digits');
  }
}

/** Cuts as text: nanoseconds of today are beyond the integers that a double holds. */
function acceptFiner(format: TimestampFormat, digits: string, cut: number): TimestampReading {
  if (Number(digits.slice(-cut)) !== 0) return refuse('a time in whole milliseconds');
  return accept(format, Number(digits.slice(0, -cut)));
}

function accept(format: TimestampFormat, time: EpochMs): TimestampReading {
  if (time >= 0 && time < END_OF_TIME) return { ok: true, format, time };
  return refuse('a time from 1970 to 2099');
}

function refuse(expected: string): TimestampReading {
  return { ok: false, expected };
}

/** Midnight UTC of a date; null when the calendar has no such day. */
function dateMs(year: number, month: number, day: number): EpochMs | null {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const length = month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
  if (day < 1 || day > length) return null;
  let days = (year - 1970) * 365 + leapDaysBefore(year) - leapDaysBefore(1970) + day - 1;
  for (let index = 0; index < month - 1; index += 1) days += DAYS_IN_MONTH[index] ?? 0;
  return (month > 2 && isLeap ? days + 1 : days) * DAY_MS;
}

function leapDaysBefore(year: number): number {
  const past = year - 1;
  return Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
}

/** Milliseconds a zone is ahead of UTC; null beyond the 14 hours that exist. */
function zoneOffsetMs(zone: string): number | null {
  if (zone === 'Z' || zone === 'UTC') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}
