import type { Bar } from '../../core/bar.ts';
import type { Decimal } from '../../core/decimal.ts';
import { exitGroupOf, rootOf, type OrderId } from '../../core/ids.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { ApprovedOrder } from '../../core/order.ts';
import { SimulatedVenue } from '../../execution/simulated-venue.ts';
import type { VenueSnapshot } from '../../execution/venue-snapshot.ts';
import type { AccountReports } from '../../ports/venue.ts';
import { simulatedVenueOptions } from '../engine-terms.ts';
import type { SessionTerms } from '../replay/session-terms.ts';
import type { SessionState } from '../trading/session-state.ts';

/** What a backtest's venue is made of in the midst of a run. */
export interface TrialStart {
  readonly terms: SessionTerms;
  /** Of the run; its venue is null where that was an exchange. */
  readonly state: SessionState;
  /** Last bar known of each symbol. */
  readonly lastBars: ReadonlyMap<SymbolName, Bar>;
  /** Orders that are not to fill: what the backtest did with them is known already. */
  readonly without: ReadonlySet<OrderId>;
}

/** Reports of orders that were placed long ago are no news. */
const UNHEARD: AccountReports = {
  updated: () => undefined,
  filled: () => undefined,
  charged: () => undefined,
  feeCorrected: () => undefined,
  accountChecked: () => undefined,
};

/** Beyond every number that trades of the run itself may have. */
const TRADES_FROM = 1_000_000;
/** Far enough after the last bars that nothing is of them any more. */
const INSTANT = 10;

/**
 * A simulated venue that holds what the run's own held, open orders included. A simulated one is
 * restored as it was. For an exchange one is made of the engine's positions and orders; a trailing
 * stop begins anew at the price it was ordered with, for where it stood nobody wrote down.
 */
export function trialVenue(start: TrialStart): SimulatedVenue {
  const { terms, state, without } = start;
  const options = simulatedVenueOptions(terms);
  if (state.venue !== null) {
    // Of a simulated venue of this program.
    const restored = state.venue as VenueSnapshot;
    const books = restored.books.map((book) => ({
      ...book,
      orders: book.orders.filter(({ request }) => !without.has(request.id)),
    }));
    return new SimulatedVenue({ ...options, restored: { ...restored, books } });
  }
  const venue = new SimulatedVenue({ ...options, restored: snapshotOf(start) });
  venue.connect(UNHEARD);
  for (const { order, filled } of state.engine.executor.open) {
    if (!without.has(order.id)) venue.submit(remaining(order, filled));
  }
  return venue;
}

function snapshotOf({ state, lastBars }: TrialStart): VenueSnapshot {
  const { ledger } = state.engine.portfolio;
  const bars = [...lastBars.values()];
  return {
    account: {
      cash: ledger.cash,
      holdings: ledger.open.map(holdingOf),
    },
    desk: { trades: TRADES_FROM, taken: [] },
    books: bars.map((bar) => ({
      symbol: bar.symbol,
      bar,
      barBefore: null,
      instant: 0,
      quote: null,
      volumeLeft: null,
      orders: [],
    })),
    dayEnd: -Infinity,
    instant: INSTANT,
    lastClose: Math.max(0, ...bars.map(({ closeTime }) => closeTime)),
    lastQuote: 0,
  };
}

type Books = SessionState['engine']['portfolio']['ledger']['open'][number];

function holdingOf({
  id,
  symbol,
  side,
  quantity,
  entryTime,
}: Books): VenueSnapshot['account']['holdings'][number] {
  const isShort = side === 'short';
  return { position: rootOf(id), symbol, isShort, quantity, enteredAt: entryTime, entry: null };
}

/** What is left of an order, under the name that a venue knows its position by. */
function remaining(order: ApprovedOrder, filled: Decimal): ApprovedOrder {
  const position = rootOf(order.position);
  const quantity = order.quantity.minus(filled);
  return order.role === 'entry'
    ? { ...order, quantity, position }
    : { ...order, quantity, position, group: exitGroupOf(position) };
}
