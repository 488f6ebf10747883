import type * as z from 'zod';
import { ConfigError } from '../core/errors.ts';
import {
  closestNode,
  findNode,
  plainValue,
  type ConfigNode,
  type NodePath,
} from './config-node.ts';
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts';
import { suggestion } from './nearest.ts';
import { knownKeys, schemasAt, typesOf } from './schema-path.ts';
import { hintFor } from './value-hints.ts';

const PROBLEMS_MAX = 10;

/**
 * Checks written values against a schema. Throws a `ConfigError` with a sentence a line for every
 * problem: place, path, what was expected, what it was, what to write instead.
 */
export function parseNode<Schema extends z.ZodType>(
  root: ConfigNode,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(plainValue(root), { error: expectation });
  if (result.success) return result.data;
  const jsonSchema = jsonSchemaOf(schema);
  throw problemsError(
    result.error.issues.flatMap((issue) => explain(issue, root, jsonSchema)),
    result.error,
  );
}

/** One error of several sentences, a line each. */
export function problemsError(problems: readonly string[], cause?: unknown): ConfigError {
  const shown = problems.slice(0, PROBLEMS_MAX);
  const more = problems.length - shown.length;
  const lines = more > 0 ? [...shown, `${more} more problems follow`] : shown;
  return new ConfigError(lines.join('\n'), { cause });
}

/** What a value should have been, for schemas that do not say it themselves. */
function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return TYPE_NAMES[issue.expected] ?? `a value of type ${issue.expected}`;
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') return bound(issue);
  if (issue.code === 'not_multiple_of') return `a multiple of ${issue.divisor}`;
  if (issue.code === 'invalid_value') return oneOf(issue.values);
  if (issue.code === 'invalid_union' && Array.isArray(issue.options)) return oneOf(issue.options);
  return issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  number: 'a finite number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
};

function bound(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall>) {
  const [relation, limit] =
    issue.code === 'too_small'
      ? [issue.inclusive === false ? 'above' : 'of at least', issue.minimum]
      : [issue.inclusive === false ? 'below' : 'of at most', issue.maximum];
  if (issue.origin === 'array') return `a list ${relation} ${limit} entries`;
  if (issue.origin === 'string') return `text ${relation} ${limit} characters`;
  return `a number ${relation} ${limit}`;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;
}

function explain(
  issue: z.core.$ZodIssue,
  root: ConfigNode,
  jsonSchema: JsonSchema,
): readonly string[] {
  const schemas = schemasAt(jsonSchema, issue.path, root);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schemas);
    return issue.keys.map((key) => {
      const { label } = closestNode(root, [...issue.path, key]).keyOrigin;
      return `${label}: unknown key "${key}"${suggestion(key, known, 'keys')}`;
    });
  }
  if (issue.code === 'invalid_key') {
    const { label } = closestNode(root, issue.path).keyOrigin;
    return [`${label}: ${issue.message} was expected, was ${shown(String(issue.path.at(-1)))}`];
  }
  // A sentence of a strategy's own stands as it is.
  if (issue.message.includes(' expected')) return [sentenceAt(root, issue.path, issue.message)];
  const node = findNode(root, issue.path);
  const value = node === null ? undefined : plainValue(node);
  const options = schemas.flatMap((schema) => schema.enum ?? [schema.const ?? []].flat());
  const types = typesOf(schemas);
  const expected = wholeOrFinite(issue.message, types);
  const hint = hintFor({ value, expected, types, options: options.map(String) });
  const text = `${expected} was expected, was ${shown(value)}${hint}`;
  return [sentenceAt(root, issue.path, text)];
}

/** Text where an integer belongs is reported as no number at all: say which number it must be. */
function wholeOrFinite(expected: string, types: ReadonlySet<string>): string {
  const isWhole = expected === TYPE_NAMES['number'] && types.has('integer');
  return isWhole ? 'a whole number' : expected;
}

/** `config/risk.yaml:12:5: risk_limits.position.max_fraction: …` */
export function sentenceAt(root: ConfigNode, path: NodePath, text: string): string {
  const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
  return `${closestNode(root, path).origin.label}: ${where}${text}`;
}

const TEXT_MAX = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'a mapping';
  if (typeof value === 'string' && value.length > TEXT_MAX) {
    return JSON.stringify(`${value.slice(0, TEXT_MAX)}…`);
  }
  return JSON.stringify(value);
}
