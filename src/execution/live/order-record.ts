import { InvariantError } from '../../core/errors.ts';
import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import type { FeeState } from './live-fill.ts';
import { stageOf } from './leg.ts';
import type { LiveOrder } from './live-order.ts';
import type { VenueOrderRecord, VenueTradeRecord } from '../../ports/venue-ledger.ts';

/** How an order stands in the venue's ledger: under the id of the leg it has now. */
export function recordOf(order: LiveOrder): VenueOrderRecord {
  const { leg, request } = order;
  return {
    clientId: leg.clientId,
    orderId: request.id,
    symbol: request.symbol,
    stage: stageOf(leg),
    venueId: leg.venueId,
    intendedAt: leg.intendedAt,
    detail: toExactJson(order),
  };
}

/** Reads what `recordOf` wrote. */
export function liveOrderOf({ clientId, detail }: VenueOrderRecord): LiveOrder {
  const order = fromExactJson(detail);
  if (isLiveOrder(order)) return order;
  throw new InvariantError(`an order was expected in the record of ${clientId}, was "${detail}"`);
}

/** Reads what the booking of a trade left for corrections of its fee. */
export function feeStateOf({ venueTradeId, detail }: VenueTradeRecord): FeeState {
  const state = fromExactJson(detail);
  if (isFeeState(state)) return state;
  throw new InvariantError(`a fee was expected in the record of ${venueTradeId}, was "${detail}"`);
}

/** What stands in the ledger was written by this program: its shape is enough. */
function isLiveOrder(value: unknown): value is LiveOrder {
  return typeof value === 'object' && value !== null && 'request' in value && 'leg' in value;
}

function isFeeState(value: unknown): value is FeeState {
  return typeof value === 'object' && value !== null && 'fee' in value && 'position' in value;
}
