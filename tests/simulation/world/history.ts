import { createHash } from 'node:crypto';
import { toExactJson } from '../../../src/core/exact-json.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import { formatTime, type EpochMs } from '../../../src/core/time.ts';

/** What is broken, and what had happened before. */
export interface Breach {
  readonly invariant: string;
  readonly message: string;
  /** Number of the last event of the world then, not of the run: crashes and requests count. */
  readonly event: number;
  readonly last: readonly string[];
}

const KEPT = 30;
const LONGEST = 240;

/** All that happens in a world, in order: its hash tells whether two worlds were the same. */
export class History {
  readonly #hash = createHash('sha256');
  readonly #last: (() => string)[] = [];
  #count = 0;
  #breach: Breach | null = null;

  get count(): number {
    return this.#count;
  }

  get breach(): Breach | null {
    return this.#breach;
  }

  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** What the engine recorded. */
  event(event: AnyEvent): void {
    const { seq, ts, type, causedBy, payload } = event;
    const text = toExactJson([seq, ts, type, causedBy, payload]);
    this.#add(text, () => `${formatTime(ts)} #${seq} ${type} ${text.slice(0, LONGEST)}`);
  }

  /** What happened around it. */
  note(at: EpochMs, text: string): void {
    this.#add(`${at} ${text}`, () => `${formatTime(at)} ${text}`);
  }

  /** The first one counts: what follows from it says little. */
  broken(invariant: string, message: string): void {
    if (this.#breach !== null) return;
    const last = this.#last.map((line) => line());
    this.#breach = { invariant, message, event: this.#count, last };
  }

  #add(text: string, line: () => string): void {
    this.#count += 1;
    this.#hash.update(`${text}\n`);
    this.#last.push(line);
    if (this.#last.length > KEPT) this.#last.shift();
  }
}
