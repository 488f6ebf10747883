import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decimalOf,
  positiveOf,
  sideOf,
  symbolOf,
  timeOf,
} from '../../../../src/adapters/alpaca/wire-values.ts';

describe('a number of the wire', () => {
  it.each([
    ['0.000000001', '0.000000001'],
    ['-12.50', '-12.5'],
    ['1e-8', '0.00000001'],
    ['2.5E+3', '2500'],
    ['9007199254740993', '9007199254740993'],
    ['12345678901234567890.123456789012345678', '12345678901234567890.123456789012345678'],
    [3, '3'],
    [0.29, '0.29'],
    [2.3e-8, '0.000000023'],
    [-0, '0'],
  ])('%j is %s', (value, text) => {
    expect(String(decimalOf(value))).toBe(text);
  });

  it.each([
    [''],
    [' 1'],
    ['1,000.5'],
    ['0x10'],
    ['NaN'],
    ['Infinity'],
    ['1e400'],
    ['1e99'],
    ['1e-19'],
    ['1.1e-18'],
    ['.5'],
    ['5.'],
    ['+1'],
    ['1'.repeat(21)],
    [Infinity],
    [NaN],
    [0.1 + 0.2],
    [2 ** 53],
    [null],
    [undefined],
    [true],
    [{}],
    [['1']],
  ])('%j is none', (value) => {
    expect(decimalOf(value)).toBeNull();
  });

  it('is exact or none, whatever was sent', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.nat(18),
        (units, places) => {
          const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
          const cut = digits.length - places;
          const text = `${units < 0n ? '-' : ''}${digits.slice(0, cut)}${places > 0 ? '.' : ''}${digits.slice(cut)}`;
          const value = decimalOf(text);
          expect(value === null ? null : String(value)).toBe(cut > 20 ? null : normal(text));
        },
      ),
    );
  });

  it('that must be positive is none from zero down', () => {
    expect([positiveOf('0'), positiveOf('-1'), positiveOf('0.1')?.toString()]).toEqual([
      null,
      null,
      '0.1',
    ]);
  });
});

function normal(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const rest = fraction.replace(/0+$/, '');
  const shown = rest === '' ? whole : `${whole}.${rest}`;
  return /^-0*(?:\.0*)?$/.test(shown) ? '0' : shown.replace(/^(-?)0+(?=\d)/, '$1');
}

describe('a name of the wire', () => {
  it.each([
    ['BTC/USD', null, 'BTC/USD'],
    ['BTCUSD', null, 'BTC/USD'],
    ['ETHBTC', true, 'ETH/BTC'],
    ['AAVEUSDT', null, 'AAVE/USDT'],
    ['USDCUSD', true, 'USDC/USD'],
    ['OPUSD', true, 'OP/USD'],
    ['GBTC', null, 'GBTC'],
    ['BTCUSD', false, 'BTCUSD'],
    ['BRK.B', null, 'BRK.B'],
    ['AAPL', false, 'AAPL'],
    ['', null, null],
    [7, null, null],
  ])('%j of crypto %s is %s', (value, isCrypto, name) => {
    expect(symbolOf(value, isCrypto)).toBe(name);
  });
});

describe('a side and a time of the wire', () => {
  it('know sales of borrowed shares', () => {
    expect(['buy', 'sell', 'sell_short', 'SELL', null].map(sideOf)).toEqual([
      'buy',
      'sell',
      'sell',
      null,
      null,
    ]);
  });

  it('read nanoseconds and offsets, and nothing that is no instant', () => {
    const noon = Date.parse('2024-05-01T16:00:00Z');
    expect(timeOf('2024-05-01T12:00:00.000123456-04:00')).toBe(noon);
    expect([timeOf('2024-05-01'), timeOf(1_714_579_200), timeOf('2024-13-01T00:00:00Z')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
