import { snakeCase } from '../../config/snake-case.ts';
import type { CommandIo } from '../io.ts';

/**
 * The machine-readable result: one JSON document and a line end, nothing else on stdout. Keys are
 * spelt as in the YAML files (`first_open`), names of symbols and strategies stay as they are.
 */
export function printJson(io: CommandIo, value: unknown): void {
  io.stdout(`${JSON.stringify(value, respelt, 2)}\n`);
}

/** The same on one line: for results that come one after the other. */
export function printJsonLine(io: CommandIo, value: unknown): void {
  io.stdout(`${JSON.stringify(value, respelt)}\n`);
}

function respelt(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [spelling(key), inner]));
}

/** Only names of the program are in camel case: `BTC/USD` begins with a capital. */
function spelling(key: string): string {
  return /^[a-z]+(?:[A-Z][a-z]*)+$/.test(key) ? snakeCase(key) : key;
}
