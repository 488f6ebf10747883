/** Where a value came from. `label` is how an error names the place: `config/risk.yaml:12:5`. */
export interface Origin {
  readonly kind: 'default' | 'file' | 'environment' | 'flag';
  readonly label: string;
}

export type ScalarValue = string | number | boolean | null;
export type NodePath = readonly PropertyKey[];

interface NodeBase {
  /** Place of the value. */
  readonly origin: Origin;
  /** Place of the key that holds it: what is wrong with an unknown key is its name. */
  readonly keyOrigin: Origin;
}
interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: ScalarValue;
}
interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly ConfigNode[];
}
/** A mapping; a real `Map`, so that no key can reach an object's prototype. */
export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, ConfigNode>;
}

/** A configuration value that remembers where each of its parts was written. */
export type ConfigNode = ScalarNode | ListNode | MapNode;

/** Keys that mean something to JavaScript objects and nothing to a configuration. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.has(key);
}

export const DEFAULT_ORIGIN: Origin = { kind: 'default', label: 'default' };

export function mapNode(entries: Iterable<readonly [string, ConfigNode]>, origin: Origin): MapNode {
  return { kind: 'map', entries: new Map(entries), origin, keyOrigin: origin };
}

export function scalarNode(value: ScalarValue, origin: Origin): ConfigNode {
  return { kind: 'scalar', value, origin, keyOrigin: origin };
}

/** Wraps a node into mappings: the path `a.b` leads from the result to the node. */
export function nodeAtPath(path: readonly string[], node: ConfigNode): ConfigNode {
  return path.reduceRight((inner, key) => mapNode([[key, inner]], node.origin), node);
}

/**
 * The later node laid over the earlier: mappings are merged key by key, anything else is replaced.
 *
 * `discriminators` maps the path of a mapping to the key that decides which other keys it has:
 * where the later node decides otherwise, nothing of the earlier mapping is kept.
 */
export function mergeNodes(
  earlier: ConfigNode,
  later: ConfigNode,
  discriminators: ReadonlyMap<string, string> = new Map(),
  path = '',
): ConfigNode {
  if (earlier.kind !== 'map' || later.kind !== 'map') return later;
  const discriminator = discriminators.get(path);
  if (discriminator !== undefined && differs(earlier, later, discriminator)) return later;
  const entries = new Map(earlier.entries);
  for (const [key, node] of later.entries) {
    const known = entries.get(key);
    const inner = path === '' ? key : `${path}.${key}`;
    entries.set(key, known === undefined ? node : mergeNodes(known, node, discriminators, inner));
  }
  return { ...later, entries };
}

function differs(earlier: MapNode, later: MapNode, key: string): boolean {
  const [before, after] = [earlier.entries.get(key), later.entries.get(key)];
  if (after === undefined) return false;
  if (before?.kind !== 'scalar' || after.kind !== 'scalar') return true;
  return before.value !== after.value;
}

/** The bare values, in objects without a prototype. */
export function plainValue(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  const plain: Record<string, unknown> = { __proto__: null };
  for (const [key, value] of node.entries) plain[key] = plainValue(value);
  return plain;
}

/** The node at a path, or null where nothing was written. */
export function findNode(root: ConfigNode, path: NodePath): ConfigNode | null {
  let node: ConfigNode | undefined = root;
  for (const key of path) {
    if (node.kind === 'map') node = node.entries.get(String(key));
    else node = node.kind === 'list' ? node.items[Number(key)] : undefined;
    if (node === undefined) return null;
  }
  return node;
}

/** The node at a path, or the innermost one around it. */
export function closestNode(root: ConfigNode, path: NodePath): ConfigNode {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNode(root, path.slice(0, length));
    if (node !== null) return node;
  }
  return root;
}
