import { ReplayClock } from '../../adapters/system/replay-clock.ts';
import type { AnyEvent } from '../../core/events.ts';
import type { Fill } from '../../core/fill.ts';
import type { OrderId } from '../../core/ids.ts';
import type { OrderRequest } from '../../core/order.ts';
import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import { sharedParts } from '../engine-terms.ts';
import type { SessionState } from '../trading/session-state.ts';
import { wireEngine } from '../wire-engine.ts';
import type { SeenBars } from './onlooker.ts';
import { trialVenue, type TrialStart } from './trial-venue.ts';

/** What a backtest made of the orders that were open. */
export interface TrialStep {
  /** By order, in the order they happened. */
  readonly fills: ReadonlyMap<OrderId, readonly Fill[]>;
  /** Orders that followed its fills: stops and targets. */
  readonly followers: readonly OrderRequest[];
  /** Orders that came to an end other than being filled. */
  readonly ended: ReadonlySet<OrderId>;
}

const NO_FEED = { run: async (): Promise<void> => undefined };

/**
 * Lets a backtest go on from the state of a run for a few bars, in which no strategy decides: what
 * becomes of the orders that are open, and of those that protect what they fill.
 */
export function tryStep(start: TrialStart, slices: readonly SeenBars[]): TrialStep {
  const { terms } = start;
  // Engines change what they are given in places.
  const state = fromExactJson(toExactJson(start.state)) as SessionState;
  const clock = new ReplayClock(0);
  const engine = wireEngine({
    ...sharedParts(terms, clock),
    strategies: [],
    feed: NO_FEED,
    venue: trialVenue({ ...start, state }),
    clock,
    intake: null,
    restored: state.engine,
  });
  const events: AnyEvent[] = [];
  engine.bus.tap((event) => {
    events.push(event);
    return undefined;
  });
  for (const { traded } of slices) {
    const [first] = traded;
    if (first === undefined) continue;
    clock.advance(first.closeTime);
    engine.sink.trade({ closeTime: first.closeTime, bars: traded });
  }
  return stepOf(events);
}

function stepOf(events: readonly AnyEvent[]): TrialStep {
  const fills = new Map<OrderId, Fill[]>();
  const followers: OrderRequest[] = [];
  const ended = new Set<OrderId>();
  for (const { type, payload } of events) {
    if (type === 'order.approved') followers.push(payload);
    else if (type === 'order.filled') {
      const known = fills.get(payload.orderId);
      if (known === undefined) fills.set(payload.orderId, [payload]);
      else known.push(payload);
    } else if (type === 'order.updated' && ENDED.has(payload.state)) ended.add(payload.orderId);
  }
  return { fills, followers, ended };
}

const ENDED: ReadonlySet<string> = new Set(['canceled', 'expired', 'rejected']);
