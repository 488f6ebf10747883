import { CST, Lexer } from 'yaml';
import { ConfigError } from '../core/errors.ts';
import type { Origin } from './config-node.ts';

const DEPTH_MAX = 64;
/** Control characters but tab, line feed, carriage return and next line; the lexer uses some. */
const CONTROL = /[^\P{Cc}\t\n\r\u0085]/u;
const LEXER_MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
const SCALAR_MARK = '\u001f';

const REFUSED: Readonly<Record<string, string>> = {
  tag: 'a plain value without a tag was expected, was',
  'directive-line': 'no YAML directive was expected, was',
};

/**
 * Refuses what must not reach the YAML parser, which is recursive: yaml 2.9.1 aborts the whole
 * process on the second deeply nested document. The lexer is a loop, and it tells a bracket in a
 * string or a comment from one that nests.
 */
export function checkYamlText(text: string, at: (line: number, column: number) => Origin): void {
  const offset = CONTROL.exec(text)?.index;
  if (offset !== undefined) fail(placeOf(text, offset, at), 'no control character was expected');
  const nesting = new Nesting();
  let position = 0;
  let lineStart = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (LEXER_MARKS.has(token)) {
      isScalar = token === SCALAR_MARK;
      continue;
    }
    const type = isScalar ? 'scalar' : CST.tokenType(token);
    const problem = nesting.isTooDeep(type, position - lineStart)
      ? `nesting of at most ${DEPTH_MAX} levels was expected, was deeper than ${DEPTH_MAX}`
      : refusal(type, token);
    if (problem !== null) fail(placeOf(text, position, at), problem);
    isScalar = false;
    const newline = token.lastIndexOf('\n');
    if (newline !== -1) lineStart = position + newline + 1;
    position += token.length;
  }
}

/** Counts how deep the collections around a token may be: one too many now and then, never fewer
 * than half, since a list may stand in the column of the key that holds it. */
class Nesting {
  readonly #columns: number[] = [];
  #brackets = 0;

  isTooDeep(type: string | null, column: number): boolean {
    if (type === 'flow-seq-start' || type === 'flow-map-start') this.#brackets += 1;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') this.#brackets -= 1;
    else if (this.#brackets <= 0 && opensBlock(type)) this.#enter(column);
    return this.#columns.length + this.#brackets > DEPTH_MAX;
  }

  #enter(column: number): void {
    while ((this.#columns.at(-1) ?? -1) > column) this.#columns.pop();
    if (this.#columns.at(-1) !== column) this.#columns.push(column);
  }
}

function opensBlock(type: string | null): boolean {
  return type === 'seq-item-ind' || type === 'explicit-key-ind' || (type ?? '').endsWith('scalar');
}

function refusal(type: string | null, token: string): string | null {
  if (type === 'space' && token.includes('\t')) return 'spaces were expected, was a tab';
  const expected = REFUSED[type ?? ''];
  return expected === undefined ? null : `${expected} ${token.trim()}; remove it`;
}

function placeOf(
  text: string,
  offset: number,
  at: (line: number, column: number) => Origin,
): Origin {
  const before = text.slice(0, offset);
  return at(before.split('\n').length, offset - before.lastIndexOf('\n'));
}

function fail(origin: Origin, problem: string): never {
  throw new ConfigError(`${origin.label}: ${problem}`);
}
