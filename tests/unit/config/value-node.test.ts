import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainValue } from '../../../src/config/config-node.ts';
import { valueNode } from '../../../src/config/value-node.ts';

describe('valueNode', () => {
  it('holds every value that JSON can hold, and none that is undefined', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(plainValue(valueNode(value, 'config')));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    const value = { a: undefined, b: { c: undefined, d: 1 } };
    expect(JSON.stringify(plainValue(valueNode(value, 'config')))).toBe('{"b":{"d":1}}');
  });

  it('leaves numbers that are none to the schema', () => {
    expect(plainValue(valueNode(Number.NaN, 'config'))).toBeNaN();
  });

  it('says of all it holds where it is from', () => {
    const node = valueNode({ list: [1], map: { key: 'text' } }, 'strategy "a"');
    expect(JSON.stringify(node)).not.toContain('default');
    expect(node.origin).toEqual({ kind: 'flag', label: 'strategy "a"' });
  });

  const circle: { inner?: unknown } = {};
  circle.inner = circle;

  it.each([
    [{ a: new Date(0) }, 'config.a', '[object Date]'],
    [{ a: [new Map()] }, 'config.a.0', '[object Map]'],
    [() => 1, 'config', 'function'],
    [{ a: 1n }, 'config.a', 'bigint'],
    [Symbol('a'), 'config', 'symbol'],
    [{ a: undefined, b: [undefined] }, 'config.b.0', 'undefined'],
    [circle, `config${'.inner'.repeat(33)}`, 'nested more than 32 deep'],
  ])('refuses what no YAML could hold: %o', (value, path, was) => {
    expect(() => valueNode(value, 'config')).toThrow(
      `${path}: text, a number, true, false, null, a list or a mapping of these was expected, ` +
        `was ${was}`,
    );
  });

  it('reaches no prototype by a key', () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(valueNode(hostile, 'config')).toMatchObject({ kind: 'map' });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
