import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import type { EquityMark } from '../../../src/core/equity.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import type { SimulatedVenue } from '../../../src/execution/simulated-venue.ts';
import type { Ledger } from '../../../src/portfolio/ledger.ts';
import { builtinStrategies } from '../../../src/strategies/strategy-registry.ts';
import { wireRun, type RunSketch } from '../../support/engine-run.ts';
import { FillBooks, fine, unitsOf } from '../../support/fill-books.ts';
import {
  MARKETS,
  openMarket,
  OPENING_MS,
  type MarketDatabase,
} from '../../support/market-database.ts';

/** Off, so that trading goes on to the last bar of a year that loses. */
const ALL_YEAR = ['risk_limits.system.max_drawdown=null'];

/** As much as cash pays for in one position, so that fees and gaps press on cash. */
const ALL_CASH = [
  ...ALL_YEAR,
  'risk_limits.system.max_daily_loss=null',
  'risk_limits.position.max_fraction=1',
  'risk_limits.symbol.max_exposure=1',
  'risk_limits.portfolio.max_invested=1',
  'risk_limits.portfolio.correlation.threshold=null',
  'position_sizing.method=fixed_fraction',
  'position_sizing.fraction=1',
];

const VARIANTS = [
  { name: 'with the limits as shipped', settings: [], allowShort: false },
  { name: 'all year', settings: ALL_YEAR, allowShort: false },
  { name: 'all year, long and short', settings: ALL_YEAR, allowShort: true },
  { name: 'with all cash in one position', settings: ALL_CASH, allowShort: false },
];

/** Follows a run from its events and holds the ledger against books of its own. */
class Auditor {
  readonly #ledger: Ledger;
  readonly #venue: Pick<SimulatedVenue, 'cash'>;
  readonly #books: FillBooks;
  readonly #marks = new Map<string, Decimal>();
  readonly #markUnits = new Map<string, bigint>();
  /** Assertions made, for the test to see that there were as many as events. */
  checks = 0;
  fills = 0;
  charges = 0;
  leastCash: Decimal;

  constructor(ledger: Ledger, venue: Pick<SimulatedVenue, 'cash'>) {
    this.#ledger = ledger;
    this.#venue = venue;
    this.#books = new FillBooks(ledger.initialCash);
    this.leastCash = ledger.cash;
  }

  /** Sees an event before its listeners: checks what all earlier ones left, then follows. */
  readonly follow = (event: AnyEvent): undefined => {
    this.check();
    if (event.causedBy === null) this.#checkVenue();
    if (event.type === 'order.requested') this.#books.requested(event.payload);
    else if (event.type === 'order.filled') {
      this.#books.filled(event.payload);
      this.fills++;
    } else if (event.type === 'financing.charged') {
      this.#books.charged(event.payload);
      this.charges++;
    } else if (event.type === 'slice.closed') {
      for (const { symbol, close } of event.payload.bars) this.#mark(symbol, close);
    } else if (event.type === 'equity.marked') this.#checkMark(event.payload);
  };

  /** The identity, three ways, and what must never be negative. Throws on the first breach. */
  check(): void {
    this.checks++;
    const ledger = this.#ledger;
    const { initialCash, realised, fees, financing, cash } = ledger;
    const held = ledger.equity(this.#markOf);
    const profit = realised.plus(ledger.unrealised(this.#markOf));
    const owed = initialCash.plus(profit).minus(fees).minus(financing);
    if (!held.equals(owed)) fail('cash + Σ q × mark', held, owed);
    const own = this.#books.equity(this.#markUnits);
    if (fine(unitsOf(held)) !== own) fail('equity in 1e-36', fine(unitsOf(held)), own);
    if (fine(unitsOf(cash)) !== this.#books.cash) fail('cash', cash, this.#books.cash);
    if (unitsOf(fees) !== this.#books.fees) fail('fees', fees, this.#books.fees);
    if (unitsOf(financing) !== this.#books.financing) fail('financing', financing, this.#books);
    if (cash.isNegative) fail('cash ≥ 0', cash, 0);
    this.leastCash = this.leastCash.min(cash);
    this.#checkQuantities();
  }

  /** What came of all earlier input is booked on both sides. */
  #checkVenue(): void {
    const { cash } = this.#ledger;
    if (!cash.equals(this.#venue.cash)) fail('cash of the venue', cash, this.#venue.cash);
  }

  #checkQuantities(): void {
    const own = this.#books.quantities;
    let positions = 0;
    for (const { id, side, quantity } of this.#ledger.openPositions()) {
      positions++;
      if (!quantity.isPositive) fail(`quantity of ${id} > 0`, quantity, 0);
      const signed = side === 'long' ? unitsOf(quantity) : -unitsOf(quantity);
      if (own.get(id) !== signed) fail(`quantity of ${id}`, signed, own.get(id));
    }
    if (positions !== own.size) fail('open positions', positions, own.size);
  }

  /** Doubles, for statistics: they must say what the exact numbers say. */
  #checkMark({ equity, cash }: EquityMark): void {
    const exact = Number(this.#books.equity(this.#markUnits)) / 1e36;
    if (!(Math.abs(equity / exact - 1) <= 1e-9)) fail('marked equity', equity, exact);
    if (cash !== this.#ledger.cash.toNumber()) fail('marked cash', cash, this.#ledger.cash);
  }

  #mark(symbol: string, close: number): void {
    const mark = Decimal.fromNumber(close);
    this.#marks.set(symbol, mark);
    this.#markUnits.set(symbol, unitsOf(mark));
  }

  readonly #markOf = (symbol: string): Decimal => {
    const mark = this.#marks.get(symbol);
    if (mark === undefined) throw new Error(`${symbol} is held but has no mark`);
    return mark;
  };
}

function fail(what: string, actual: unknown, expected: unknown): never {
  throw new Error(`${what}: ${String(expected)} was expected, was ${String(actual)}`);
}

async function audit(database: MarketDatabase, sketch: RunSketch) {
  const { engine, parts } = wireRun(database.store, sketch);
  const auditor = new Auditor(engine.portfolio.ledger, parts.venue);
  engine.bus.tap(auditor.follow);
  await engine.run(new AbortController().signal);
  parts.venue.closeSession();
  engine.portfolio.closeOut('end of data');
  auditor.check();
  return { auditor, engine };
}

for (const market of MARKETS) {
  describe.skipIf(!market.isThere)(`the accounting identity ${market.title}`, () => {
    let database: MarketDatabase;

    beforeAll(async () => {
      database = await openMarket(market);
    }, OPENING_MS);

    afterAll(() => database.close());

    const runs = builtinStrategies.flatMap((definition) =>
      VARIANTS.map((variant) => ({
        definition,
        ...variant,
        title: `${definition.id} ${variant.name}`,
      })),
    );

    it.each(runs)('holds exactly after every event: $title', async (run) => {
      const { auditor, engine } = await audit(database, { ...run, range: market.range });
      // Hourly bars of two symbols: an arrival and a close each, a slice and a mark an hour.
      const hours = 365 * 24;
      expect(auditor.checks).toBe(engine.bus.seq + 1);
      expect(auditor.checks).toBeGreaterThan(6 * hours);
      expect(auditor.fills).toBeGreaterThan(40);
      expect(auditor.charges > 0).toBe(run.allowShort);
      expect([...engine.portfolio.ledger.openPositions()]).toEqual([]);
      if (run.settings !== ALL_CASH) return;
      const { initialCash } = engine.portfolio.ledger;
      expect(auditor.leastCash.toNumber() / initialCash.toNumber()).toBeLessThan(0.01);
    });
  });
}
