import { present } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { EquityMark } from '../core/equity.ts';
import type { EventBus, Listener, Unsubscribe } from '../core/event-bus.ts';
import type { EventPayloads, EventType } from '../core/events.ts';
import type { Fill } from '../core/fill.ts';
import type { OrderId, PositionId } from '../core/ids.ts';
import { OpenItems } from '../core/open-items.ts';
import { isFinal, type OrderRequest } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { EpochMs } from '../core/time.ts';
import { notionalOf } from './fill-costs.ts';
import { RebookedPosition } from './rebooked-position.ts';

interface RebookedRunOptions {
  readonly bus: Pick<EventBus, 'on'>;
  readonly initialCapital: number;
  /** Price, raw price, impact, fee and liquidity a fill is booked with instead of its own. */
  readonly rebook: (fill: Fill) => Fill;
}

type Views = { readonly [T in EventType]?: (payload: EventPayloads[T]) => EventPayloads[T] };

/**
 * A run as its bus tells it, but with its fills at other prices and fees: decisions and quantities
 * stay, cash and what positions earn differ. Holdings are the same at every moment, so equity differs
 * by cash alone. Subscribes before whoever listens through it.
 *
 * What a position that is still open is said to have earned so far counts the difference of its
 * entries in full; once closed it is exact.
 */
export class RebookedRun implements Pick<EventBus, 'on'> {
  readonly #options: RebookedRunOptions;
  readonly #orders = new OpenItems<OrderId, Pick<OrderRequest, 'position' | 'role'>>();
  readonly #positions = new Map<PositionId, RebookedPosition>();
  readonly #views: Views = {
    'order.filled': (fill) => this.#fillOf(fill),
    'position.updated': (position) => this.#positionOf(position),
    'equity.marked': (mark) => this.markOf(mark),
  };
  #fill: { readonly base: Fill; readonly rebooked: Fill } | null = null;
  /** Cash beyond that of the run. */
  #gained = Decimal.zero;
  #peak: number;
  #overdrawnSince: EpochMs | null = null;

  constructor(options: RebookedRunOptions) {
    this.#options = options;
    this.#peak = options.initialCapital;
    const { bus } = options;
    bus.on('order.approved', ({ payload }) => {
      this.#orders.set(payload.id, { position: payload.position, role: payload.role });
      return undefined;
    });
    bus.on('order.updated', ({ payload }) => {
      if (isFinal(payload.state)) this.#orders.delete(payload.orderId);
      return undefined;
    });
    bus.on('order.filled', ({ payload }) => this.#book(payload));
  }

  /** Time of the first mark with cash below zero where the run itself had some; null where none. */
  get overdrawnSince(): EpochMs | null {
    return this.#overdrawnSince;
  }

  on<T extends EventType>(type: T, listener: Listener<T>): Unsubscribe {
    const view = this.#views[type];
    if (view === undefined) return this.#options.bus.on(type, listener);
    return this.#options.bus.on(type, (event) =>
      listener({ ...event, payload: view(event.payload) }),
    );
  }

  /** Cash that a position brought beyond what it did in the run; negative where it brought less. */
  gainedBy(id: PositionId): Decimal {
    return this.#positions.get(id)?.gained ?? Decimal.zero;
  }

  /** A mark of the run with the difference in cash: no better than its own where that is negative. */
  markOf(mark: EquityMark): EquityMark {
    const gained = this.#gained.toNumber();
    const equity = mark.equity + gained;
    const cash = mark.cash + gained;
    this.#peak = Math.max(this.#peak, equity);
    if (cash < 0 && mark.cash >= 0) this.#overdrawnSince ??= mark.time;
    const peak = this.#peak;
    return { ...mark, equity, cash, peak, drawdown: (peak - equity) / peak };
  }

  #book(base: Fill): undefined {
    const rebooked = this.#options.rebook(base);
    this.#fill = { base, rebooked };
    const gained = gainOf(base, rebooked);
    this.#gained = this.#gained.plus(gained);
    const order = present(this.#orders.get(base.orderId), `the order of fill ${base.tradeId}`);
    if (isFinal(base.orderState)) this.#orders.delete(base.orderId);
    this.#rebookedPosition(order.position).book(rebooked, gained, order.role === 'entry');
  }

  #rebookedPosition(id: PositionId): RebookedPosition {
    const known = this.#positions.get(id);
    if (known !== undefined) return known;
    const opened = new RebookedPosition();
    this.#positions.set(id, opened);
    return opened;
  }

  #fillOf(base: Fill): Fill {
    const last = this.#fill?.base === base ? this.#fill.rebooked : null;
    return present(last, `fill ${base.tradeId} as rebooked`);
  }

  #positionOf(position: Position): Position {
    return this.#positions.get(position.id)?.viewOf(position) ?? position;
  }
}

/** What the account has more after the other fill; negative where it has less. */
function gainOf(base: Fill, other: Fill): Decimal {
  const more = notionalOf(other).minus(notionalOf(base));
  return (base.side === 'buy' ? more.negated() : more).minus(other.fee).plus(base.fee);
}
