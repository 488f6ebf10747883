import { stringify } from 'yaml';
import { DEFAULT_ORIGIN, findNode, type ConfigNode } from './config-node.ts';
import type { LoadedConfig } from './load-config.ts';
import type { LoadedStrategyConfig } from './load-strategy-config.ts';
import { snakeCase } from './snake-case.ts';

/** Where the places stand, but for longer values. */
const ORIGIN_COLUMN = 40;

/** The effective configuration as YAML, behind each value the place it comes from. */
export function describeConfig(loaded: Pick<LoadedConfig, 'config' | 'written'>): string {
  return render(yamlKeys(loaded.config), loaded.written);
}

/** An effective strategy configuration as YAML, behind each value the place it comes from. */
export function describeStrategyConfig(loaded: LoadedStrategyConfig): string {
  const { kind: strategy, symbols, timeframe, allowShort, params, written } = loaded;
  return render({ strategy, symbols, timeframe, allow_short: allowShort, params }, written);
}

function render(value: object, written: ConfigNode): string {
  return `${linesOf(value, [], written).join('\n')}\n`;
}

function linesOf(value: object, path: readonly string[], written: ConfigNode): readonly string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const here = [...path, key];
    const start = `${'  '.repeat(path.length)}${key}:`;
    if (isMapping(inner)) return [start, ...linesOf(inner, here, written)];
    const text = stringify(inner, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
    const { label } = findNode(written, here)?.origin ?? DEFAULT_ORIGIN;
    return [`${`${start} ${text}`.padEnd(ORIGIN_COLUMN)}  # ${label.replaceAll(/\s/g, ' ')}`];
  });
}

function isMapping(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).length > 0;
}

function yamlKeys(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [snakeCase(key), yamlOf(inner)]),
  );
}

function yamlOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(yamlOf);
  return typeof value === 'object' && value !== null ? yamlKeys(value) : value;
}
