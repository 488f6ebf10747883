import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { InvariantError } from '../../../src/core/errors.ts';

const SCALE = 10n ** 18n;
const RUNS = { seed: 42, numRuns: 1000 };

/** Units of 1e-18, from the text: apart from the class's own arithmetic. */
function unitsOf(value: Decimal): bigint {
  const text = value.toString();
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(18, '0'));
  return negative ? -units : units;
}

function ofUnits(units: bigint): Decimal {
  return Decimal.parse(`${units}e-18`);
}

const decimals = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(ofUnits);
const positive = fc.bigInt({ min: 1n, max: 10n ** 30n }).map(ofUnits);

describe('parsing', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['007.50', '7.5'],
    ['-12.345', '-12.345'],
    ['1e3', '1000'],
    ['1.5e-7', '0.00000015'],
    ['1.5E+2', '150'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['0.0000000000000000010', '0.000000000000000001'],
    ['100e-20', '0.000000000000000001'],
  ])('reads "%s" as %s', (text, expected) => {
    expect(Decimal.parse(text).toString()).toBe(expected);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '.5',
    '5.',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e9999',
    '--1',
  ])('refuses "%s"', (text) => {
    expect(() => Decimal.parse(text)).toThrow(`a decimal number was expected, was "${text}"`);
  });

  it.each(['1e-19', '0.0000000000000000015'])('refuses the nineteenth decimal of "%s"', (text) => {
    expect(() => Decimal.parse(text)).toThrow(`at most 18 decimals were expected, was "${text}"`);
  });

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        expect(Decimal.parse(value.toString()).equals(value)).toBe(true);
      }),
      RUNS,
    );
  });

  it('prints plain notation: no exponent, no trailing zero, no negative zero', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        expect(value.toString()).toMatch(/^(?:0|-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?)$/);
        expect(value.toString()).not.toBe('-0');
      }),
      RUNS,
    );
  });

  it('prints itself as a string in JSON', () => {
    expect(JSON.stringify({ price: Decimal.parse('0.1') })).toBe('{"price":"0.1"}');
  });
});

describe('doubles', () => {
  it.each([
    [0.1, '0.1'],
    [-0, '0'],
    [1e21, '1000000000000000000000'],
    [1.25e-7, '0.000000125'],
    [-1.25e-7, '-0.000000125'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1.5e-18, '0.000000000000000001'],
    [1.23456e-16, '0.000000000000000123'],
    [9.9e-19, '0'],
    [-9.9e-19, '0'],
    [5e-324, '0'],
    [2 ** 53 + 2, '9007199254740994'],
    [0.00012345678901234567, '0.000123456789012345'],
    [-0.00012345678901234567, '-0.000123456789012345'],
    [-20123.456789012344, '-20123.456789012344'],
    [123456789012345680000, '123456789012345680000'],
  ])('become what %d prints as', (value, expected) => {
    expect(Decimal.fromNumber(value).toString()).toBe(expected);
  });

  it.each([Number.NaN, Infinity, -Infinity])('must be finite: refuses %d', (value) => {
    expect(() => Decimal.fromNumber(value)).toThrow(`a finite number was expected, was ${value}`);
  });

  it('of up to fifteen significant digits come back as they were', () => {
    const digits = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
    fc.assert(
      // At most eighteen decimals are kept: 15 digits with the last at 1e-18 or above.
      fc.property(digits, fc.integer({ min: -18, max: 20 }), (mantissa, exponent) => {
        const value = Number(`${mantissa}e${exponent}`);
        expect(Decimal.fromNumber(value).toNumber()).toBe(value + 0);
      }),
      RUNS,
    );
  });

  it('are the nearest to the decimal', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        expect(value.toNumber()).toBe(Number(value.toString()));
      }),
      RUNS,
    );
  });

  it('are the nearest for values of eight decimals, whatever their size', () => {
    const units = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
    fc.assert(
      fc.property(units, (hundredMillionths) => {
        const value = Decimal.parse(`${hundredMillionths}e-8`);
        expect(value.toNumber()).toBe(Number(`${hundredMillionths}e-8`));
      }),
      RUNS,
    );
  });
});

describe('arithmetic', () => {
  it('adds, subtracts and compares exactly', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const [x, y] = [unitsOf(a), unitsOf(b)];
        expect(unitsOf(a.plus(b))).toBe(x + y);
        expect(unitsOf(a.minus(b))).toBe(x - y);
        expect(Math.sign(a.compare(b))).toBe(x < y ? -1 : x > y ? 1 : 0);
        expect(a.lessThan(b)).toBe(x < y);
        expect(a.greaterThan(b)).toBe(x > y);
        expect(a.equals(b)).toBe(x === y);
        expect(unitsOf(a.min(b))).toBe(x < y ? x : y);
        expect(unitsOf(a.max(b))).toBe(x > y ? x : y);
      }),
      RUNS,
    );
  });

  it('cuts a product towards zero by less than the last decimal', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const exact = unitsOf(a) * unitsOf(b);
        const missing = exact - unitsOf(a.times(b)) * SCALE;
        const size = missing < 0n ? -missing : missing;
        expect(size < SCALE).toBe(true);
        expect(missing === 0n || missing > 0n === exact > 0n).toBe(true);
      }),
      RUNS,
    );
  });

  it('cuts a quotient towards zero by less than the last decimal', () => {
    fc.assert(
      fc.property(decimals, positive, fc.boolean(), (a, size, negative) => {
        const b = negative ? size.negated() : size;
        const exact = unitsOf(a) * SCALE;
        const missing = exact - unitsOf(a.dividedBy(b)) * unitsOf(b);
        const rest = missing < 0n ? -missing : missing;
        expect(rest < unitsOf(size)).toBe(true);
        expect(missing === 0n || missing > 0n === exact > 0n).toBe(true);
      }),
      RUNS,
    );
  });

  it('refuses to divide by zero', () => {
    expect(() => Decimal.one.dividedBy(Decimal.zero)).toThrow(InvariantError);
  });

  it('knows its sign, its negative and its size', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        const units = unitsOf(value);
        expect([value.isNegative, value.isZero, value.isPositive]).toEqual([
          units < 0n,
          units === 0n,
          units > 0n,
        ]);
        expect(unitsOf(value.negated())).toBe(-units);
        expect(unitsOf(value.abs())).toBe(units < 0n ? -units : units);
      }),
      RUNS,
    );
  });
});

describe('steps', () => {
  it.each([
    ['1.25', '0.1', 'down', '1.2'],
    ['1.25', '0.1', 'up', '1.3'],
    ['1.25', '0.1', 'half-even', '1.2'],
    ['1.35', '0.1', 'half-even', '1.4'],
    ['1.26', '0.1', 'half-even', '1.3'],
    ['-1.25', '0.1', 'down', '-1.2'],
    ['-1.25', '0.1', 'up', '-1.3'],
    ['-1.35', '0.1', 'half-even', '-1.4'],
    ['-1.24', '0.1', 'half-even', '-1.2'],
    ['7', '0.25', 'up', '7'],
    ['7.3', '5', 'down', '5'],
    ['7.123', '0', 'up', '7.123'],
    ['7.123', '-1', 'down', '7.123'],
  ] as const)('take %s to a multiple of %s, %s: %s', (value, step, rounding, expected) => {
    const result = Decimal.parse(value).toStep(Decimal.parse(step), rounding);
    expect(result.toString()).toBe(expected);
  });

  it('give the multiples on either side, and half-even the nearer of them', () => {
    fc.assert(
      fc.property(decimals, positive, (value, step) => {
        const [units, size] = [unitsOf(value), unitsOf(step)];
        const down = unitsOf(value.toStep(step, 'down'));
        const up = unitsOf(value.toStep(step, 'up'));
        const nearest = unitsOf(value.toStep(step, 'half-even'));
        const length = (n: bigint) => (n < 0n ? -n : n);
        expect([down % size, up % size, nearest % size]).toEqual([0n, 0n, 0n]);
        expect(length(down) <= length(units) && length(units) <= length(up)).toBe(true);
        expect(length(up) - length(down)).toBe(units === down ? 0n : size);
        expect(2n * length(units - nearest) <= size).toBe(true);
      }),
      RUNS,
    );
  });

  it('change nothing the second time', () => {
    const rounding = fc.constantFrom('down' as const, 'up' as const, 'half-even' as const);
    fc.assert(
      fc.property(decimals, positive, rounding, (value, step, how) => {
        const once = value.toStep(step, how);
        expect(once.toStep(step, how).equals(once)).toBe(true);
      }),
      RUNS,
    );
  });
});
