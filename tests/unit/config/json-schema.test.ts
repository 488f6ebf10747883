import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonSchemaFiles } from '../../../src/config/json-schema.ts';
import { builtinStrategies } from '../../../src/strategies/strategy-registry.ts';

const FILES = jsonSchemaFiles(
  Object.fromEntries(builtinStrategies.map(({ id, params }) => [id, params])),
);
const FOLDERS = ['config', 'config/strategies'];

describe('the JSON schemas in config/schemas', () => {
  // After a change of a zod schema: npx vitest run tests/unit/config/json-schema.test.ts --update
  it.each(FILES.map(({ path, text }) => [path, text]))('are up to date: %s', async (path, text) => {
    await expect(text).toMatchFileSnapshot(`../../../config/${path}`);
  });

  it('are these and no others', () => {
    expect(readdirSync('config/schemas').sort()).toEqual(
      FILES.map(({ path }) => path.replace('schemas/', '')).sort(),
    );
  });

  it('describe every value for people', () => {
    const missing = FILES.flatMap(({ path, text }) => undescribed(JSON.parse(text), path));
    expect(missing).toEqual([]);
  });

  it('are named in the first line of every YAML file', () => {
    const yaml = FOLDERS.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => ({ folder, text: readFileSync(join(folder, name), 'utf8') })),
    );
    const named = yaml.map(({ folder, text }) => {
      const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      return join(folder, path);
    });
    expect(named).toHaveLength(4);
    const known = FILES.map(({ path }) => join('config', path));
    expect(named.filter((path) => !known.includes(path))).toEqual([]);
  });
});

/** Paths of leaf values without a description; a fixed value describes itself. */
function undescribed(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = 'properties' in schema ? Object.entries(schema.properties ?? {}) : [];
  const inner = properties.flatMap(([key, child]: [string, unknown]) =>
    undescribed(child, `${path}/${key}`),
  );
  const isLeaf = properties.length === 0 && path.split('/').length > 3;
  return isLeaf && !('description' in schema) && !('const' in schema) ? [path, ...inner] : inner;
}
