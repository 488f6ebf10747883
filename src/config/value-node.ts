import { ConfigError } from '../core/errors.ts';
import { mapNode, scalarNode, type ConfigNode, type Origin } from './config-node.ts';

/** Deeper than any configuration, and than what a value that holds itself is worth following. */
const DEPTH_MAX = 32;

/**
 * A value of a program as a tree of the configuration: the same as the YAML it would be written as.
 * Keys whose value is undefined are not there. Throws a `ConfigError` on what YAML cannot hold.
 */
export function valueNode(value: unknown, name: string): ConfigNode {
  return nodeOf(value, { origin: { kind: 'flag', label: name }, path: name, depth: 0 });
}

interface Place {
  readonly origin: Origin;
  readonly path: string;
  readonly depth: number;
}

function nodeOf(value: unknown, place: Place): ConfigNode {
  const { origin, path, depth } = place;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return scalarNode(value, origin);
  }
  if (typeof value === 'number') return scalarNode(value, origin);
  if (typeof value !== 'object' || depth > DEPTH_MAX || !isPlain(value)) {
    const was = typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
    throw new ConfigError(
      `${path}: text, a number, true, false, null, a list or a mapping of these was expected, ` +
        `was ${depth > DEPTH_MAX ? `nested more than ${DEPTH_MAX} deep` : was}`,
    );
  }
  const inner = (key: string) => ({ origin, path: `${path}.${key}`, depth: depth + 1 });
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => nodeOf(item, inner(String(index))));
    return { kind: 'list', items, origin, keyOrigin: origin };
  }
  const entries = Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
    each === undefined ? [] : [[key, nodeOf(each, inner(key))] as const],
  );
  return mapNode(entries, origin);
}

/** Dates, maps and their like would lose what they hold. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
