import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { invariant } from '../../../src/core/assert.ts';
import type { Bar } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { Fill } from '../../../src/core/fill.ts';
import { isFinal, type ApprovedOrder, type OrderPricing } from '../../../src/core/order.ts';
import { commissionModel } from '../../../src/execution/commission.ts';
import type { SimulatedVenue } from '../../../src/execution/simulated-venue.ts';
import { slippageModel } from '../../../src/execution/slippage.ts';
import { hourBar, plainVenue } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

const SHARE = 0.025;
const SLIPPAGE = 0.001;
/** Ticks of 0.01, lots of 0.001, money in 1e-8: whole numbers, apart from the venue's decimals. */
const TICKS = 100;
const LOTS = 1000n;
const INITIAL_CASH = 20_000;

const barSpec = fc.record({
  open: fc.integer({ min: 9000, max: 11_000 }),
  up: fc.integer({ min: 0, max: 500 }),
  down: fc.integer({ min: 0, max: 500 }),
  volume: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 4000 })),
});
const orderSpec = fc.record({
  isExit: fc.boolean(),
  isLate: fc.boolean(),
  isIoc: fc.boolean(),
  withStop: fc.boolean(),
  type: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  lots: fc.integer({ min: 1, max: 120_000 }),
  ticks: fc.integer({ min: 8800, max: 11_200 }),
  pick: fc.nat(),
});
const script = fc.array(
  fc.record({ bar: barSpec, orders: fc.array(orderSpec, { maxLength: 3 }), cancel: fc.nat() }),
  { minLength: 5, maxLength: 40 },
);
type OrderSpec = typeof orderSpec extends fc.Arbitrary<infer T> ? T : never;

interface Holding {
  readonly side: 'buy' | 'sell';
  lots: bigint;
}

/** Books of its own, in whole numbers, that every report is checked against. */
class Auditor {
  readonly orders = new Map<string, ApprovedOrder>();
  readonly holdings = new Map<string, Holding>();
  readonly #filled = new Map<string, bigint>();
  readonly #final = new Set<string>();
  readonly #venue: SimulatedVenue;
  #cash = BigInt(INITIAL_CASH) * 10n ** 8n;
  #bar: Bar | null = null;
  #barLots = 0n;
  fills = 0;

  constructor(venue: SimulatedVenue) {
    this.#venue = venue;
    venue.connect({
      charged: () => undefined,
      updated: ({ orderId, state }) => {
        invariant(!this.#final.has(orderId), 'a final order changes no more');
        if (isFinal(state)) this.#final.add(orderId);
      },
      filled: (fill) => this.#audit(fill),
    });
  }

  submit(order: ApprovedOrder): void {
    this.orders.set(order.id, order);
    this.#venue.submit(order);
  }

  observe(bar: Bar): void {
    this.#bar = bar;
    this.#barLots = 0n;
    this.#venue.observe(bar);
  }

  #audit(fill: Fill): void {
    this.fills++;
    const order = this.orders.get(fill.orderId);
    const bar = this.#bar;
    if (order === undefined || bar === null) throw new Error('a fill without order or bar');
    invariant(!this.#final.has(order.id), 'a final order fills no more');
    const lots = scaled(fill.quantity, 3);
    const ticks = scaled(fill.price, 2);
    this.#auditPrice(fill, order, bar);
    const filled = (this.#filled.get(order.id) ?? 0n) + lots;
    this.#filled.set(order.id, filled);
    invariant(filled <= scaled(order.quantity, 3), 'fills stay within the quantity');
    if (fill.orderState === 'filled') this.#final.add(order.id);
    this.#barLots += lots;
    // 0.025 = 1 / 40 of a whole volume, in thousandths.
    invariant(this.#barLots <= (BigInt(bar.volume) * LOTS) / 40n, 'volume has room');
    const flow = lots * ticks * 1000n;
    this.#cash += (fill.side === 'buy' ? -flow : flow) - scaled(fill.fee, 8);
    invariant(scaled(this.#venue.cash, 8) === this.#cash, 'cash agrees');
    const buysIn = order.role === 'entry' && order.side === 'buy';
    invariant(!buysIn || this.#cash >= 0n, 'an entry never spends more than cash');
    this.#auditHolding(order, lots);
  }

  #auditPrice(fill: Fill, order: ApprovedOrder, bar: Bar): void {
    const raw = fill.rawPrice.toNumber();
    const price = fill.price.toNumber();
    invariant(raw >= bar.low && raw <= bar.high, 'the raw price lies in the bar');
    const worse = fill.side === 'buy' ? price - raw : raw - price;
    invariant(worse >= 0, 'slippage never helps');
    const allowed = order.type === 'limit' ? 0 : raw * SLIPPAGE + 1 / TICKS + 1e-9;
    invariant(worse <= allowed, 'slippage stays within the model and a tick');
    if (order.type !== 'limit') return;
    const past = fill.side === 'buy' ? fill.price : fill.price.negated();
    const limit = fill.side === 'buy' ? order.limitPrice : order.limitPrice.negated();
    invariant(!past.greaterThan(limit), 'a limit is never passed');
  }

  #auditHolding(order: ApprovedOrder, lots: bigint): void {
    const holding = this.holdings.get(order.position) ?? { side: order.side, lots: 0n };
    this.holdings.set(order.position, holding);
    holding.lots += order.role === 'entry' ? lots : -lots;
    invariant(holding.lots >= 0n, 'exits never pass zero');
  }
}

/** The value in units of 10^−places; throws where it is no whole number of them. */
function scaled(value: Decimal, places: number): bigint {
  const [whole = '0', fraction = ''] = value.toString().split('.');
  if (fraction.length > places) throw new Error(`${value.toString()} is off its step`);
  return BigInt(whole + fraction.padEnd(places, '0'));
}

function pricingOf({ type, ticks }: OrderSpec): OrderPricing {
  const price = Decimal.parse(`${ticks}e-2`);
  if (type === 'market') return { type };
  return type === 'limit' ? { type, limitPrice: price } : { type, stopPrice: price };
}

function orderOf(spec: OrderSpec, count: number, auditor: Auditor): ApprovedOrder | null {
  const held = [...auditor.holdings].filter(([, { lots }]) => lots > 0n);
  const [position, holding] = held[spec.pick % Math.max(1, held.length)] ?? [];
  const base = {
    count,
    quantity: Decimal.parse(`${spec.lots}e-3`).toString(),
    pricing: pricingOf(spec),
    timeInForce: spec.isIoc ? ('ioc' as const) : ('gtc' as const),
  };
  if (!spec.isExit) {
    return approvedOrder({
      ...base,
      role: 'entry',
      side: spec.side,
      position: count,
      withStop: spec.withStop,
    });
  }
  if (position === undefined || holding === undefined) return null;
  return approvedOrder({
    ...base,
    role: spec.type === 'stop' ? 'stop-loss' : 'exit',
    side: holding.side === 'buy' ? 'sell' : 'buy',
    position: Number(position.slice(1)),
  });
}

it.each(['next_open', 'close'] as const)(
  'keeps every fill within bar, limit, quantity, volume, holding and cash (%s)',
  (fillAt) => {
    let fills = 0;
    const property = fc.property(script, (steps) => {
      const venue = plainVenue({
        instrument: { tickSize: Decimal.parse('0.01'), lotStep: Decimal.parse('0.001') },
        slippage: slippageModel({ model: 'fixed_bps', bps: SLIPPAGE * 10_000 }),
        commission: commissionModel(
          {
            crypto: { maker: 0.004, taker: 0.006 },
            stock: { maker: 0, taker: 0 },
            venues: {},
            venueFees: 'collected',
          },
          'coinbase',
        ),
        fillAt,
        maxVolumeShare: SHARE,
        initialCash: Decimal.fromNumber(INITIAL_CASH),
      });
      const auditor = new Auditor(venue);
      let count = 0;
      const send = (spec: OrderSpec) => {
        const order = orderOf(spec, ++count, auditor);
        if (order !== null) auditor.submit(order);
      };
      steps.forEach(({ bar, orders, cancel }, index) => {
        const { open, up, down, volume } = bar;
        const prices = [open, open + up, open - down, open + up - Math.min(up, down)];
        auditor.observe(hourBar(index, [...prices.map((ticks) => ticks / TICKS), volume]));
        orders.filter(({ isLate }) => isLate).forEach(send);
        venue.settle();
        orders.filter(({ isLate }) => !isLate).forEach(send);
        const victim = [...auditor.orders.keys()][cancel % 20];
        const order = victim === undefined ? undefined : auditor.orders.get(victim);
        if (order !== undefined) venue.cancel(order.id, 'drawn by lot');
      });
      fills += auditor.fills;
    });
    fc.assert(property, { seed: 42, numRuns: 400 });
    expect(fills, 'the property saw plenty of fills').toBeGreaterThan(2000);
  },
);
