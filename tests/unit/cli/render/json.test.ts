import { describe, expect, it } from 'vitest';
import type { CommandIo } from '../../../../src/cli/io.ts';
import { printJson } from '../../../../src/cli/render/json.ts';

function printed(value: unknown): string {
  let text = '';
  const io: CommandIo = {
    stdout: (part) => {
      text += part;
    },
    stderr: (part) => {
      throw new Error(`nothing was expected on stderr, was ${part}`);
    },
    isTerminal: false,
    signal: new AbortController().signal,
    environment: { overrides: {}, noColor: false, secret: () => null, redact: (text) => text },
  };
  printJson(io, value);
  return text;
}

describe('printJson', () => {
  it('ends with a line end, so that the next prompt stands on its own line', () => {
    expect(printed({ a: 1 })).toBe('{\n  "a": 1\n}\n');
  });

  it.each([
    ['firstOpen', 'first_open'],
    ['assetClass', 'asset_class'],
    ['maxOrdersPerDay', 'max_orders_per_day'],
    ['total_return', 'total_return'],
    ['mean_reversion_crypto', 'mean_reversion_crypto'],
    ['BTC/USD', 'BTC/USD'],
    ['AAPL', 'AAPL'],
    ['var_95', 'var_95'],
  ])('writes the key %s as %s, at any depth', (key, expected) => {
    const value = { [key]: [{ [key]: 1 }] };
    expect(JSON.parse(printed(value))).toEqual({ [expected]: [{ [expected]: 1 }] });
  });

  it('keeps null, numbers and the order of keys', () => {
    const value = { z: null, a: -0.5, m: [], n: 'fillAt' };
    expect(printed(value).replaceAll(/\s/g, '')).toBe('{"z":null,"a":-0.5,"m":[],"n":"fillAt"}');
  });
});
