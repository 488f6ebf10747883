import { InvariantError } from './errors.ts';

/** Decimal places every value carries. */
const PLACES = 18;
const SCALE = 10n ** BigInt(PLACES);
/** Values with at most eight decimals convert to a double in one correctly rounded division. */
const EIGHT_PLACES = 10n ** 10n;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const PATTERN = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

export type Rounding = 'down' | 'up' | 'half-even';

/**
 * An exact decimal number: a bigint count of 1e-18 units, immutable.
 *
 * Addition, subtraction and comparison are exact. A product or quotient with more than eighteen
 * decimals is cut towards zero (`times`, `dividedBy`); a caller who must round otherwise says so
 * with `toStep`. All money, quantities, order and fill prices, and fees are of this type.
 */
export class Decimal {
  static readonly zero = new Decimal(0n);
  static readonly one = new Decimal(SCALE);

  /** Not `#units`: test runners compare visible fields alone, and would call any two equal. */
  private readonly units: bigint;

  private constructor(units: bigint) {
    this.units = units;
  }

  /** Reads plain or exponent notation. Throws where the text is no finite number of ≤ 18 decimals. */
  static parse(text: string): Decimal {
    const match = PATTERN.exec(text);
    if (match === null) throw new InvariantError(`a decimal number was expected, was "${text}"`);
    const [, sign, whole = '', fraction = '', exponent = '0'] = match;
    const shift = PLACES - fraction.length + Number(exponent);
    const digits = BigInt(whole + fraction);
    const units = shift >= 0 ? digits * 10n ** BigInt(shift) : cut(digits, -shift, text);
    return new Decimal(sign === '-' ? -units : units);
  }

  /**
   * The decimal that a double prints as: 0.1 becomes exactly 0.1. Digits past the eighteenth
   * decimal are cut, so a double below 1e-18 becomes zero. Refuses NaN and infinities.
   */
  static fromNumber(value: number): Decimal {
    if (!Number.isFinite(value)) {
      throw new InvariantError(`a finite number was expected, was ${value}`);
    }
    // Of fifteen digits, one decimal at most prints as this double: no need to print it.
    const hundredMillionths = Math.round(value * 1e8);
    const isShort = hundredMillionths < 1e15 && hundredMillionths > -1e15;
    if (isShort && hundredMillionths / 1e8 === value) {
      return new Decimal(BigInt(hundredMillionths) * EIGHT_PLACES);
    }
    if (Number.isSafeInteger(value)) return new Decimal(BigInt(value) * SCALE);
    const text = String(value);
    return text.includes('e') ? Decimal.parse(clip(text)) : new Decimal(unitsOf(text));
  }

  get isZero(): boolean {
    return this.units === 0n;
  }

  get isPositive(): boolean {
    return this.units > 0n;
  }

  get isNegative(): boolean {
    return this.units < 0n;
  }

  plus(other: Decimal): Decimal {
    return new Decimal(this.units + other.units);
  }

  minus(other: Decimal): Decimal {
    return new Decimal(this.units - other.units);
  }

  times(other: Decimal): Decimal {
    return new Decimal((this.units * other.units) / SCALE);
  }

  /** Throws on division by zero. */
  dividedBy(other: Decimal): Decimal {
    if (other.units === 0n) throw new InvariantError('a divisor must not be zero');
    return new Decimal((this.units * SCALE) / other.units);
  }

  negated(): Decimal {
    return new Decimal(-this.units);
  }

  abs(): Decimal {
    return this.units < 0n ? new Decimal(-this.units) : this;
  }

  /** Negative, zero or positive as this is below, equal to or above the other. */
  compare(other: Decimal): number {
    if (this.units === other.units) return 0;
    return this.units < other.units ? -1 : 1;
  }

  equals(other: Decimal): boolean {
    return this.units === other.units;
  }

  lessThan(other: Decimal): boolean {
    return this.units < other.units;
  }

  greaterThan(other: Decimal): boolean {
    return this.units > other.units;
  }

  min(other: Decimal): Decimal {
    return this.units <= other.units ? this : other;
  }

  max(other: Decimal): Decimal {
    return this.units >= other.units ? this : other;
  }

  /**
   * The multiple of `step` next to this value: `down` towards zero, `up` away from zero,
   * `half-even` the nearest. A step that is not positive leaves the value as it is.
   */
  toStep(step: Decimal, rounding: Rounding): Decimal {
    if (step.units <= 0n) return this;
    const remainder = this.units % step.units;
    if (remainder === 0n) return this;
    const down = this.units - remainder;
    const up = down + (this.units < 0n ? -step.units : step.units);
    if (rounding === 'down') return new Decimal(down);
    if (rounding === 'up') return new Decimal(up);
    const twice = 2n * (remainder < 0n ? -remainder : remainder);
    if (twice !== step.units) return new Decimal(twice < step.units ? down : up);
    return new Decimal((down / step.units) % 2n === 0n ? down : up);
  }

  /** The nearest double. */
  toNumber(): number {
    if (this.units % EIGHT_PLACES === 0n) {
      const hundredMillionths = this.units / EIGHT_PLACES;
      if (hundredMillionths <= SAFE && hundredMillionths >= -SAFE) {
        return Number(hundredMillionths) / 1e8;
      }
    }
    return Number(this.toString());
  }

  /** Plain notation without trailing zeros or exponent: `0.00000001`. */
  toString(): string {
    const negative = this.units < 0n;
    const digits = (negative ? -this.units : this.units).toString().padStart(PLACES + 1, '0');
    const whole = digits.slice(0, -PLACES);
    const fraction = digits.slice(-PLACES).replace(/0+$/, '');
    return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Drops `places` trailing digits that must be zeros: text may not carry more than 18 decimals. */
function cut(digits: bigint, places: number, text: string): bigint {
  const divisor = 10n ** BigInt(places);
  if (digits % divisor !== 0n) {
    throw new InvariantError(`at most ${PLACES} decimals were expected, was "${text}"`);
  }
  return digits / divisor;
}

/** Units of a double in plain notation, in half the time that `parse` would take. */
function unitsOf(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.slice(0, PLACES).padEnd(PLACES, '0'));
}

/** Exponent notation of a double, shortened to eighteen decimals. */
function clip(text: string): string {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const keep = PLACES + Number(exponent);
  if (fraction.length <= keep) return text;
  if (keep >= 0) return `${whole}.${fraction.slice(0, keep)}0e${exponent}`;
  const significant = whole.replace('-', '').length + keep;
  return significant > 0 ? `${whole.slice(0, keep)}e${Number(exponent) - keep}` : '0';
}
