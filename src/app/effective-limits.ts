import type { RiskLimitSettings } from '../config/config-schema.ts';
import type { RiskLimits } from '../risk/risk-limits.ts';

/**
 * The limits that count: those configured, or none at all where they are switched off together. What
 * makes an order well-formed is no limit, and stays.
 */
export function effectiveLimits(configured: RiskLimitSettings): RiskLimits {
  return configured.enabled ? configured : withoutLimits(configured);
}

function withoutLimits({ portfolio, system }: RiskLimits): RiskLimits {
  return {
    position: { maxFraction: null, stopLoss: { crypto: null, stock: null }, takeProfitRatio: null },
    symbol: { maxExposure: null },
    portfolio: {
      maxInvested: null,
      correlation: { ...portfolio.correlation, threshold: null, maxGroupExposure: null },
    },
    system: {
      ...system,
      maxDailyLoss: null,
      maxDrawdown: null,
      maxOrdersPerMinute: null,
      maxOrdersPerDay: null,
      maxOrderNotional: null,
      maxDailyNotional: null,
    },
  };
}
