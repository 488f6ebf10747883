import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { findNode, plainValue } from '../../../src/config/config-node.ts';
import { parseYaml } from '../../../src/config/parse-yaml.ts';
import { ConfigError } from '../../../src/core/errors.ts';

const at = (line: number, column: number) =>
  ({ kind: 'file', label: `f:${line}:${column}` }) as const;

function valueOf(text: string): unknown {
  const node = parseYaml(text, at);
  return node === null ? null : plainValue(node);
}

function problemOf(text: string): string {
  try {
    parseYaml(text, at);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('parseYaml', () => {
  it.each([
    ['0.10', 0.1],
    ['-3', -3],
    ['+5', 5],
    ['0', 0],
    ['.5', 0.5],
    ['1e-5', 0.00001],
    ['1e3', 1000],
    ['true', true],
    ['null', null],
    ['~', null],
    ['yes', 'yes'],
    ['1h', '1h'],
    ['BTC/USD', 'BTC/USD'],
    ['5%', '5%'],
    ['"010"', '010'],
    ["''", ''],
    ['2024-01-01', '2024-01-01'],
    ['[1, a]', [1, 'a']],
    ['[]', []],
  ])('reads %s', (text, expected) => {
    expect(valueOf(`key: ${text}\n`)).toEqual({ key: expected });
  });

  it('gives nothing for nothing', () => {
    expect(['', '\n', '# comment\n', '---\n'].map(valueOf)).toEqual([null, null, null, null]);
  });

  it('gives mappings that inherit nothing', () => {
    expect(Object.getPrototypeOf(valueOf('a: 1\n'))).toBeNull();
  });

  it('knows line and column of every key and value', () => {
    const root = parseYaml('a:\n  b: 1\n  list:\n    - x\n    - { c: 2 }\n', at);
    expect(root).not.toBeNull();
    const places = [['a'], ['a', 'b'], ['a', 'list'], ['a', 'list', 1], ['a', 'list', 1, 'c']].map(
      (path) => {
        const node = root === null ? null : findNode(root, path);
        return [node?.keyOrigin.label, node?.origin.label];
      },
    );
    expect(places).toEqual([
      ['f:1:1', 'f:2:3'],
      ['f:2:3', 'f:2:6'],
      ['f:3:3', 'f:4:5'],
      ['f:5:7', 'f:5:7'],
      ['f:5:9', 'f:5:12'],
    ]);
  });

  it('resolves aliases', () => {
    expect(valueOf('a: &x { n: 1 }\nb: *x\n')).toEqual({ a: { n: 1 }, b: { n: 1 } });
  });

  it.each([
    ['a key without a value', 'a:\n', 'f:1:3: a: a value was expected, was nothing'],
    ['a list entry without a value', 'a:\n  -\n', 'a.0: a value was expected, was nothing'],
    ['a key that is a number', '1: a\n', 'f:1:1: a key that is text was expected, was 1'],
    ['a key that is a list', '? [a]\n: 1\n', 'a key that is text was expected, was ["a"]'],
    ['an alias as a key', 'a: &x b\n*x : 1\n', 'a key that is text was expected, was *x'],
    [
      'an alias without an anchor',
      'a: *x\n',
      'f:1:4: a: an anchor &x before this alias was expected',
    ],
    ['an alias that holds itself', 'a: &x [*x]\n', 'at most 50 uses of aliases were expected'],
    [
      'a hexadecimal number',
      'a: 0x1F\n',
      'a plain decimal number was expected, was 0x1F (write 31',
    ],
    ['an unsafe integer', 'a: -9007199254740993\n', 'safe integer range'],
    ['an unsafe integer in exponent notation', 'a: 1e20\n', 'safe integer range'],
    ['a constructor', 'constructor: 1\n', 'f:1:1: a key of the configuration was expected'],
    ['a prototype', 'a: { prototype: 1 }\n', 'f:1:6: a: a key of the configuration was expected'],
    ['a binary tag', 'a: !!binary aGk=\n', 'f:1:4: a plain value without a tag was expected'],
    ['a string tag', 'a: !!str 5\n', 'f:1:4: a plain value without a tag was expected'],
    ['a tab between key and value', 'a:\t1\n', 'f:1:3: spaces were expected, was a tab'],
    ['an open bracket', 'a: [1, 2\n', 'valid YAML was expected'],
    ['an open quote', 'a: "b\n', 'valid YAML was expected'],
    ['65 brackets', `a: ${'['.repeat(65)}${']'.repeat(65)}`, 'nesting of at most 64 levels'],
  ])('refuses %s', (_, text, expected) => {
    expect(problemOf(text)).toContain(expected);
    expect(problemOf(text)).toMatch(/^f:\d+:\d+: /);
  });

  it('accepts sixty levels in brackets or by indentation', () => {
    const brackets = `a: ${'['.repeat(60)}1${']'.repeat(60)}\n`;
    const indented = Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('');
    expect(problemOf(brackets)).toBe('no error');
    expect(problemOf(`${indented}${' '.repeat(60)}b\n`)).toBe('no error');
  });

  it('accepts any number of shallow entries one after another', () => {
    const text = Array.from({ length: 500 }, (_, index) => `k${index}:\n  - { a: [1] }\n`).join('');
    expect(problemOf(text)).toBe('no error');
  });

  // With errors decorated by the parser, its default, this takes over twenty seconds.
  it('refuses 200,000 mistakes in one line without choking on them', () => {
    expect(problemOf(`[${','.repeat(200_000)}`)).toContain('valid YAML was expected');
  }, 15_000);

  it('reads what the YAML library writes and reads', () => {
    const leaf = fc.oneof(
      fc.boolean(),
      fc.integer(),
      fc.string({ maxLength: 12 }),
      fc.constant(null),
    );
    const key = fc
      .stringMatching(/^[a-z][a-z_]{0,8}$/)
      .filter((text) => text !== 'constructor' && text !== 'prototype');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), (value) => {
        const text = stringify(value);
        fc.pre(!/[^\P{Cc}\n]/u.test(text));
        const expected: unknown = parse(text);
        expect(JSON.stringify(valueOf(text))).toBe(JSON.stringify(expected));
      }),
      { seed: 42, numRuns: 300 },
    );
  });
});
