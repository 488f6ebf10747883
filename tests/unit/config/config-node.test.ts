import { describe, expect, it } from 'vitest';
import {
  closestNode,
  mergeNodes,
  nodeAtPath,
  plainValue,
  scalarNode,
  type ConfigNode,
} from '../../../src/config/config-node.ts';
import { parseYaml } from '../../../src/config/parse-yaml.ts';

function read(text: string, file = 'f'): ConfigNode {
  const node = parseYaml(text, (line, column) => ({
    kind: 'file',
    label: `${file}:${line}:${column}`,
  }));
  if (node === null) throw new Error('the test needs a node');
  return node;
}

describe('mergeNodes', () => {
  it.each([
    ['adds keys', '{ a: 1 }', '{ b: 2 }', { a: 1, b: 2 }],
    [
      'lets the later value count',
      '{ a: { x: 1, y: 2 } }',
      '{ a: { x: 3 } }',
      { a: { x: 3, y: 2 } },
    ],
    ['replaces lists', '{ a: [1, 2] }', '{ a: [3] }', { a: [3] }],
    ['replaces a mapping by a value', '{ a: { x: 1 } }', '{ a: 5 }', { a: 5 }],
    ['replaces a value by a mapping', '{ a: 5 }', '{ a: { x: 1 } }', { a: { x: 1 } }],
    ['lets null count', '{ a: 5 }', '{ a: null }', { a: null }],
  ])('%s', (_, earlier, later, expected) => {
    expect(plainValue(mergeNodes(read(earlier), read(later)))).toEqual(expected);
  });

  it('keeps the place of every value', () => {
    const merged = mergeNodes(read('{ a: 1, b: 2 }', 'one'), read('{ b: 3 }', 'two'));
    const labels = ['a', 'b'].map((key) => closestNode(merged, [key]).origin.label);
    expect(labels).toEqual(['one:1:6', 'two:1:6']);
  });

  it('leaves both nodes as they were', () => {
    const [earlier, later] = [read('{ a: { x: 1 } }'), read('{ a: { y: 2 } }')];
    mergeNodes(earlier, later);
    expect([plainValue(earlier), plainValue(later)]).toEqual([{ a: { x: 1 } }, { a: { y: 2 } }]);
  });

  it.each([
    ['drops the keys of another kind', '{ kind: b, y: 2 }', { kind: 'b', y: 2 }],
    ['keeps the keys of the same kind', '{ kind: a, y: 2 }', { kind: 'a', x: 1, y: 2 }],
    ['keeps the kind that is not named', '{ y: 2 }', { kind: 'a', x: 1, y: 2 }],
  ])('%s where a key decides about the others', (_, later, expected) => {
    const merged = mergeNodes(
      read('{ shape: { kind: a, x: 1 } }'),
      nodeAtPath(['shape'], read(later)),
      new Map([['shape', 'kind']]),
    );
    expect(plainValue(merged)).toEqual({ shape: expected });
  });
});

describe('closestNode', () => {
  it('is the innermost node around a path that was not written', () => {
    const root = read('a:\n  b: 1\n');
    expect(closestNode(root, ['a', 'c', 'd']).origin.label).toBe('f:2:3');
    expect(closestNode(root, ['z']).origin.label).toBe('f:1:1');
  });
});

describe('plainValue', () => {
  it('cannot reach the prototype of objects', () => {
    const origin = { kind: 'flag', label: 'x' } as const;
    const node = nodeAtPath(['__proto__', 'polluted'], scalarNode(true, origin));
    plainValue(node);
    expect('polluted' in {}).toBe(false);
  });
});
