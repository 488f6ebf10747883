import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** One JSON document that others may read at any moment: it is replaced whole, never half-written. */
export class StatusFile {
  readonly path: string;

  constructor(databasePath: string) {
    this.path = `${databasePath}.status.json`;
  }

  write(status: object): void {
    const unfinished = `${this.path}.part`;
    writeFileSync(unfinished, `${JSON.stringify(status)}\n`, { mode: 0o600 });
    renameSync(unfinished, this.path);
  }

  /** Null where nothing was ever written, or nothing readable. */
  read(): unknown {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8'));
    } catch {
      return null;
    }
  }
}
