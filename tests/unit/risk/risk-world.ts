import { Decimal } from '../../../src/core/decimal.ts';
import { EventBus } from '../../../src/core/event-bus.ts';
import { exitGroupOf, orderId, positionId, tradeId } from '../../../src/core/ids.ts';
import type { OrderId, PositionId } from '../../../src/core/ids.ts';
import type { EntryOrder, OrderRequest } from '../../../src/core/order.ts';
import type { Position } from '../../../src/core/position.ts';
import type { RiskLimits } from '../../../src/risk/risk-limits.ts';
import { RiskManager } from '../../../src/risk/risk-manager.ts';
import {
  DAY,
  decimal,
  entry,
  exit,
  HOUR,
  instrument,
  position,
  ScriptedPortfolio,
  slice,
  START,
  strategy,
} from './risk-builders.ts';

const SYMBOLS = ['BTC/USD', 'ETH/USD', 'SOL/USD', 'AAPL'] as const;
const STRATEGIES = ['alpha', 'beta'] as const;
export const LOOKBACK = 4;

export type Step =
  | { readonly do: 'enter'; readonly plan: EntryPlan }
  | {
      readonly do: 'leave';
      readonly which: number;
      readonly share: number;
      readonly wrong: boolean;
    }
  | { readonly do: 'fill'; readonly which: number; readonly share: number }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'hours'; readonly count: number; readonly moves: readonly Moves[] }
  | { readonly do: 'resume' };

export interface EntryPlan {
  readonly strategy: number;
  readonly symbol: number;
  /** Value as a fraction of the initial equity. */
  readonly share: number;
  readonly buy: boolean;
  readonly stop: number | null;
  readonly delayMs: number;
}

/** Returns of one hour: what all symbols share, and what each adds. */
export interface Moves {
  readonly market: number;
  readonly own: readonly number[];
}

/**
 * A market, a portfolio and the risk manager under test, beside a second opinion on every entry:
 * plain numbers, plain arrays, each figure recomputed from the whole history when it is needed.
 */
export class RiskWorld {
  readonly view = new ScriptedPortfolio();
  readonly limits: RiskLimits;
  readonly open: { order: EntryOrder; left: number }[] = [];
  readonly closes: number[][] = SYMBOLS.map(() => [100]);
  readonly approvedAt: number[] = [];
  /** Values of these. */
  readonly approvedValues: number[] = [];
  readonly tally = new Map<string, number>();
  readonly faults: string[] = [];
  now = START;
  cash = 100_000;
  halt: 'day' | 'peak' | null = null;
  haltDay = 0;
  acceptedPeak: number | null = null;
  acceptedOpening: { day: number; equity: number } | null = null;
  readonly #bus = new EventBus({ now: () => this.now });
  readonly #risk: RiskManager;
  readonly #request = this.#bus.publisher('order.requested');
  readonly #filled = this.#bus.publisher('order.filled');
  readonly #updated = this.#bus.publisher('order.updated');
  readonly #marked = this.#bus.publisher('equity.marked');
  readonly #closed = this.#bus.publisher('slice.closed');
  #count = 0;

  constructor(limits: RiskLimits) {
    this.limits = limits;
    Object.assign(this.view, { equity: 100_000, dayOpeningEquity: 100_000, peakEquity: 100_000 });
    this.#risk = new RiskManager({
      bus: this.#bus,
      view: this.view,
      limits,
      instruments: instrument,
    });
    this.#bus.on('order.approved', ({ payload }) => this.#approved(payload));
    this.#bus.on('order.rejected', ({ payload: { order, refusal } }) => {
      this.#note(refusal.check);
      if (order.role === 'entry' && this.violations(order).length === 0) {
        this.faults.push(`refused ${order.id} by ${refusal.check} though it breaks no limit`);
      }
      return undefined;
    });
    this.#slice();
  }

  apply(step: Step): void {
    if (step.do === 'enter') this.#enter(step.plan);
    else if (step.do === 'leave') this.#leave(step.which, step.share, step.wrong);
    else if (step.do === 'fill') this.#fill(step.which, step.share);
    else if (step.do === 'cancel') this.#cancel(step.which);
    else if (step.do === 'hours') this.#pass(step.count, step.moves);
    else this.#resume();
  }

  /** Every limit that the entry would break now, by this model's own arithmetic. */
  violations(order: EntryOrder): readonly string[] {
    const { limits, view } = this;
    const own = order.quantity.toNumber() * order.referencePrice;
    const within = (limit: number | null, value: number) =>
      limit === null || own + value <= limit * view.equity;
    const stop = limits.position.stopLoss[order.symbol === 'AAPL' ? 'stock' : 'crypto'];
    const wanted = order.protection.stopLoss;
    const stopAt = wanted?.kind === 'fraction' ? wanted.fraction : Number.POSITIVE_INFINITY;
    const {
      maxOrdersPerDay: day,
      maxOrdersPerMinute: minute,
      maxOrderNotional,
      maxDailyNotional,
    } = limits.system;
    const group = this.#group(order.symbol);
    const found: Record<string, boolean> = {
      halted: this.halt === null,
      position: within(
        limits.position.maxFraction,
        this.#value((who, what) => who === order.strategy && what === order.symbol),
      ),
      stop: stop === null || stopAt <= stop * (1 + 1e-9),
      symbol: within(
        limits.symbol.maxExposure,
        this.#value((_who, what) => what === order.symbol),
      ),
      invested: within(
        limits.portfolio.maxInvested,
        this.#value(() => true),
      ),
      group:
        group.size === 1 ||
        within(
          limits.portfolio.correlation.maxGroupExposure,
          this.#value((_who, what) => group.has(what)),
        ),
      notional: maxOrderNotional === null || own <= maxOrderNotional,
      spent: maxDailyNotional === null || this.#spent() + own <= maxDailyNotional,
      minute: minute === null || this.#approvals(this.now - 59_999) < minute,
      day: day === null || this.#approvals(Math.floor(this.now / DAY) * DAY) < day,
    };
    return Object.keys(found).filter((name) => found[name] === false);
  }

  #approvals(since: number): number {
    return this.approvedAt.filter((time) => time >= since).length;
  }

  #spent(): number {
    const day = Math.floor(this.now / DAY) * DAY;
    return this.approvedValues.reduce(
      (sum, value, index) => sum + ((this.approvedAt[index] ?? 0) >= day ? value : 0),
      0,
    );
  }

  #value(counts: (who: string, what: string) => boolean): number {
    let sum = 0;
    for (const held of this.view.positions.values()) {
      if (counts(held.strategy, held.symbol)) {
        sum += held.quantity.toNumber() * this.#price(held.symbol);
      }
    }
    for (const { order, left } of this.open) {
      if (counts(order.strategy, order.symbol)) sum += left * order.referencePrice;
    }
    return sum;
  }

  #price(symbol: string): number {
    return this.closes[SYMBOLS.findIndex((name) => name === symbol)]?.at(-1) ?? Number.NaN;
  }

  /** Symbols joined to `origin`, by growing the set until nothing more joins. */
  #group(origin: string): ReadonlySet<string> {
    if (this.limits.portfolio.correlation.threshold === null) return new Set([origin]);
    const held = SYMBOLS.filter((symbol) => this.#value((_who, what) => what === symbol) > 0);
    const group = new Set<string>([origin]);
    for (let size = 0; size !== group.size;) {
      size = group.size;
      for (const symbol of held) {
        if ([...group].some((member) => this.#moveTogether(symbol, member))) group.add(symbol);
      }
    }
    return group;
  }

  /** Textbook r = (n Σxy − Σx Σy) / √((n Σx² − (Σx)²) (n Σy² − (Σy)²)); unknown is together. */
  #moveTogether(first: string, second: string): boolean {
    const returns = [first, second].map((symbol) => {
      const closes = this.closes[SYMBOLS.findIndex((name) => name === symbol)] ?? [];
      return closes.slice(1).map((close, index) => close / (closes[index] ?? 0) - 1);
    });
    const [x = [], y = []] = returns.map((all) => all.slice(-LOOKBACK));
    if (x.length < LOOKBACK) return true;
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const product = (a: readonly number[], b: readonly number[]) =>
      LOOKBACK * sum(a.map((value, index) => value * (b[index] ?? 0))) - sum(a) * sum(b);
    const isSteady = (values: readonly number[]) =>
      Math.max(...values) - Math.min(...values) < 1e-12;
    if (isSteady(x) || isSteady(y)) return true;
    const spread = product(x, x) * product(y, y);
    const { threshold } = this.limits.portfolio.correlation;
    return product(x, y) / Math.sqrt(spread) > (threshold ?? 2);
  }

  #approved(order: OrderRequest): undefined {
    this.#note('approved');
    if (order.role !== 'entry') return;
    const broken = this.violations(order);
    if (broken.length > 0) this.faults.push(`approved ${order.id}, which breaks ${broken.join()}`);
    this.open.push({ order, left: order.quantity.toNumber() });
    this.approvedAt.push(this.now);
    this.approvedValues.push(order.quantity.toNumber() * order.referencePrice);
  }

  #enter(plan: EntryPlan): void {
    this.now += plan.delayMs;
    const symbol = SYMBOLS[plan.symbol] ?? 'AAPL';
    const price = this.#price(symbol);
    this.#count++;
    this.#request(
      entry({
        id: orderId(this.#count),
        position: positionId(this.#count),
        strategy: strategy(STRATEGIES[plan.strategy] ?? 'alpha'),
        symbol,
        side: plan.buy ? 'buy' : 'sell',
        quantity: decimal((100_000 * plan.share) / price)
          .toStep(decimal('0.001'), 'down')
          .max(decimal('0.001')),
        referencePrice: price,
        protection: {
          stopLoss: plan.stop === null ? null : { kind: 'fraction', fraction: plan.stop },
          takeProfit: null,
        },
      }),
    );
  }

  #fill(which: number, share: number): void {
    const working = this.open[which % Math.max(1, this.open.length)];
    if (working === undefined) return;
    const { order } = working;
    const left = decimal(working.left);
    const part = decimal(working.left * share).toStep(decimal('0.001'), 'down');
    const quantity = part.isPositive ? part : left;
    const done = quantity.equals(left);
    working.left = left.minus(quantity).toNumber();
    if (done) this.open.splice(this.open.indexOf(working), 1);
    this.#book(order, quantity);
    this.#publishFill(order, quantity, done);
  }

  #publishFill(order: OrderRequest, quantity: Decimal, isDone: boolean): void {
    this.#filled({
      tradeId: tradeId(++this.#count),
      orderId: order.id,
      symbol: order.symbol,
      side: order.side,
      quantity,
      price: decimal(order.referencePrice),
      rawPrice: decimal(order.referencePrice),
      impact: Decimal.zero,
      fee: Decimal.zero,
      commission: null,
      isFeeProvisional: false,
      liquidity: 'taker',
      time: this.now,
      orderState: isDone ? 'filled' : 'partially_filled',
    });
  }

  #book(order: EntryOrder, quantity: Decimal): void {
    const held = this.view.positions.get(order.position);
    const side = order.side === 'buy' ? 'long' : 'short';
    this.cash -= (side === 'long' ? 1 : -1) * quantity.toNumber() * this.#price(order.symbol);
    this.view.hold(
      position({
        id: order.position,
        strategy: order.strategy,
        symbol: order.symbol,
        side,
        quantity: quantity.plus(held?.quantity ?? Decimal.zero),
      }),
    );
  }

  #cancel(which: number): void {
    const working = this.open[which % Math.max(1, this.open.length)];
    if (working === undefined) return;
    this.open.splice(this.open.indexOf(working), 1);
    this.#updated({ orderId: working.order.id, state: 'canceled', reason: 'test' });
  }

  /** Asks to leave a position, on purpose with too much of it when `wrong`. */
  #leave(which: number, share: number, wrong: boolean): void {
    const held = [...this.view.positions.values()][which % Math.max(1, this.view.positions.size)];
    if (held === undefined || this.view.positionOf(held.strategy, held.symbol) !== held) return;
    const part = decimal(held.quantity.toNumber() * share).toStep(decimal('0.001'), 'down');
    const quantity = part.isPositive ? part : held.quantity;
    const id = orderId(++this.#count);
    const before = this.tally.get('approved') ?? 0;
    const order = this.#exitOf(held, id, wrong ? held.quantity.plus(quantity) : quantity);
    this.#request(order);
    const passed = (this.tally.get('approved') ?? 0) > before;
    if (passed === wrong) this.faults.push(`exit ${id} was ${passed ? 'approved' : 'refused'}`);
    if (!passed) return;
    this.#reduce(held.id, held, quantity);
    this.#publishFill(order, quantity, true);
  }

  #exitOf(held: Position, id: OrderId, quantity: Decimal): OrderRequest {
    return exit({
      id,
      strategy: held.strategy,
      symbol: held.symbol,
      side: held.side === 'long' ? 'sell' : 'buy',
      position: held.id,
      group: exitGroupOf(held.id),
      quantity,
    });
  }

  #reduce(id: PositionId, held: Position, quantity: Decimal): void {
    const rest = held.quantity.minus(quantity);
    const direction = held.side === 'long' ? 1 : -1;
    this.cash += direction * quantity.toNumber() * this.#price(held.symbol);
    if (rest.isPositive) this.view.hold({ ...held, quantity: rest });
    else this.view.positions.delete(id);
  }

  #pass(count: number, moves: readonly Moves[]): void {
    for (let hour = 0; hour < count; hour++) {
      const { market, own } = moves[hour % moves.length] ?? { market: 0, own: [] };
      this.now = (Math.floor(this.now / HOUR) + 1) * HOUR;
      this.closes.forEach((closes, index) =>
        closes.push((closes.at(-1) ?? 100) * (1 + market + (own[index] ?? 0))),
      );
      this.#slice();
      this.#mark();
    }
  }

  #slice(): void {
    const closes = Object.fromEntries(SYMBOLS.map((symbol) => [symbol, this.#price(symbol)]));
    for (const symbol of SYMBOLS) this.view.prices.set(symbol, this.#price(symbol));
    this.#closed(slice(this.now, closes));
  }

  #mark(): void {
    const { view, now } = this;
    const held = [...view.positions.values()].map(({ quantity, side, symbol }) => {
      return (side === 'long' ? 1 : -1) * quantity.toNumber() * this.#price(symbol);
    });
    if (dayClosedBy(now) !== dayClosedBy(view.markedAt)) view.dayOpeningEquity = view.equity;
    view.equity = this.cash + held.reduce((sum, value) => sum + value, 0);
    view.peakEquity = Math.max(view.peakEquity, view.equity);
    view.markedAt = now;
    this.#judgeLosses();
    const { equity, peakEquity: peak } = view;
    this.#marked({ time: now, equity, cash: this.cash, exposure: 0, peak, drawdown: 0 });
  }

  #judgeLosses(): void {
    const day = dayClosedBy(this.view.markedAt);
    if (this.halt === 'day' && day > this.haltDay) this.halt = null;
    if (this.acceptedPeak !== null) {
      this.acceptedPeak = Math.max(this.acceptedPeak, this.view.equity);
    }
    if (this.#fellFromPeak()) this.halt = 'peak';
    else if (this.halt === null && this.#fellThisDay()) {
      this.halt = 'day';
      this.haltDay = day;
    }
  }

  #fellFromPeak(): boolean {
    const peak = this.acceptedPeak ?? this.view.peakEquity;
    const limit = this.limits.system.maxDrawdown;
    return limit !== null && peak - this.view.equity > limit * peak;
  }

  #fellThisDay(): boolean {
    const day = dayClosedBy(this.view.markedAt);
    const accepted = this.acceptedOpening?.day === day ? this.acceptedOpening.equity : null;
    const opening = accepted ?? this.view.dayOpeningEquity;
    const limit = this.limits.system.maxDailyLoss;
    return limit !== null && opening - this.view.equity > limit * opening;
  }

  #resume(): void {
    const { equity, markedAt } = this.view;
    if (this.halt !== null && this.#fellFromPeak()) this.acceptedPeak = equity;
    if (this.halt !== null && this.#fellThisDay()) {
      this.acceptedOpening = { day: dayClosedBy(markedAt), equity };
    }
    this.halt = null;
    this.#risk.resume('test');
  }

  #note(answer: string): void {
    this.tally.set(answer, (this.tally.get(answer) ?? 0) + 1);
  }
}

/** Number of the UTC day that an instant belongs to the end of: midnight closes a day. */
function dayClosedBy(time: number): number {
  return Math.ceil(time / DAY) - 1;
}
