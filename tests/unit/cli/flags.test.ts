import { describe, expect, it } from 'vitest';
import {
  parseCapital,
  parseCount,
  parseExchange,
  parseSymbols,
  parseTimeframe,
} from '../../../src/cli/flags.ts';
import { ConfigError } from '../../../src/core/errors.ts';

describe('parseCapital', () => {
  it.each(['1', '50000', '0.01', '2500.75', '999999999999999.99999999'])(
    'takes %s exactly',
    (text) => {
      expect(parseCapital(text)).toBe(text);
    },
  );

  it.each([
    '',
    '0',
    '0.0',
    '-5',
    '+5',
    ' 5',
    '1e5',
    '1_000',
    '1,000',
    '0x10',
    'NaN',
    '1.123456789',
  ])('refuses %j', (text) => {
    expect(() => parseCapital(text)).toThrow(
      new ConfigError(`--capital: a positive amount such as 50000 was expected, was "${text}"`),
    );
  });
});

describe('parseSymbols', () => {
  it('takes spaces around commas', () => {
    expect(parseSymbols('BTC/USD, ETH/USD ,AAPL')).toEqual(['BTC/USD', 'ETH/USD', 'AAPL']);
  });

  it.each(['', ',', 'BTC/USD,', 'btc/usd', 'BTC USD', 'BTC/USD,BTC/USD', '../x'])(
    'refuses %j',
    (text) => {
      expect(() => parseSymbols(text)).toThrow(ConfigError);
      expect(() => parseSymbols(text)).toThrow(/^--symbols: /);
    },
  );
});

describe('a list of symbols', () => {
  it('ends at a thousand', () => {
    const symbols = Array.from({ length: 1001 }, (_, index) => `S${index}/USD`);
    expect(parseSymbols(symbols.slice(1).join(','))).toHaveLength(1000);
    expect(() => parseSymbols(symbols.join(','))).toThrow(
      '--symbols: at most 1000 were expected, was 1001',
    );
  });
});

describe('parseTimeframe', () => {
  it('tells the minute from the month', () => {
    expect(parseTimeframe('1m')).toBe('1m');
    expect(() => parseTimeframe('1M')).toThrow(/"1M"; 1m is a minute, months are not supported$/);
  });

  it.each(['', '7m', '0m', '1H', '60', 'constructor', '__proto__'])('refuses %j', (text) => {
    expect(() => parseTimeframe(text)).toThrow(/^--timeframe: one of 1m, .* was expected, was "/);
  });
});

describe('parseCount', () => {
  it.each([
    ['0', 0],
    ['20', 20],
    ['999999999', 999_999_999],
  ])('takes %s', (text, value) => {
    expect(parseCount('--limit', text, 0)).toBe(value);
  });

  it.each(['', '-1', '1.5', '1e3', 'ten', '1000000000'])('refuses %j', (text) => {
    expect(() => parseCount('--limit', text, 0)).toThrow(
      `--limit: a whole number of at least 0 was expected, was "${text}"`,
    );
  });

  it('refuses what lies below the least', () => {
    expect(() => parseCount('--limit', '0', 1)).toThrow(/at least 1 was expected, was "0"$/);
  });
});

describe('parseExchange', () => {
  it.each(['coinbase', 'binance_us', 'gate2'])('takes %s', (text) => {
    expect(parseExchange(text)).toBe(text);
  });

  it.each(['', 'Coinbase', '2gate', 'a b', 'a/b', 'x'.repeat(41)])('refuses %j', (text) => {
    expect(() => parseExchange(text)).toThrow(ConfigError);
  });
});
