import type { Refusal, RiskLayer } from '../../core/risk.ts';

interface EquityShare {
  readonly layer: RiskLayer;
  readonly check: string;
  /** Largest fraction of equity; null when there is no limit. */
  readonly limit: number | null;
  /** Value that the limit is about, the order included, in quote currency. */
  readonly exposure: number;
  readonly equity: number;
  /** What the exposure is in, for the sentence. */
  readonly where: string;
}

/** Refuses an exposure that is not known to be within its share of equity. */
export function checkEquityShare(share: EquityShare): Refusal | null {
  const { layer, check, limit, exposure, equity, where } = share;
  if (limit === null) return null;
  if (!(exposure <= limit * equity)) {
    const actual = exposure / equity;
    return {
      layer,
      check,
      limit,
      actual,
      message:
        `at most ${limit} of equity ${where} was expected, ` +
        `was "${roundedForReading(actual)}" (${roundedForReading(exposure)} of ` +
        `${roundedForReading(equity)})`,
    };
  }
  return null;
}

/** Six significant digits: sentences are read, the exact numbers stand beside them. */
export function roundedForReading(value: number): number {
  return Number(value.toPrecision(6));
}
