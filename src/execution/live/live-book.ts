import type { OrderId, PositionId } from '../../core/ids.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { ClientOrderId } from '../../ports/exchange-account.ts';
import type { VenueLedger } from '../../ports/venue-ledger.ts';
import { isEnded, type LiveOrder } from './live-order.ts';
import { liveOrderOf, recordOf } from './order-record.ts';

/** How many orders that are over are known by their venue ids, for trades that come late. */
const REMEMBERED = 1000;

interface Names {
  readonly clientId: ClientOrderId | null;
  readonly venueId: string;
  /** Ids of an exchange may be unique by symbol only. */
  readonly symbol?: SymbolName;
}

/** The orders that are not final, each on record as it stands. */
export class LiveBook {
  readonly #ledger: VenueLedger;
  /** The ledger knows orders of other runs, too, whose ids are the same. */
  readonly #isOfRun: (order: LiveOrder) => boolean;
  readonly #orders = new Map<OrderId, LiveOrder>();
  readonly #byClientId = new Map<ClientOrderId, OrderId>();
  /** Client ids by symbol and venue id, of orders that are over too. */
  readonly #clientIds = new Map<string, ClientOrderId>();

  constructor(ledger: VenueLedger, isOfRun: (order: LiveOrder) => boolean) {
    this.#ledger = ledger;
    this.#isOfRun = isOfRun;
  }

  /** Takes over what earlier processes left unfinished. */
  restore(): void {
    for (const record of this.#ledger.unfinished()) this.#keep(liveOrderOf(record));
  }

  /** Keeps an order as it is now, on record with the running input. */
  put(order: LiveOrder): void {
    this.#ledger.putOrder(recordOf(order));
    this.#keep(order);
  }

  /** Replaces the leg of an order by a further one; the one before is over. */
  putFurther(ended: LiveOrder, next: LiveOrder): void {
    this.#ledger.putOrder(recordOf({ ...ended, leg: { ...ended.leg, phase: 'over' } }));
    this.#byClientId.delete(ended.leg.clientId);
    this.put(next);
  }

  get(id: OrderId): LiveOrder | null {
    return this.#orders.get(id) ?? null;
  }

  /** The order whose present leg goes by these names, or null. */
  named(names: Names): LiveOrder | null {
    const clientId = this.clientIdOf(names);
    if (clientId === null) return null;
    const id = this.#byClientId.get(clientId);
    return id === undefined ? null : this.get(id);
  }

  /** An order as the ledger has it under the id of a leg that is over; null where it has none. */
  past(names: Names): LiveOrder | null {
    const clientId = this.clientIdOf(names);
    const record = clientId === null ? null : this.#ledger.order(clientId);
    const order = record === null ? null : liveOrderOf(record);
    return order !== null && this.#isOfRun(order) ? order : null;
  }

  /** By what is known, or what the ledger has of orders that were over before this process began. */
  clientIdOf({ clientId, venueId, symbol }: Names): ClientOrderId | null {
    if (clientId !== null || symbol === undefined) return clientId;
    const known = this.#clientIds.get(keyOf(symbol, venueId));
    return known ?? this.#ledger.orderAt(symbol, venueId)?.clientId ?? null;
  }

  all(): readonly LiveOrder[] {
    return [...this.#orders.values()];
  }

  exitsOf(position: PositionId): readonly LiveOrder[] {
    return this.all().filter(
      ({ request }) => request.role !== 'entry' && request.position === position,
    );
  }

  get isEmpty(): boolean {
    return this.#orders.size === 0;
  }

  #keep(order: LiveOrder): void {
    const { request, leg } = order;
    if (leg.venueId !== null) this.#name(keyOf(request.symbol, leg.venueId), leg.clientId);
    if (isEnded(order)) {
      this.#orders.delete(request.id);
      this.#byClientId.delete(leg.clientId);
      return;
    }
    this.#orders.set(request.id, order);
    this.#byClientId.set(leg.clientId, request.id);
  }

  #name(key: string, clientId: ClientOrderId): void {
    this.#clientIds.set(key, clientId);
    if (this.#clientIds.size <= REMEMBERED) return;
    const working = new Set(
      this.all().map(({ request, leg }) => keyOf(request.symbol, leg.venueId ?? '')),
    );
    for (const known of this.#clientIds.keys()) {
      if (working.has(known)) continue;
      this.#clientIds.delete(known);
      return;
    }
  }
}

function keyOf(symbol: SymbolName, venueId: string): string {
  return `${symbol} ${venueId}`;
}
