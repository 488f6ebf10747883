import type { Config } from '../config/config-schema.ts';
import { Decimal } from '../core/decimal.ts';
import { effectiveLimits } from './effective-limits.ts';

/** What the account may do, and how large a position is. */
export function accountTerms({ portfolio, riskLimits, positionSizing }: Config) {
  const { initialCapital, margin, cashBuffer, maxEntries, oppositeSignal } = portfolio;
  return {
    initialCapital: Decimal.fromNumber(initialCapital),
    margin,
    cashBuffer,
    maxEntries,
    oppositeSignal,
    limits: effectiveLimits(riskLimits),
    sizing: positionSizing,
  };
}

/** How orders fill, what that costs, and how old data may be that entries go out on. */
export function tradingTerms({ data, execution, transactionCosts }: Config) {
  const { staleAfterSeconds } = data;
  return {
    commission: transactionCosts.commission,
    slippage: transactionCosts.slippage,
    sensitivity: transactionCosts.sensitivity,
    fillAt: execution.fillAt,
    limitFill: execution.limitFill,
    trailingReference: execution.trailingReference,
    entryBarExits: execution.entryBarExits,
    shortOfFunds: execution.shortOfFunds,
    maxVolumeShare: execution.maxVolumeShare,
    closeAtEnd: execution.closeAtEnd,
    closeAtEndPrice: execution.closeAtEndPrice,
    entryBars: execution.entryBars,
    staleAfterMs: staleAfterSeconds === null ? null : staleAfterSeconds * 1000,
  };
}
