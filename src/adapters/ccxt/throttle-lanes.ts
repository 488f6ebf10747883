import { InvariantError } from '../../core/errors.ts';
import { LANES, type CallScopes, type Lane } from './call-scope.ts';
import type { CcxtExchange, Throttler } from './ccxt-exchange.ts';

/**
 * Gives each lane a throttler of its own. ccxt has one queue for all calls: a cancel would wait for
 * the pages of a history to be read.
 */
export function openLanes(exchange: CcxtExchange, scopes: CallScopes): void {
  const throttlers = new Map<Lane, Throttler>(
    LANES.map((lane) => [lane, freshThrottler(exchange)]),
  );
  exchange.throttle = (cost) => {
    const throttler = throttlers.get(scopes.getStore()?.lane ?? 'read');
    if (throttler === undefined) throw new InvariantError('every lane has a throttler');
    return throttler.throttle(cost);
  };
}

function freshThrottler(exchange: CcxtExchange): Throttler {
  exchange.initThrottler();
  if (exchange.throttler === undefined) throw new InvariantError('ccxt made no throttler');
  return exchange.throttler;
}
