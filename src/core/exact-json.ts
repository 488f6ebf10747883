import { Decimal } from './decimal.ts';
import { InvariantError } from './errors.ts';

/** The key under which a value stands that JSON has no form for. */
const DECIMAL = '$decimal';
const NUMBER = '$number';

/**
 * JSON that gives back what went in: decimals stay decimals, NaN and infinities stay what they are.
 * Keys keep their order, undefined members are left out. Throws an `InvariantError` on anything but
 * plain objects, lists, decimals, texts, numbers, booleans and null: it would not come back.
 */
export function toExactJson(value: unknown): string {
  return JSON.stringify(encode(value));
}

/** Reads what `toExactJson` wrote. Throws an `InvariantError` on any other text. */
export function fromExactJson(text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new InvariantError(`JSON was expected, was "${text.slice(0, 80)}"`, { cause });
  }
  return decode(parsed);
}

function encode(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return isPlain(value) ? value : { [NUMBER]: text(value) };
  if (value instanceof Decimal) return { [DECIMAL]: value.toString() };
  if (Array.isArray(value)) return value.map(encode);
  if (!isPlainObject(value)) {
    throw new InvariantError(`a value that JSON can hold was expected, was ${typeof value}`);
  }
  const encoded: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) encoded[key] = encode(member);
  }
  return encoded;
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (!isPlainObject(value)) return value;
  const decimal = value[DECIMAL];
  if (typeof decimal === 'string') return Decimal.parse(decimal);
  const number = value[NUMBER];
  if (typeof number === 'string') return Number(number);
  const decoded: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) decoded[key] = decode(member);
  return decoded;
}

function isPlain(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function text(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
