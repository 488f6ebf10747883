import type { Assessment } from '../../core/risk.ts';

/**
 * The checks of one order as they stand in its row: a JSON list of [layer, check, limit, actual,
 * 1 if passed else 0]. The message of a refusal is left out: it stands with the refusal.
 */
export function checksText(assessments: readonly Assessment[]): string {
  return `[${assessments.map(checkText).join(',')}]`;
}

/** Layers and names are words of this program, in which nothing needs to be escaped. */
function checkText({ layer, check, limit, actual, passed }: Assessment): string {
  const numbers = `${numberText(limit)},${numberText(actual)}`;
  return `["${layer}","${check}",${numbers},${passed ? 1 : 0}]`;
}

/** JSON knows no NaN; what is larger than every double reads as infinity. */
function numberText(value: number | null): string {
  if (value === null || Number.isNaN(value)) return 'null';
  if (value === Infinity) return '9e999';
  return value === -Infinity ? '-9e999' : String(value);
}
