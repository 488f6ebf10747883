import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactly } from '../../../../../src/adapters/ccxt/account/exact-answer.ts';
import {
  decimalOf,
  positiveOf,
  sideOf,
  timeOf,
} from '../../../../../src/adapters/ccxt/account/wire-fields.ts';
import { Decimal } from '../../../../../src/core/decimal.ts';

describe('an answer that is read exactly', () => {
  it.each([
    ['{"id":9007199254740993}', { id: '9007199254740993' }],
    ['{"p":0.10000000000000000555}', { p: '0.10000000000000000555' }],
    ['{"p": -1.5e-8 , "q":[1, 2.0,-0]}', { p: '-1.5e-8', q: ['1', '2.0', '-0'] }],
    ['[true,false,null,1e400]', [true, false, null, '1e400']],
    ['"a \\"quoted 12\\" text: 3"', 'a "quoted 12" text: 3'],
    ['{"12":"1\\\\","a":7}', { '12': '1\\', a: '7' }],
    ['12', '12'],
  ])('%s has its numbers as text', (body, value) => {
    expect(parseExactly(body)).toEqual(value);
  });

  it('is otherwise what JSON makes of it', () => {
    const asText = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (_, each: unknown) =>
        typeof each === 'number' ? JSON.stringify(each) : each,
      );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseExactly(JSON.stringify(value, null, 1))).toEqual(asText(value));
      }),
    );
  });

  it.each(['', '{', '{"a":01}', '{"a":1 2}', '<html>', '{"a":+1}', '{"a":.5}', 'NaN'])(
    'is none where it is no JSON: %s',
    (body) => {
      expect(() => parseExactly(body)).toThrow(SyntaxError);
    },
  );
});

describe('a decimal on the wire', () => {
  it.each([
    ['0.1', '0.1'],
    ['1e-8', '0.00000001'],
    ['2.3E-8', '0.000000023'],
    ['1e3', '1000'],
    ['+5', '5'],
    ['-0.5', '-0.5'],
    ['00012.50', '12.5'],
    [' 7 ', '7'],
    ['21220.63999999736976971299', '21220.639999997369769712'],
    ['0.0000000000000000009', '0'],
  ])('%s is %s', (text, value) => {
    expect(decimalOf(text)?.toString()).toBe(value);
  });

  it.each([
    '',
    ' ',
    'NaN',
    'Infinity',
    '1e400',
    '1e99',
    '1,5',
    '0x10',
    '1.2345678901234567e-10',
    '1'.repeat(50),
    '1.',
    '.5',
    '--1',
    'null',
  ])('%s is none', (text) => {
    expect(decimalOf(text)).toBeNull();
  });

  it.each([null, undefined, true, 5, [], {}])('%j is none', (field) => {
    expect(decimalOf(field)).toBeNull();
  });

  it('never throws, and is never off', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
        const value = decimalOf(text);
        expect(value === null || value instanceof Decimal).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (units) => {
        const text = Decimal.parse(`${units}e-18`).toString();
        expect(decimalOf(text)?.toString()).toBe(text);
      }),
    );
  });

  it('is positive or none where it must be', () => {
    expect(positiveOf('0')).toBeNull();
    expect(positiveOf('-1')).toBeNull();
    expect(positiveOf('1')?.toString()).toBe('1');
  });
});

describe('a time on the wire', () => {
  it.each([
    ['1795780800000', 'ms', 1_795_780_800_000],
    ['1795780800.3701', 's', 1_795_780_800_370],
    ['2026-11-27T12:00:00.123456789Z', 'iso', Date.UTC(2026, 10, 27, 12, 0, 0, 123)],
    ['1795780800', 'ms', null],
    ['1795780800000', 's', null],
    ['1795780800000000', 'ms', null],
    ['0', 'ms', null],
    ['-1', 's', null],
    ['yesterday', 'iso', null],
    ['', 's', null],
    ['NaN', 'ms', null],
    [null, 'ms', null],
  ] as const)('%s in %s is %s', (field, unit, time) => {
    expect(timeOf(field, unit)).toBe(time);
  });
});

describe('a side on the wire', () => {
  it.each([
    ['BUY', 'buy'],
    ['Sell', 'sell'],
    ['UNKNOWN_ORDER_SIDE', null],
    ['b', null],
    [null, null],
  ])('%s is %s', (field, side) => {
    expect(sideOf(field)).toBe(side);
  });
});
