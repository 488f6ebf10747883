import { present } from '../core/assert.ts';
import type { OrderId, PositionId } from '../core/ids.ts';
import { OpenItems } from '../core/open-items.ts';
import type { EntryOrder } from '../core/order.ts';
import type { Protection } from '../core/protection.ts';

/** How an open position is guarded, and since when. */
export interface Guard {
  /** The signal that these levels stem from. */
  readonly signalSeq: number;
  readonly protection: Protection;
  /** The levels were moved after the entry: they are kept from the market, not from the entry. */
  readonly isMoved: boolean;
  /** Origins of the entry orders that filled. */
  readonly entries: ReadonlySet<OrderId>;
}

/** The guards to go on with. */
export type GuardsSnapshot = readonly (Omit<Guard, 'entries'> & {
  readonly position: PositionId;
  readonly entries: readonly OrderId[];
})[];

const NO_ENTRIES: ReadonlySet<OrderId> = new Set();

/** The levels that open positions are kept at, by position. */
export class Guards {
  readonly #guards = new OpenItems<PositionId, Guard>();

  constructor(restored: GuardsSnapshot) {
    for (const { position, entries, ...guard } of restored) {
      this.#guards.set(position, { ...guard, entries: new Set(entries) });
    }
  }

  of(position: PositionId): Guard {
    return present(this.#guards.get(position), 'the entry of an open position');
  }

  has(position: PositionId): boolean {
    return this.#guards.has(position);
  }

  entriesOf(position: PositionId): ReadonlySet<OrderId> {
    return this.#guards.get(position)?.entries ?? NO_ENTRIES;
  }

  set(position: PositionId, guard: Guard): void {
    this.#guards.set(position, guard);
  }

  forget(position: PositionId): void {
    this.#guards.delete(position);
  }

  /** Levels of an earlier entry, and levels that were moved since the order was asked for, stay. */
  entered(position: PositionId, order: EntryOrder, origin: OrderId): Guard {
    const known = this.#guards.get(position);
    const before = known?.entries ?? NO_ENTRIES;
    const entries = before.has(origin) ? before : new Set([...before, origin]);
    const { signalSeq, protection } = order;
    const guard =
      known !== undefined && known.signalSeq >= signalSeq
        ? { ...known, entries }
        : { signalSeq, protection, isMoved: false, entries };
    this.#guards.set(position, guard);
    return guard;
  }

  snapshot(): GuardsSnapshot {
    return Array.from(this.#guards.entries(), ([position, { entries, ...guard }]) => ({
      position,
      ...guard,
      entries: [...entries],
    }));
  }
}
