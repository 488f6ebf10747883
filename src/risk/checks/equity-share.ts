import type { Assessment, RiskLayer } from '../../core/risk.ts';
import { passed, refused } from '../assess.ts';

interface EquityShare {
  readonly layer: RiskLayer;
  readonly check: string;
  /** Largest fraction of equity; null when there is no limit. */
  readonly limit: number | null;
  /** Value that the limit is about, the order included, in quote currency. */
  readonly exposure: number;
  readonly equity: number;
  /** What the exposure is in, for the sentence of a refusal. */
  readonly where: () => string;
}

/** Refuses an exposure that is not known to be within its share of equity. */
export function checkEquityShare(share: EquityShare): Assessment {
  const { layer, check, limit, exposure, equity, where } = share;
  const actual = exposure / equity;
  const measure = { layer, check, actual };
  if (limit === null || exposure <= limit * equity) return passed({ ...measure, limit });
  return refused(
    { ...measure, limit },
    `at most ${limit} of equity ${where()} was expected, ` +
      `was "${roundedForReading(actual)}" (${roundedForReading(exposure)} of ` +
      `${roundedForReading(equity)})`,
  );
}

/** Six significant digits: sentences are read, the exact numbers stand beside them. */
export function roundedForReading(value: number): number {
  return Number(value.toPrecision(6));
}
