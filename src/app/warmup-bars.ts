import { EventBus } from '../core/event-bus.ts';
import { StrategyHost } from '../strategies/strategy-host.ts';
import type { HostedStrategy } from '../strategies/strategy-runner.ts';

/**
 * Bars the strategies must have seen before the first bar of trading. Only strategies that were
 * made know it, and the engine makes them once its feed stands; so they are made here to be asked.
 */
export function warmupBarsOf(strategies: readonly HostedStrategy[]): number {
  const bus = new EventBus({ now: () => 0 });
  return new StrategyHost({
    bus,
    view: { positionOf: () => null, openOrders: () => [] },
    strategies,
  }).warmupBars;
}
