import { ConfigError } from '../core/errors.ts';
import { findNode, mapNode, type ConfigNode, type MapNode } from './config-node.ts';
import { BASE_FILES } from './config-schema.ts';
import { suggestion } from './nearest.ts';

/** What overrides may say of a strategy without naming it, where one runs alone. */
const PLAIN_KEYS = ['symbols', 'timeframe', 'allow_short', 'params'] as const;
const OWN_KEYS: readonly string[] = ['strategy', ...PLAIN_KEYS];

const SECTIONS: ReadonlySet<string> = new Set(BASE_FILES.flatMap(({ sections }) => sections));

/**
 * Overrides without what belongs to strategies: `params.…` and `strategies.<id>.…` everywhere, and
 * for a command that runs strategies also `<id>.params.…` and plain `symbols`, `timeframe` and
 * `allow_short`.
 */
export function withoutStrategies(node: ConfigNode, runsStrategies: boolean): ConfigNode {
  if (node.kind !== 'map') return node;
  const entries = [...node.entries].filter(([key, inner]) => {
    if (key === 'params' || key === 'strategies') return false;
    if (!runsStrategies) return true;
    return !PLAIN_KEYS.some((each) => each === key) && !isAddress(key, inner);
  });
  return { ...node, entries: new Map(entries) };
}

/** True of `<id>.params.…` and its like: no section of the configuration has such keys at its top. */
function isAddress(key: string, node: ConfigNode): boolean {
  if (SECTIONS.has(key) || key === 'strategies' || key === 'params' || node.kind !== 'map') {
    return false;
  }
  return OWN_KEYS.some((each) => node.entries.has(each));
}

/** What overrides say of one strategy, the more general first. */
export function settingsOf(node: ConfigNode, id: string): readonly ConfigNode[] {
  return [plainSettings(node), findNode(node, ['strategies', id]), addressed(node, id)].flatMap(
    (found) => found ?? [],
  );
}

function plainSettings(node: ConfigNode): MapNode | null {
  const found = PLAIN_KEYS.flatMap((key) => {
    const inner = findNode(node, [key]);
    return inner === null ? [] : [[key, inner] as const];
  });
  return found.length === 0 ? null : mapNode(found, node.origin);
}

function addressed(node: ConfigNode, id: string): ConfigNode | null {
  const inner = findNode(node, [id]);
  return inner !== null && isAddress(id, inner) ? inner : null;
}

export interface NamedStrategies {
  /** Ids of all strategies that run together. */
  readonly running: readonly string[];
  /** Ids of the configured ones. What is said of one that does not run counts when it does. */
  readonly configured: readonly string[];
}

/** Throws a `ConfigError` for settings of a strategy that nobody knows, or of nobody knows which. */
export function refuseUnassigned(node: ConfigNode, { running, configured }: NamedStrategies): void {
  const known = [...new Set([...running, ...configured])];
  for (const [name, { keyOrigin }] of addresses(node)) {
    if (known.includes(name)) continue;
    const text = `a configured strategy was expected, was "${name}"`;
    throw new ConfigError(`${keyOrigin.label}: ${text}${suggestion(name, known, 'strategies')}`);
  }
  const plain = plainSettings(node);
  const [first] = plain?.entries ?? [];
  if (first === undefined || running.length < 2) return;
  const [key, { keyOrigin }] = first;
  throw new ConfigError(
    `${keyOrigin.label}: the strategy it is for was expected before "${key}", was none of ` +
      `${running.join(', ')}; write for example --set ${running[0]}.${key}${key === 'params' ? '.…' : ''}=…`,
  );
}

function addresses(node: ConfigNode): readonly (readonly [string, ConfigNode])[] {
  if (node.kind !== 'map') return [];
  const strategies = node.entries.get('strategies');
  const long = strategies?.kind === 'map' ? [...strategies.entries] : [];
  return [...long, ...[...node.entries].filter(([key, inner]) => isAddress(key, inner))];
}
