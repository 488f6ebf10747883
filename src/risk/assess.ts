import type { Assessment, Refusal, RiskLayer } from '../core/risk.ts';

/** What a check compared. */
interface Measure {
  readonly layer: RiskLayer;
  readonly check: string;
  /** Null where the limit is switched off. */
  readonly limit: number | null;
  /** NaN where it was not measured, or is no number. */
  readonly actual: number;
}

export function passed({ layer, check, limit, actual }: Measure): Assessment {
  return { layer, check, limit, actual, passed: true };
}

/** The sentence is for people: what was expected, what was found. */
export function refused(
  measure: Measure & { readonly limit: number },
  message: string,
): Assessment {
  const { layer, check, limit, actual } = measure;
  return { layer, check, limit, actual, passed: false, message };
}

/** Why an order may not go out; null where the check let it pass, or did not concern it. */
export function refusalOf(assessment: Assessment | null): Refusal | null {
  if (assessment === null || assessment.passed) return null;
  const { layer, check, limit, actual, message } = assessment;
  return { layer, check, limit, actual, message };
}
