import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { callSource } from './call-source.ts';
import type { AmbientKind, AmbientUse, Place } from './trial.ts';

/** More of them say nothing new. */
const USES_MAX = 50;

/** Keeps the first use of everything a strategy reached for, by phase. */
export class AmbientLog {
  readonly uses: AmbientUse[] = [];
  /** Where the strategy's own code is running; null while it is not. */
  readonly #place: () => Place | null;
  readonly #seen = new Set<string>();
  #isNoting = false;

  constructor(place: () => Place | null) {
    this.#place = place;
  }

  readonly note = (kind: AmbientKind, input: string, args: readonly unknown[]): void => {
    const place = this.#place();
    if (place === null || this.#isNoting || this.uses.length >= USES_MAX) return;
    // What finding the caller calls for itself is not to be noted.
    this.#isNoting = true;
    try {
      this.#add(place, { kind, input, file: kind === 'file' ? fileOf(args) : null });
    } finally {
      this.#isNoting = false;
    }
  };

  #add(place: Place, use: Pick<AmbientUse, 'kind' | 'input' | 'file'>): void {
    const key = `${place.phase} ${use.input} ${use.file ?? ''}`;
    if (this.#seen.has(key)) return;
    const source = callSource();
    if (source === null) return;
    this.#seen.add(key);
    this.uses.push({ ...use, source, place });
  }
}

function fileOf([path]: readonly unknown[]): string | null {
  if (path instanceof URL) return path.protocol === 'file:' ? fileURLToPath(path) : null;
  if (Buffer.isBuffer(path)) return resolve(path.toString());
  return typeof path === 'string' ? resolve(path) : null;
}
