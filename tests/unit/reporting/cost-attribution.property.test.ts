import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { exitGroupOf, orderId, positionId, tradeId } from '../../../src/core/ids.ts';
import { Ledger } from '../../../src/portfolio/ledger.ts';
import { attributeCosts, inDoubles } from '../../../src/reporting/cost-attribution.ts';
import { RoundTrips } from '../../../src/reporting/round-trips.ts';
import { book } from '../../support/orders.ts';
import {
  approved,
  decimal,
  entryOrder,
  exitOrder,
  fill,
  roundTrip,
  ScriptedRun,
} from './scripted-run.ts';

const cents = (min: number, max: number) =>
  fc.integer({ min, max }).map((units) => decimal(`${units}e-2`));
const fillDrawn = fc.record({
  raw: cents(5000, 15_000),
  worse: cents(0, 300),
  fee: fc.integer({ min: -1000, max: 100_000 }).map((units) => decimal(`${units}e-8`)),
  lots: fc.integer({ min: 1, max: 5000 }),
  impactShare: fc.integer({ min: 0, max: 100 }),
});
const tradeDrawn = fc.record({
  isShort: fc.boolean(),
  entries: fc.array(fillDrawn, { minLength: 1, maxLength: 4 }),
  exits: fc.array(fillDrawn, { minLength: 1, maxLength: 4 }),
});
type FillDrawn = typeof fillDrawn extends fc.Arbitrary<infer T> ? T : never;
type TradeDrawn = typeof tradeDrawn extends fc.Arbitrary<infer T> ? T : never;

/** A ledger and the round trips it leads to, fed trade by trade; with books of raw prices beside. */
class Account {
  readonly run = new ScriptedRun();
  readonly trips = new RoundTrips();
  readonly ledger = new Ledger(decimal('100000'));
  /** What the fills would have made at the prices they met. */
  gross = Decimal.zero;
  #orders = 0;
  #trades = 0;

  constructor() {
    this.trips.subscribe(this.run.bus);
  }

  trade({ isShort, entries, exits }: TradeDrawn): void {
    const position = positionId(++this.#trades);
    const group = exitGroupOf(position);
    const [into, out] = isShort ? (['sell', 'buy'] as const) : (['buy', 'sell'] as const);
    let held = 0;
    for (const drawn of entries) {
      const order = entryOrder(++this.#orders, { position, side: into });
      held += drawn.lots;
      this.#book(order, drawn, drawn.lots);
    }
    exits.forEach((drawn, index) => {
      const lots = index === exits.length - 1 ? held : Math.min(drawn.lots, held - 1);
      if (lots === 0) return;
      held -= lots;
      this.#book(exitOrder(++this.#orders, { position, group, side: out }), drawn, lots);
    });
  }

  #book(order: Parameters<typeof book>[2], drawn: FillDrawn, lots: number): void {
    const { raw, worse, fee, impactShare } = drawn;
    const { side } = order;
    const quantity = decimal(`${lots}e-3`);
    const price = side === 'buy' ? raw.plus(worse) : raw.minus(worse);
    const slippage = worse.times(quantity);
    const made = fill(this.#orders, {
      tradeId: tradeId(this.#orders),
      orderId: orderId(this.#orders),
      side,
      quantity,
      price,
      rawPrice: raw,
      impact: slippage.times(decimal(`${impactShare}e-2`)),
      fee,
    });
    this.run.order(approved(order));
    this.run.publish('order.filled', made);
    this.run.publish('position.updated', book(this.ledger, made, order));
    const value = raw.times(quantity);
    this.gross = side === 'buy' ? this.gross.minus(value) : this.gross.plus(value);
  }
}

describe('the attribution of costs', () => {
  it('is exact for every trade and in total, which is what cash gained', () => {
    let trades = 0;
    const property = fc.property(fc.array(tradeDrawn, { maxLength: 8 }), (drawn) => {
      const account = new Account();
      for (const each of drawn) account.trade(each);
      const { rows } = account.trips;
      expect(rows).toHaveLength(drawn.length);
      for (const row of rows) {
        const { grossPnl, slippage, spreadCost, impactCost, fees, financing, netPnl } = row;
        expect(grossPnl.minus(slippage).minus(fees).minus(financing)).toEqual(netPnl);
        expect(spreadCost.plus(impactCost)).toEqual(slippage);
        expect(spreadCost.isNegative || impactCost.isNegative).toBe(false);
      }
      const { gross, spread, impact, fees, financing, net } = attributeCosts(rows);
      expect(gross.minus(spread).minus(impact).minus(fees).minus(financing)).toEqual(net);
      expect(gross).toEqual(account.gross);
      expect(net).toEqual(account.ledger.cash.minus(account.ledger.initialCash));
      expect(fees).toEqual(account.ledger.fees);
      trades += rows.length;
    });
    fc.assert(property, { seed: 42, numRuns: 500 });
    expect(trades).toBeGreaterThan(1000);
  });

  it('of nothing is nothing', () => {
    const nothing = { gross: 0, spread: 0, impact: 0, fees: 0, financing: 0, net: 0 };
    expect(inDoubles(attributeCosts([]))).toEqual(nothing);
  });

  it('counts borrow fees', () => {
    const trade = roundTrip({ grossPnl: '10', slippage: '1', fees: '2', financing: '3' });
    const { financing, net } = inDoubles(attributeCosts([trade, trade]));
    expect([financing, net]).toEqual([6, 8]);
  });
});
