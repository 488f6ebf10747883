import { findNode, type ConfigNode, type NodePath } from './config-node.ts';
import type { JsonSchema } from './json-schema.ts';

/** The schemas that may govern a path, given what was written there. */
export function schemasAt(
  schema: JsonSchema,
  path: NodePath,
  root: ConfigNode,
): readonly JsonSchema[] {
  let found = alternatives(schema, findNode(root, []));
  for (const [index, key] of path.entries()) {
    const node = findNode(root, path.slice(0, index + 1));
    found = found.flatMap((each) => {
      const child = childOf(each, key);
      return child === null ? [] : alternatives(child, node);
    });
  }
  return found;
}

/** Keys a mapping governed by these schemas may have. */
export function knownKeys(schemas: readonly JsonSchema[]): readonly string[] {
  return [...new Set(schemas.flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

/** JSON types that these schemas accept. */
export function typesOf(schemas: readonly JsonSchema[]): ReadonlySet<string> {
  return new Set(schemas.flatMap(({ type }) => type ?? []));
}

function childOf(schema: JsonSchema, key: PropertyKey): JsonSchema | null {
  const child =
    schema.properties?.[String(key)] ?? schema.additionalProperties ?? schema.items ?? null;
  return isSchema(child) ? child : null;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a choice between mappings, those whose fixed keys say what the text says. */
function alternatives(schema: JsonSchema, node: ConfigNode | null): readonly JsonSchema[] {
  const choices = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].filter(isSchema);
  if (choices.length === 0) return [schema];
  const all = choices.flatMap((choice) => alternatives(choice, node));
  const fitting = all.filter((choice) => fits(choice, node));
  return fitting.length === 0 ? all : fitting;
}

function fits(schema: JsonSchema, node: ConfigNode | null): boolean {
  if (node?.kind !== 'map') return true;
  return Object.entries(schema.properties ?? {}).every(([key, property]) => {
    const written = node.entries.get(key);
    if (!isSchema(property) || property.const === undefined) return true;
    return written?.kind === 'scalar' && written.value === property.const;
  });
}
