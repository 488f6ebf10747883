import { readFileSync } from 'node:fs';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteJournalArchive } from '../../../src/adapters/sqlite/sqlite-journal-archive.ts';
import type { RunId } from '../../../src/core/ids.ts';
import type { Credentials } from '../../support/exchange-sim/make-exchange.ts';

interface Record {
  readonly databasePath: string;
  readonly runId: RunId;
  readonly credentials: Credentials;
}

/** What is wrong with the record that a run left behind, as invariant and sentence; null for nothing. */
export function recordFault({
  databasePath,
  runId,
  credentials,
}: Record): readonly [invariant: string, message: string] | null {
  const database = openDatabase(databasePath, { readonly: true });
  try {
    const archive = new SqliteJournalArchive(database);
    const [damage] = archive.damage();
    if (damage !== undefined) return ['I20', damage];
    const broken = archive.verify(runId);
    if (broken !== null) return ['I19', `link ${broken.seq}: ${broken.problem}`];
    const [row] = archive.rowDifferences(runId);
    if (row !== undefined)
      return ['I19', `a row is not what the journal says: ${JSON.stringify(row)}`];
  } finally {
    database.close();
  }
  const secret = secretIn(databasePath, credentials);
  return secret === null ? null : ['I32', `a secret stands in ${secret}`];
}

/** The file that a secret stands in, in any of the ways it could have got there. */
function secretIn(databasePath: string, { apiKey, secret }: Credentials): string | null {
  const body = secret.replaceAll(/-----[^-]+-----/g, '').trim();
  const texts = [apiKey, body].flatMap((text) => [
    text,
    encodeURIComponent(text),
    Buffer.from(text).toString('base64'),
  ]);
  for (const suffix of ['', '-wal']) {
    const content = contentOf(databasePath + suffix);
    if (texts.some((text) => content.includes(text))) return databasePath + suffix;
  }
  return null;
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
