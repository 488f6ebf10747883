import type { RunVerification } from '../../app/verify-run.ts';
import { plural } from './number-format.ts';

type RowDifference = NonNullable<RunVerification['rowDifferences']>[number];

/** What `verify RUN` found: a line each for the journal, the rows it led to, and the database. */
export function renderVerification(verified: RunVerification): string {
  const { runId, sessions, events, rowDifferences, databaseDamage } = verified;
  const lines = [
    `${runId}: ${plural(events, 'event')} in ${plural(sessions, 'session')}`,
    `  journal   ${journalText(verified)}`,
    ...rowLines(rowDifferences).map((text) => `  rows      ${text}`),
    ...(databaseDamage.length === 0 ? ['sound'] : databaseDamage).map(
      (text) => `  database  ${text}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function journalText({ brokenLink }: RunVerification): string {
  if (brokenLink === null) return 'every link holds';
  return `BROKEN at event ${brokenLink.seq}: ${brokenLink.problem}`;
}

function rowLines(differences: readonly RowDifference[] | null): readonly string[] {
  if (differences === null) return ['not compared: the journal is broken'];
  if (differences.length === 0) return ['as the journal says'];
  return differences.map(differenceText);
}

function differenceText({ table, key, column, recorded, rebuilt }: RowDifference): string {
  if (column !== null) {
    const was = `was ${recorded ?? 'nothing'}`;
    return `DIFFERENT in ${table} ${key}, ${column}: ${rebuilt ?? 'nothing'} was expected, ${was}`;
  }
  return recorded === null
    ? `MISSING from ${table}: ${key}`
    : `TOO MANY in ${table}: ${key}, which no event made`;
}
