import type { Bar } from '../../../src/core/bar.ts';
import { invariant } from '../../../src/core/assert.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { fromExactJson, toExactJson } from '../../../src/core/exact-json.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { ApprovedOrder, OrderRole } from '../../../src/core/order.ts';
import { slippageModel } from '../../../src/execution/slippage.ts';
import type { SimulatedVenue } from '../../../src/execution/simulated-venue.ts';
import type { VenueSnapshot } from '../../../src/execution/venue-snapshot.ts';
import { plainVenue } from './bar-script.ts';
import { approvedOrder, type OrderSpec } from './orders.ts';
import {
  LOTS,
  pricingAt,
  TICKS,
  type BarSketch,
  type OrderScript,
  type OrderSketch,
} from './order-script.ts';
import { ScriptAuditor, SHARE, SLIPPAGE } from './script-auditor.ts';

/** Six to a day. */
const BAR_HOURS = 4;
const FIRST_TICKS = 10_000;

/** An entry, and what is to protect the position it makes. */
interface Planned {
  readonly sketch: OrderSketch;
  readonly order: ApprovedOrder;
}

/**
 * Plays a script as an engine would: bars reach the venue, fills are answered with protective
 * orders before the bar is settled, decisions follow. Everything is watched by an auditor.
 */
export function playScript(script: OrderScript, how: Partial<Playing> = {}): ScriptAuditor {
  const auditor = new ScriptAuditor(script.options);
  play(script, auditor, how);
  return auditor;
}

interface Playing {
  /** After how many steps the venue is stopped, and another one goes on from its snapshot. */
  readonly restartAfter: number | null;
  /** It is stopped in the midst of a step: after the bar, before its fills are answered. */
  readonly isMidStep: boolean;
  /** Told of each bar before the venue sees it; fills until then are answered on demand. */
  readonly onBar: (bar: Bar, player: Pick<ScriptPlayer, 'answer' | 'restart'>) => void;
}

export function play(script: OrderScript, auditor: Auditor, how: Partial<Playing> = {}): void {
  const player = new ScriptPlayer(script, auditor, how.onBar ?? (() => undefined));
  for (const [at, step] of script.steps.entries()) {
    const isLast = at + 1 === how.restartAfter;
    player.step(step, isLast && how.isMidStep === true);
    if (isLast && how.isMidStep !== true) player.restart();
  }
  player.end();
}

/** Stands between a player and a venue, and listens to the latter. */
export interface Auditor extends Pick<ScriptAuditor, 'fills' | 'connect' | 'held' | 'lotsOf'> {
  submit(order: ApprovedOrder): void;
  observe(bar: Bar): void;
  settle(): void;
  cancel(pick: number): void;
  closeSession(): void;
}

class ScriptPlayer {
  readonly #auditor: Auditor;
  readonly #options: OrderScript['options'];
  readonly #onBar: Playing['onBar'];
  #venue: SimulatedVenue;
  readonly #plans = new Map<string, Planned>();
  readonly #protection = new Map<string, ApprovedOrder[]>();
  #orders = 0;
  #hour = 0;
  #last = FIRST_TICKS;
  #answered = 0;

  constructor({ options }: OrderScript, auditor: Auditor, onBar: Playing['onBar']) {
    this.#auditor = auditor;
    this.#options = options;
    this.#onBar = onBar;
    this.#venue = this.#open(undefined);
  }

  /** Everything the venue knows goes through text, as it does from one process to another. */
  restart(): void {
    const text = toExactJson(this.#venue.snapshot());
    this.#venue = this.#open(fromExactJson(text) as VenueSnapshot);
    invariant(toExactJson(this.#venue.snapshot()) === text, 'a venue goes on from where one was');
  }

  #open(restored: VenueSnapshot | undefined): SimulatedVenue {
    const venue = plainVenue({
      ...this.#options,
      restored,
      instrument: { tickSize: Decimal.parse('0.01'), lotStep: Decimal.parse('0.001') },
      slippage: slippageModel({ model: 'fixed_bps', bps: SLIPPAGE * 10_000 }),
      maxVolumeShare: SHARE,
      initialCash: Decimal.parse('20000'),
    });
    this.#auditor.connect(venue);
    return venue;
  }

  step({ bar, orders, cancel }: OrderScript['steps'][number], restartsWithin: boolean): void {
    const next = this.#barOf(bar);
    this.#onBar(next, this);
    this.#auditor.observe(next);
    if (restartsWithin) this.restart();
    this.answer();
    this.#venue.settle();
    this.#auditor.settle();
    for (const sketch of orders) {
      this.#order(sketch);
      this.answer();
    }
    if (cancel !== null) this.#auditor.cancel(cancel);
  }

  /** Everything is cancelled, and what is held is closed at the last close. */
  end(): void {
    this.#venue.closeSession();
    this.#auditor.closeSession();
    this.#venue.cancelAll('the end');
    for (const [position, { side, lots }] of this.#auditor.held()) {
      this.#send({ role: 'exit', side: side === 'buy' ? 'sell' : 'buy', lots, position });
    }
  }

  #barOf({ gap, up, down, closeAt, volume, skipped }: BarSketch): Bar {
    this.#hour += skipped * BAR_HOURS;
    const openTime = this.#hour * HOUR_MS;
    this.#hour += BAR_HOURS;
    const open = Math.max(2000, this.#last + gap);
    const [high, low] = [open + up, open - down];
    this.#last = Math.round(low + (high - low) * closeAt);
    const [o = 0, h = 0, l = 0, c = 0] = [open, high, low, this.#last].map((each) => each / TICKS);
    return {
      symbol: 'BTC/USD',
      timeframe: '4h',
      openTime,
      closeTime: openTime + BAR_HOURS * HOUR_MS,
      open: o,
      high: h,
      low: l,
      close: c,
      volume,
      flags: 0,
    };
  }

  #order(sketch: OrderSketch): void {
    if (!sketch.isExit) {
      const order = this.#send({ role: 'entry', side: sketch.side, lots: sketch.lots, sketch });
      this.#plans.set(order.id, { sketch, order });
      return;
    }
    const held = [...this.#auditor.held()];
    const [position, holding] = held[sketch.pick % Math.max(1, held.length)] ?? [];
    if (position === undefined || holding === undefined) return;
    const side = holding.side === 'buy' ? 'sell' : 'buy';
    this.#send({ role: 'exit', side, lots: sketch.lots, position, sketch });
  }

  /** Protects what entries filled since the last time; earlier protection is replaced. */
  answer(): void {
    for (; this.#answered < this.#auditor.fills.length; this.#answered++) {
      const fill = this.#auditor.fills[this.#answered];
      const plan = fill === undefined ? undefined : this.#plans.get(fill.orderId);
      if (fill !== undefined && plan !== undefined) this.#protect(plan, fill.price.toNumber());
    }
  }

  #protect({ sketch, order }: Planned, entryPrice: number): void {
    const { position } = order;
    for (const earlier of this.#protection.get(position) ?? []) {
      this.#venue.cancel(earlier.id, 'replaced');
    }
    const sent: ApprovedOrder[] = [];
    this.#protection.set(position, sent);
    const ticks = Math.round(entryPrice * TICKS);
    const sign = order.side === 'buy' ? 1 : -1;
    const side = order.side === 'buy' ? 'sell' : 'buy';
    const protect = (role: OrderRole, type: OrderSketch['type'], away: number) => {
      const lots = this.#auditor.lotsOf(position);
      if (lots === 0) return;
      const own: OrderSketch = { ...sketch, type, timeInForce: 'gtc', stop: away, limit: away };
      sent.push(this.#send({ role, side, lots, position, sketch: own, from: ticks }));
    };
    if (sketch.stopLoss !== null) protect('stop-loss', sketch.stopLoss, -sign * sketch.trail);
    if (sketch.takeProfit) protect('take-profit', 'limit', sign * sketch.trail);
  }

  #send(wish: {
    readonly role: OrderRole;
    readonly side: 'buy' | 'sell';
    readonly lots: number;
    readonly position?: string;
    readonly sketch?: OrderSketch;
    readonly from?: number;
  }): ApprovedOrder {
    const { role, side, position, sketch } = wish;
    const count = ++this.#orders;
    const order = approvedOrder({
      count,
      role,
      side,
      quantity: (wish.lots / LOTS).toFixed(3),
      position: position === undefined ? count : Number(position.slice(1)),
      ...(sketch === undefined
        ? { pricing: { type: 'market' } }
        : this.#terms(sketch, wish.from ?? this.#last)),
    });
    this.#auditor.submit(order);
    return order;
  }

  #terms(sketch: OrderSketch, last: number): Pick<OrderSpec, 'pricing'> & Partial<OrderSpec> {
    const { timeInForce, endsIn, group, stopLoss, takeProfit } = sketch;
    return {
      pricing: pricingAt(sketch, last),
      timeInForce,
      expiresAt: timeInForce === 'gtd' ? (this.#hour + endsIn / 4) * HOUR_MS : null,
      group,
      withStop: stopLoss !== null,
      withTarget: takeProfit,
    };
  }
}
