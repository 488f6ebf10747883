import type { SimOrder, SimTrade } from './exchange-types.ts';

interface Version {
  readonly step: number;
  readonly order: SimOrder;
}

/** All orders and trades there ever were, and what was known of them at any past step. */
export class OrderStore {
  readonly #versions = new Map<string, Version[]>();
  readonly #latest = new Map<string, SimOrder>();
  readonly #open = new Map<string, SimOrder>();
  readonly #byClientId = new Map<string, string[]>();
  readonly #trades: { readonly step: number; readonly trade: SimTrade }[] = [];
  /** Hears of every change of an order, for a stream. */
  onChange: (order: SimOrder, before: SimOrder | undefined) => void = () => undefined;

  put(order: SimOrder, step: number): void {
    const before = this.#latest.get(order.id);
    const versions = this.#versions.get(order.id) ?? [];
    if (versions.length === 0) {
      this.#versions.set(order.id, versions);
      const { clientId } = order;
      if (clientId !== null) {
        this.#byClientId.set(clientId, [...(this.#byClientId.get(clientId) ?? []), order.id]);
      }
    }
    versions.push({ step, order });
    this.#latest.set(order.id, order);
    if (isOpen(order)) this.#open.set(order.id, order);
    else this.#open.delete(order.id);
    this.onChange(order, before);
  }

  addTrade(trade: SimTrade, step: number): void {
    this.#trades.push({ step, trade });
  }

  get(id: string): SimOrder | undefined {
    return this.#latest.get(id);
  }

  /** Every order that ever had this client id, oldest first. */
  withClientId(clientId: string): readonly SimOrder[] {
    return (this.#byClientId.get(clientId) ?? []).flatMap((id) => this.#latest.get(id) ?? []);
  }

  /** Oldest first. */
  open(): readonly SimOrder[] {
    return [...this.#open.values()];
  }

  /** Oldest first; as they were at a step where one is given. */
  orders(step: number | null = null): readonly SimOrder[] {
    if (step === null) return [...this.#latest.values()];
    return [...this.#versions.values()].flatMap(
      (versions) => versions.findLast((version) => version.step <= step)?.order ?? [],
    );
  }

  trades(step: number | null = null): readonly SimTrade[] {
    const known = step === null ? this.#trades : this.#trades.filter((each) => each.step <= step);
    return known.map(({ trade }) => trade);
  }
}

export function isOpen({ state }: SimOrder): boolean {
  return state === 'open' || state === 'pending-cancel';
}
