import { ConfigError } from '../core/errors.ts';
import type { MapNode } from './config-node.ts';
import { parseYaml } from './parse-yaml.ts';
import { readTextFile } from './read-text-file.ts';

/** A YAML file of keys and values, or null when there is no such file. */
export function readConfigFile(
  path: string,
  confinement: { readonly within: string | null },
): MapNode | null {
  const text = readTextFile(path, confinement);
  if (text === null) return null;
  const node = parseYaml(text, (line, column) => ({
    kind: 'file',
    label: `${path}:${line}:${column}`,
  }));
  if (node === null) {
    throw new ConfigError(`${path}: keys and values were expected, was nothing: file is empty`);
  }
  if (node.kind !== 'map') {
    throw new ConfigError(
      `${node.origin.label}: keys and values were expected, was a ${node.kind}`,
    );
  }
  return node;
}
