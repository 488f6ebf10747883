import type { EquityMark } from '../../core/equity.ts';
import { roundedForReading } from './equity-share.ts';
import type { Breach } from './loss-limits.ts';

/** Name of the check, for reports. */
export const MARGIN_CALL = 'margin-call';

/**
 * `maintenance` is the part of the exposure that equity may not fall below. Without loans and shorts
 * equity covers the whole of it, so only they can be called.
 */
export function checkMargin(
  maintenance: number | null,
  { equity, exposure }: Pick<EquityMark, 'equity' | 'exposure'>,
): Breach | null {
  if (maintenance === null || !(exposure > 0) || equity >= maintenance * exposure) return null;
  const actual = equity / exposure;
  const message =
    `equity of at least ${maintenance} of the exposure was expected, was ` +
    `"${roundedForReading(actual)}" (${roundedForReading(equity)} of ` +
    `${roundedForReading(exposure)}): margin call, all positions are closed`;
  return { check: MARGIN_CALL, limit: maintenance, actual, message };
}
