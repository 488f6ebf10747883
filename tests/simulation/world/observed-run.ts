import type { InputRecord, LastingRun } from '../../../src/ports/lasting-run.ts';
import type {
  VenueLedger,
  VenueOrderRecord,
  VenueTradeRecord,
} from '../../../src/ports/venue-ledger.ts';
import type { Lifeline } from './lifeline.ts';
import type { Puts } from './order-watch.ts';

/** A run whose record is looked at as it grows, and that is cut off where the process is. */
export function observedRun(
  run: LastingRun,
  lifeline: Lifeline,
  onRecorded: (input: InputRecord, puts: Puts) => void,
): LastingRun {
  let orders: VenueOrderRecord[] = [];
  let trades: VenueTradeRecord[] = [];
  const inner = run.venueLedger;
  const venueLedger: VenueLedger = {
    putOrder: (record) => {
      inner.putOrder(record);
      orders.push(record);
    },
    putTrade: (record) => {
      inner.putTrade(record);
      trades.push(record);
    },
    order: (clientId) => inner.order(clientId),
    orderAt: (...place) => inner.orderAt(...place),
    unfinished: () => inner.unfinished(),
    trade: (symbol, venueTradeId) => inner.trade(symbol, venueTradeId),
    tradesOf: (orderId) => inner.tradesOf(orderId),
  };
  const recorded = (input: InputRecord): void => {
    const puts = { orders, trades };
    orders = [];
    trades = [];
    onRecorded(input, puts);
  };
  return {
    runId: run.runId,
    nonce: run.nonce,
    session: run.session,
    restored: run.restored,
    venueLedger,
    warmedUp: (warmUp) => lifeline.whileAlive(() => run.warmedUp(warmUp)),
    commit: (input) =>
      lifeline.commit(
        () => run.commit(input),
        () => recorded(input),
      ),
    endSession: (at, outcome) => lifeline.whileAlive(() => run.endSession(at, outcome)),
    finish: (end) => lifeline.whileAlive(() => run.finish(end)),
  };
}
