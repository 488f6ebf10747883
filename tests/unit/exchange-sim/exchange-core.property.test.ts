import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExchangeAuditor } from '../../support/exchange-sim/exchange-auditor.ts';
import type { ExchangeCore } from '../../support/exchange-sim/exchange-core.ts';
import type {
  FeeTaking,
  Lifetime,
  OrderKind,
  SimOrder,
} from '../../support/exchange-sim/exchange-types.ts';
import { makeExchange, type VenueId } from '../../support/exchange-sim/make-exchange.ts';
import { isOpen } from '../../support/exchange-sim/order-store.ts';
import { floorTo, plain, units } from '../../support/exchange-sim/units.ts';

const PAIR = 'BTC/USD';
/** Enough for some of what is tried, too little for the rest. */
const BALANCES = { USD: '300000', BTC: '3', BNB: '0.01', KFEE: '50' };

interface Act {
  readonly what: 'place' | 'cancel' | 'move' | 'fill' | 'edit' | 'fees' | 'liquidity' | 'later';
  readonly kind: OrderKind;
  readonly lifetime: Lifetime;
  readonly isBuy: boolean;
  /** From 0 to 99: quantity, price, which order, whatever is needed. */
  readonly one: number;
  readonly other: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom(
    'place',
    'place',
    'place',
    'cancel',
    'move',
    'move',
    'fill',
    'edit',
    'fees',
    'liquidity',
    'later',
  ),
  kind: fc.constantFrom('market', 'limit', 'stop', 'stop_limit', 'trailing'),
  lifetime: fc.constantFrom('gtc', 'ioc', 'fok', 'day', 'gtd'),
  isBuy: fc.boolean(),
  one: fc.integer({ min: 0, max: 99 }),
  other: fc.integer({ min: 0, max: 99 }),
});

/** A price up to five hundredths away from the market, on a tick. */
function priceNear(core: ExchangeCore, n: number): bigint {
  const { last, tick } = core.market(PAIR);
  return floorTo((last * BigInt(9_500 + 10 * n)) / 10_000n, tick);
}

interface Stage {
  readonly core: ExchangeCore;
  readonly clock: { time: number };
}

const PLAY: Readonly<Record<Act['what'], (stage: Stage, act: Act) => void>> = {
  place: ({ core, clock }, { kind, lifetime, isBuy, one, other }) => {
    const near = priceNear(core, other);
    core.desk.place({
      clientId: `qs${core.store.orders().length}`,
      symbol: PAIR,
      side: isBuy ? 'buy' : 'sell',
      kind,
      quantity: units('0.01') * BigInt(one + 1),
      limit: kind.endsWith('limit') ? near : null,
      stop: kind.startsWith('stop') ? near : null,
      trail: kind === 'trailing' ? units('100') * BigInt(other + 1) : null,
      lifetime,
      expiresAt: lifetime === 'gtd' ? clock.time + 60_000 * other : null,
    });
  },
  cancel: ({ core }, { one, other }) => {
    core.desk.cancelDelayMs = other < 30 ? 5_000 : 0;
    core.desk.cancel(chosen(core, one)?.id ?? '');
  },
  move: ({ core }, { one }) => core.moveTo(PAIR, plain(priceNear(core, one))),
  fill: ({ core }, { one, other }) => {
    const order = chosen(core, one);
    if (order === undefined || !isOpen(order)) return;
    core.desk.fill(order, units('0.01') * BigInt(other + 1), priceNear(core, other), true);
  },
  edit: ({ core }, { isBuy, other }) => {
    core.external.adjust(isBuy ? 'USD' : 'BTC', String(other - 80));
  },
  fees: ({ core }, { one }) => {
    core.desk.feeTaking = FEES[one % FEES.length] ?? 'quote';
  },
  liquidity: ({ core }, { one }) => {
    core.desk.liquidity = (_, wanted) => (wanted * BigInt(one)) / 99n;
  },
  later: ({ core, clock }, { one }) => {
    clock.time += 1_000 * one * one;
    core.desk.settle();
  },
};

const FEES: readonly FeeTaking[] = ['quote', 'base', 'received', 'third'];

function chosen(core: ExchangeCore, n: number): SimOrder | undefined {
  const orders = core.store.orders();
  return orders[Math.floor((n / 100) * orders.length)];
}

function play(core: ExchangeCore, clock: { time: number }, act: Act): void {
  PLAY[act.what]({ core, clock }, act);
}

describe('the books of the fake exchange', () => {
  it.each<VenueId>(['binance', 'kraken', 'coinbase'])(
    'agree with its orders and trades after whatever happens at %s',
    (venue) => {
      let trades = 0;
      fc.assert(
        fc.property(fc.array(act, { minLength: 20, maxLength: 80 }), (acts) => {
          const clock = { time: 1_772_445_600_000 };
          const { core } = makeExchange(venue, {
            clock: { now: () => clock.time },
            balances: BALANCES,
          });
          const auditor = new ExchangeAuditor(core);
          for (const each of acts) {
            play(core, clock, each);
            expect({ after: each, faults: auditor.faults() }).toEqual({ after: each, faults: [] });
          }
          trades += core.trades().length;
        }),
        { numRuns: 150 },
      );
      expect(trades).toBeGreaterThan(500);
    },
  );

  it('show every past state as it was', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 5, maxLength: 40 }), (acts) => {
        const clock = { time: 1_772_445_600_000 };
        const { core } = makeExchange('kraken', { clock: { now: () => clock.time } });
        const seen: { readonly step: number; readonly state: unknown }[] = [];
        for (const each of acts) {
          play(core, clock, each);
          seen.push({ step: core.desk.step, state: stateAt(core, null) });
        }
        for (const { step, state } of seen) expect(stateAt(core, step)).toEqual(state);
      }),
      { numRuns: 50 },
    );
  });
});

function stateAt(core: ExchangeCore, step: number | null): unknown {
  return {
    orders: core.store.orders(step),
    trades: core.store.trades(step),
    holdings: [...core.accounts.holdings(step)],
  };
}
