import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  Scalar,
  type Alias,
  type Document,
  type YAMLMap,
} from 'yaml';
import { ConfigError } from '../core/errors.ts';
import { isForbiddenKey, type ConfigNode, type Origin } from './config-node.ts';
import { checkYamlText } from './yaml-guard.ts';

const ALIASES_MAX = 50;
/** Numbers as everybody reads them: no octal, hexadecimal or leading zero, no `.nan`, no `.inf`. */
const PLAIN_NUMBER = /^[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

type Place = (line: number, column: number) => Origin;

/**
 * One YAML 1.2 document as nodes that know their place, or null when it holds nothing.
 *
 * Stricter than YAML, because the text decides about money: no tags, directives, tabs, duplicate
 * keys, keys that are no text, empty values, or numbers that read differently than they count.
 * Throws a `ConfigError` that names the place.
 */
export function parseYaml(text: string, at: Place): ConfigNode | null {
  checkYamlText(text, at);
  const lines = new LineCounter();
  // Duplicate keys are found below, with both places and in linear time; pretty errors are
  // quadratic on hostile text.
  const options = { version: '1.2', merge: false, uniqueKeys: false, prettyErrors: false } as const;
  const document = parseDocument(text, { ...options, lineCounter: lines });
  const placeOf = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return at(line, col);
  };
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const sentence =
      problem.code === 'MULTIPLE_DOCS'
        ? 'one YAML document was expected, was a second one'
        : `valid YAML was expected: ${problem.message}`;
    throw new ConfigError(`${placeOf(problem.pos[0]).label}: ${sentence}`, { cause: problem });
  }
  if (document.contents === null || isEmpty(document.contents)) return null;
  return new NodeReader(document, placeOf).read(document.contents, []);
}

/** Turns the parser's tree into configuration nodes. */
class NodeReader {
  readonly #document: Document.Parsed;
  readonly #placeOf: (offset: number) => Origin;
  #aliases = 0;

  constructor(document: Document.Parsed, placeOf: (offset: number) => Origin) {
    this.#document = document;
    this.#placeOf = placeOf;
  }

  read(node: unknown, path: readonly string[], key?: Origin): ConfigNode {
    const origin = this.#originOf(node) ?? key ?? this.#placeOf(0);
    const keyOrigin = key ?? origin;
    if (isAlias(node)) return { ...this.#readAlias(node, path, origin), keyOrigin };
    if (isMap(node)) return { kind: 'map', entries: this.#readMap(node, path), origin, keyOrigin };
    if (isSeq(node)) {
      const items = node.items.map((item, index) => this.read(item, [...path, String(index)]));
      return { kind: 'list', items, origin, keyOrigin };
    }
    if (!isScalar(node)) fail(origin, path, EMPTY);
    return { kind: 'scalar', value: scalarValue(node, path, origin), origin, keyOrigin };
  }

  /** Each use counts, so that aliases inside aliases end before they multiply. */
  #readAlias(alias: Alias, path: readonly string[], origin: Origin): ConfigNode {
    this.#aliases += 1;
    if (this.#aliases > ALIASES_MAX) {
      fail(origin, path, `at most ${ALIASES_MAX} uses of aliases were expected, was more`);
    }
    const target = alias.resolve(this.#document);
    if (target === undefined) {
      fail(origin, path, `an anchor &${alias.source} before this alias was expected, was none`);
    }
    return this.read(target, path);
  }

  #readMap(map: YAMLMap, path: readonly string[]): ReadonlyMap<string, ConfigNode> {
    const entries = new Map<string, ConfigNode>();
    for (const pair of map.items) {
      const { key, origin } = this.#readKey(pair.key, path);
      const first = entries.get(key);
      if (first !== undefined) {
        const problem = `each key once was expected, was "${key}" again`;
        fail(origin, path, `${problem} (first at ${first.keyOrigin.label})`);
      }
      entries.set(key, this.read(pair.value, [...path, key], origin));
    }
    return entries;
  }

  #readKey(key: unknown, path: readonly string[]) {
    const origin = this.#originOf(key) ?? this.#placeOf(0);
    if (!isScalar(key) || typeof key.value !== 'string') {
      fail(origin, path, `a key that is text was expected, was ${String(key)}`);
    }
    if (isForbiddenKey(key.value)) {
      fail(origin, path, `a key of the configuration was expected, was "${key.value}"`);
    }
    return { key: key.value, origin };
  }

  #originOf(node: unknown): Origin | null {
    return isNode(node) && node.range ? this.#placeOf(node.range[0]) : null;
  }
}

const EMPTY =
  'a value was expected, was nothing (write null to switch a limit off, or remove the line)';

/** Null because nothing was written, not because somebody wrote null. */
function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}

function scalarValue(node: Scalar, path: readonly string[], origin: Origin) {
  const { value, type, source = '' } = node;
  if (isEmpty(node)) fail(origin, path, EMPTY);
  if (typeof value === 'number' && type === Scalar.PLAIN) {
    const problem = numberProblem(source, value);
    if (problem !== null) fail(origin, path, problem);
  }
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return fail(origin, path, `a plain value was expected, was ${source}`);
}

function numberProblem(source: string, value: number): string | null {
  if (!Number.isFinite(value)) return `a finite number was expected, was ${source}`;
  if (!PLAIN_NUMBER.test(source)) {
    return `a plain decimal number was expected, was ${source} (write ${value}, or "${source}" for text)`;
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return `a number inside the safe integer range (±${Number.MAX_SAFE_INTEGER}) was expected, was ${source}`;
  }
  return null;
}

function fail(origin: Origin, path: readonly string[], problem: string): never {
  const where = path.length === 0 ? '' : `${path.join('.')}: `;
  throw new ConfigError(`${origin.label}: ${where}${problem}`);
}
