import type { SymbolName } from '../../core/instrument.ts';
import type { Correlation } from '../correlation-tracker.ts';
import { passed } from '../assess.ts';
import { entryValue } from '../entry-value.ts';
import { totalValue } from '../exposure.ts';
import type { EntryCheck, RiskState } from '../risk-state.ts';
import { checkEquityShare, roundedForReading } from './equity-share.ts';

/** A symbol of the group and the link that brought it in. */
interface Member {
  readonly symbol: SymbolName;
  readonly to: SymbolName;
  readonly correlation: Correlation;
}

const MEASURE = { layer: 'portfolio', check: 'correlated-group' } as const;

/**
 * The held symbols that move with the order's, directly or through others, share one limit. Symbols
 * whose correlation is unknown count as moving together: ignorance is no diversification.
 * The order's own symbol alone is no group, the symbol layer limits that.
 */
export const correlatedGroup: EntryCheck = (order, state, { portfolio }) => {
  const { threshold, maxGroupExposure, lookbackBars } = portfolio.correlation;
  if (threshold === null || maxGroupExposure === null) {
    return passed({ ...MEASURE, limit: null, actual: Number.NaN });
  }
  const members = groupOf(order.symbol, state, threshold);
  if (members.length === 0) return passed({ ...MEASURE, limit: maxGroupExposure, actual: 0 });
  const symbols = new Set([order.symbol, ...members.map(({ symbol }) => symbol)]);
  const group = state.exposures.filter(({ symbol }) => symbols.has(symbol));
  const links = () => members.map((member) => describeLink(member, lookbackBars)).join(', ');
  return checkEquityShare({
    ...MEASURE,
    limit: maxGroupExposure,
    exposure: totalValue(group) + entryValue(order),
    equity: state.equity,
    where: () => `in ${order.symbol} and what moves with it, ${links()},`,
  });
};

/** Every held symbol that a chain of correlations above the threshold joins to `origin`. */
function groupOf(origin: SymbolName, state: RiskState, threshold: number): readonly Member[] {
  const apart = new Set(state.exposures.map(({ symbol }) => symbol));
  apart.delete(origin);
  const members: Member[] = [];
  const reached = [origin];
  for (const to of reached) {
    for (const symbol of apart) {
      const correlation = state.correlation(symbol, to);
      if (correlation.coefficient !== null && correlation.coefficient <= threshold) continue;
      apart.delete(symbol);
      reached.push(symbol);
      members.push({ symbol, to, correlation });
    }
  }
  return members;
}

function describeLink({ symbol, to, correlation }: Member, lookback: number): string {
  const { coefficient, returns } = correlation;
  if (coefficient !== null) return `${symbol} (${roundedForReading(coefficient)} with ${to})`;
  if (returns < lookback) {
    return `${symbol} (unknown with ${to}: ${returns} of ${lookback} common returns)`;
  }
  return `${symbol} (unknown with ${to}: a price did not move)`;
}
