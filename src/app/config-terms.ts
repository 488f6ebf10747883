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
export function tradingTerms(config: Config) {
  const { execution, transactionCosts } = config;
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
    staleAfterMs: staleAfterMsOf(config),
  };
}

/** How long after the close of a bar it is decided on; null: as long as bars may be due. */
export function staleAfterMsOf({ data }: Pick<Config, 'data'>): number | null {
  return data.staleAfterSeconds === null ? null : data.staleAfterSeconds * 1000;
}
