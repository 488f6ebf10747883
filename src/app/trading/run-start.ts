import type { Decimal } from '../../core/decimal.ts';
import type { EpochMs } from '../../core/time.ts';
import type { RunStart } from '../../ports/run-store.ts';
import { VERSION } from '../version.ts';
import type { TradingPlan } from './plan-trading.ts';

interface StartFacts {
  readonly mode: string;
  /** Cash that a new run begins with. */
  readonly capital: Decimal;
  readonly startedAt: EpochMs;
}

/** What is on record of a session before its first event. */
export function runStartOf(plan: TradingPlan, { mode, capital, startedAt }: StartFacts): RunStart {
  return {
    mode,
    strategies: plan.strategies.map(({ id, definition, params, symbols, allowShort, source }) => ({
      id,
      kind: definition.id,
      params: JSON.stringify(params),
      symbols,
      allowShort,
      source,
    })),
    exchange: plan.exchange,
    symbols: plan.symbols,
    timeframe: plan.timeframe,
    adjustment: plan.keys.find(({ adjustment }) => adjustment !== 'raw')?.adjustment ?? 'raw',
    start: null,
    end: null,
    initialCapital: capital.toString(),
    currency: plan.currency,
    config: plan.config,
    configHash: plan.configHash,
    version: VERSION,
    startedAt,
  };
}
