/**
 * Proves at compile time that an approved order comes from risk alone: each line marked as an
 * expected error fails the type check as soon as it would compile.
 */
import type { EventBus } from '../../src/core/event-bus.ts';
import type { ApprovedOrder, EntryOrder, ExitOrder, OrderRequest } from '../../src/core/order.ts';
import type { Venue } from '../../src/ports/venue.ts';
import { approveOrder } from '../../src/risk/approve-order.ts';

interface World {
  readonly bus: EventBus;
  readonly venue: Venue;
  readonly request: OrderRequest;
  readonly entry: EntryOrder;
  readonly exit: ExitOrder;
}

export function nobodyElseApproves({ bus, venue, request, entry, exit }: World): unknown[] {
  // @ts-expect-error a request is not approved
  const fromRequest: ApprovedOrder = request;
  // @ts-expect-error nor is an entry
  const fromEntry: ApprovedOrder = entry;
  // @ts-expect-error nor an exit: exits pass risk as well
  const fromExit: ApprovedOrder = exit;
  // @ts-expect-error a copy of a request is a request
  const fromSpread: ApprovedOrder = { ...request };
  const marked = { ...entry, approval: true, approved: true };
  // @ts-expect-error nor does a field of one's own approve it
  const fromField: ApprovedOrder = marked;
  // @ts-expect-error an object literal lacks the mark, which no other module can name
  const fromLiteral: ApprovedOrder = {
    id: entry.id,
    strategy: entry.strategy,
    symbol: 'BTC/USD',
    side: 'buy',
    quantity: entry.quantity,
    timeInForce: 'gtc',
    position: entry.position,
    signalSeq: 1,
    referencePrice: 100,
    reason: 'forged',
    role: 'entry',
    group: null,
    protection: { stopLoss: null, takeProfit: null },
    type: 'market',
  };

  const publish = bus.publisher('order.approved');
  // @ts-expect-error an unapproved order cannot be published as approved
  publish(request);
  // @ts-expect-error neither can a copy
  publish({ ...entry });
  // @ts-expect-error and no venue takes one
  venue.submit(request);

  return [fromRequest, fromEntry, fromExit, fromSpread, fromField, fromLiteral];
}

export function riskApproves({ bus, venue, request }: World): undefined {
  const approved: ApprovedOrder = approveOrder(request);
  venue.submit(approved);
  bus.publisher('order.approved')(approved);
  // An approved order is still a request to those who only read it.
  const read: OrderRequest = approved;
  return bus.publisher('order.requested')(read);
}
