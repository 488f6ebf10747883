import { ConfigError } from '../../core/errors.ts';
import { INDICATOR_SOURCES, sourceReader } from './indicator-source.ts';
import { checkedPeriod } from './indicator.ts';
import type { Bar } from '../../core/bar.ts';

/** The options of a library indicator, checked as they are read. */
export class LibraryOptions {
  readonly #name: string;
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #known: string[] = [];

  constructor(name: string, given: object) {
    this.#name = name;
    this.#given = { ...given };
  }

  /** A whole number of bars. Throws a `ConfigError` otherwise. */
  period(option = 'period'): number {
    const value = this.#take(option);
    const label = `${this.#name} ${option}`;
    if (typeof value === 'number') return checkedPeriod(value, label);
    throw new ConfigError(`${label}: a whole number of bars was expected, was ${shown(value)}`);
  }

  /** A number above zero. Throws a `ConfigError` otherwise. */
  positive(option: string): number {
    const value = this.#take(option);
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
    throw new ConfigError(
      `${this.#name} ${option}: a positive number was expected, was ${shown(value)}`,
    );
  }

  /** Reads one number of each bar: the close where no source is named. */
  source(): (bar: Bar) => number {
    const value = this.#take('source') ?? 'close';
    const source = INDICATOR_SOURCES.find((known) => known === value);
    if (source !== undefined) return sourceReader(source);
    throw new ConfigError(
      `${this.#name} source: one of ${INDICATOR_SOURCES.join(', ')} was expected, ` +
        `was ${shown(value)}`,
    );
  }

  /** Throws a `ConfigError` that names an option nothing has read. */
  refuseOthers(): void {
    const other = Object.keys(this.#given).find((option) => !this.#known.includes(option));
    if (other === undefined) return;
    const known = this.#known.length === 0 ? 'no option' : `only ${this.#known.join(', ')}`;
    throw new ConfigError(`${this.#name}: ${known} was expected, was "${other}"`);
  }

  #take(option: string): unknown {
    this.#known.push(option);
    return this.#given[option];
  }
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
}
