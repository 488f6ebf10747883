import { invariant } from '../../../src/core/assert.ts';
import type { Bar } from '../../../src/core/bar.ts';
import type { ApprovedOrder } from '../../../src/core/order.ts';
import type { OrderScript } from './order-script.ts';
import { TICKS } from './order-script.ts';

type TrailingOrder = Extract<ApprovedOrder, { readonly type: 'trailing_stop' }>;

const TEN_THOUSAND = 10_000;

/** A trailing stop reckoned once more, in whole ticks, turned so that it always sells. */
export class TrailModel {
  readonly #order: TrailingOrder;
  readonly #reference: OrderScript['options']['trailingReference'];
  readonly #sign: 1 | -1;
  /** Of a buy the negative: a stop that only rises. */
  #stop: number;
  #isTriggered = false;

  constructor(order: TrailingOrder, reference: OrderScript['options']['trailingReference']) {
    this.#order = order;
    this.#reference = reference;
    this.#sign = order.side === 'sell' ? 1 : -1;
    this.#stop = this.#sign * Math.round(order.stopPrice.toNumber() * TICKS);
  }

  /** It came to its stop in a bar before: by now it is a market order. */
  get isTriggered(): boolean {
    return this.#isTriggered;
  }

  /** A whole bar that left the order open, and where its stop stands then: null once triggered. */
  pass(bar: Bar, actual: number | null): void {
    const { worst, close } = this.#turned(bar);
    const before = this.#stop;
    this.#stop = Math.max(before, this.#followed(bar));
    this.#isTriggered ||= worst <= before;
    this.#isTriggered ||= this.#reference === 'extreme' && close <= this.#stop;
    invariant(this.#isTriggered === (actual === null), 'a trailing stop triggers where reached');
    if (actual === null) return;
    const stop = this.#sign * actual;
    invariant(stop === this.#stop, () => `a stop at ${this.#stop} was expected, was ${stop}`);
  }

  /**
   * The rest of a bar that its position was entered in: nobody knows what it saw of that, but that
   * it did not move back, nor farther than the whole bar would have moved it.
   */
  passRest(bar: Bar, actual: number | null): void {
    if (actual === null) {
      this.#isTriggered = true;
      return;
    }
    const stop = this.#sign * actual;
    invariant(stop >= this.#stop, 'a trailing stop never moves back');
    const { close } = this.#turned(bar);
    const farthest = Math.max(this.#stop, this.#followed(bar), close - 1);
    invariant(stop <= farthest, 'a trailing stop moves by what the bar reached');
    this.#stop = stop;
  }

  /** The first fill of an order against a whole bar. */
  auditFill(ticks: number, bar: Bar): void {
    if (this.#isTriggered) return;
    const { open, worst, close } = this.#turned(bar);
    const raw = this.#sign * ticks;
    if (worst <= this.#stop) {
      invariant(raw === Math.min(open, this.#stop), 'a trailing stop fills where it stands');
      return;
    }
    const moved = Math.max(this.#stop, this.#followed(bar));
    invariant(this.#reference === 'extreme' && close <= moved, 'a trailing stop is hit or waits');
    invariant(raw === moved, 'a trailing stop fills where the extreme moved it');
  }

  #turned(bar: Bar) {
    const ticks = (price: number) => this.#sign * Math.round(price * TICKS);
    const [best, worst] = this.#sign === 1 ? [bar.high, bar.low] : ([bar.low, bar.high] as const);
    return {
      open: ticks(bar.open),
      best: ticks(best ?? 0),
      worst: ticks(worst ?? 0),
      close: ticks(bar.close),
    };
  }

  #followed(bar: Bar): number {
    const { best, close } = this.#turned(bar);
    const market = this.#reference === 'extreme' ? best : close;
    const { trail } = this.#order;
    const stop =
      trail.kind === 'distance'
        ? market - Math.round(trail.distance.toNumber() * TICKS)
        : Math.ceil(
            (market * TEN_THOUSAND -
              Math.abs(market) * Math.round(trail.fraction.toNumber() * TEN_THOUSAND)) /
              TEN_THOUSAND,
          );
    return Math.min(stop, market - 1);
  }
}
