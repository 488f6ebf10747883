import { commissionModel } from '../../../src/execution/commission.ts';
import type { SessionLinks } from '../../../src/app/trading/trading-session.ts';
import type { TradingPlan } from '../../../src/app/trading/plan-trading.ts';
import type { TradingVenue } from '../../../src/app/trading/trading-venue.ts';
import type { Engine } from '../../../src/app/wire-engine.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { tradeId, type OrderId } from '../../../src/core/ids.ts';
import type { ApprovedOrder } from '../../../src/core/order.ts';
import type { EpochMs } from '../../../src/core/time.ts';
import type { Venue } from '../../../src/ports/venue.ts';
import { dec } from '../orders.ts';

/** What goes wrong with an order, by its number among those that are answered; nothing for most. */
export type Spoiler = (nth: number) => Spoiled | null;

export type Spoiled =
  | { readonly kind: 'refused' }
  /** So much worse a price. */
  | { readonly kind: 'worse'; readonly by: string }
  /** So much more of a fee. */
  | { readonly kind: 'dearer'; readonly by: string }
  /** Left alone for so many answers. */
  | { readonly kind: 'late'; readonly answers: number };

interface PerfectParts {
  readonly plan: TradingPlan;
  readonly links: SessionLinks;
  readonly engine: () => Engine;
  readonly spoiler?: Spoiler;
}

/**
 * An exchange account that fills market orders whole, at the price asked for, for the configured fee,
 * when it is told to: all by reports that enter from outside, as those of an exchange do.
 */
export class PerfectVenue implements TradingVenue {
  readonly ordersSent = 0;
  readonly #parts: PerfectParts;
  readonly #waiting: { readonly order: ApprovedOrder; left: number; spoiled: Spoiled | null }[] =
    [];
  readonly #cancelled: { readonly id: OrderId; readonly reason: string }[] = [];
  #taken = 0;
  #trades = 0;

  constructor(parts: PerfectParts) {
    this.#parts = parts;
  }

  readonly venue: Venue = {
    connect: () => undefined,
    submit: (order) => {
      const spoiled = this.#parts.spoiler?.(++this.#taken) ?? null;
      const left = spoiled?.kind === 'late' ? spoiled.answers : 0;
      this.#waiting.push({ order, left, spoiled });
    },
    cancel: (id, reason) => void this.#cancelled.push({ id, reason }),
    observe: () => undefined,
    quote: () => undefined,
    settle: () => undefined,
  };

  /** Answers everything that waits at one price of each symbol. */
  answer(priceOf: (symbol: string) => number, time: EpochMs): void {
    for (const { id, reason } of this.#cancelled.splice(0)) {
      const at = this.#waiting.findIndex(({ order }) => order.id === id);
      if (at === -1) continue;
      this.#waiting.splice(at, 1);
      this.#enter((engine) => engine.executor.updated({ orderId: id, state: 'canceled', reason }));
    }
    for (const each of this.#waiting.splice(0)) {
      if (each.order.type !== 'market' || each.left-- > 0) this.#waiting.push(each);
      else this.#execute(each.order, each.spoiled, dec(priceOf(each.order.symbol)), time);
    }
  }

  /** Fills every stop that waits, at its own price: the market came by. */
  strike(time: EpochMs): void {
    for (const each of this.#waiting.splice(0)) {
      const { order } = each;
      if (order.type === 'stop') this.#execute(order, null, order.stopPrice, time);
      else this.#waiting.push(each);
    }
  }

  state(): unknown {
    return { trades: this.#trades };
  }

  async prepare(): Promise<void> {}

  async run(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
    });
  }

  /** It answers when it is told to, and nobody tells it at the end: there is nothing to wait for. */
  readonly isSettled = true;

  stopSending(): void {}

  async abandon(): Promise<readonly string[]> {
    return [];
  }

  notes(): readonly string[] {
    return [];
  }

  placeOf(): string {
    return 'exchange';
  }

  #execute(order: ApprovedOrder, spoiled: Spoiled | null, due: Decimal, time: EpochMs): void {
    const { id: orderId, symbol, side, quantity } = order;
    if (spoiled?.kind === 'refused') {
      const reason = 'post only, or whatever exchanges say';
      this.#enter((engine) => engine.executor.updated({ orderId, state: 'rejected', reason }));
      return;
    }
    const worse = spoiled?.kind === 'worse' ? dec(spoiled.by) : Decimal.zero;
    const price = side === 'buy' ? due.plus(worse) : due.minus(worse);
    const { plan } = this.#parts;
    const fee = commissionModel(
      plan.commission,
      plan.exchange,
    )({
      instrument: plan.instruments.at(symbol, time),
      liquidity: 'taker',
      quantity,
      price,
      isFirstFill: true,
    });
    this.#enter((engine) => {
      engine.executor.updated({ orderId, state: 'accepted', reason: 'taken' });
    });
    this.#enter((engine) => {
      engine.executor.filled({
        tradeId: tradeId(++this.#trades),
        orderId,
        symbol,
        side,
        quantity,
        price,
        rawPrice: price,
        impact: Decimal.zero,
        fee: spoiled?.kind === 'dearer' ? fee.plus(dec(spoiled.by)) : fee,
        commission: null,
        isFeeProvisional: false,
        liquidity: 'taker',
        time,
        orderState: 'filled',
      });
    });
  }

  #enter(report: (engine: Engine) => void): void {
    this.#parts.links.intake.enter(() => report(this.#parts.engine()));
  }
}
