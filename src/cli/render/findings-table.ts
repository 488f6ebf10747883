import type { Finding } from '../../app/doctor/finding.ts';
import { renderTable } from './table.ts';

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  ok: 'ok',
  warn: 'WARN',
  fail: 'FAIL',
};

/** A line a check. */
export function renderFindings(findings: readonly Finding[]): string {
  return renderTable({
    align: ['left', 'left', 'left'],
    rows: findings.map(({ verdict, check, text }) => [MARKS[verdict], check, text]),
  });
}
