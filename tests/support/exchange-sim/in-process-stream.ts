import { Decimal } from '../../../src/core/decimal.ts';
import { ExchangeError } from '../../../src/core/errors.ts';
import type {
  AccountUpdate,
  ExchangeAccount,
  VenueOrderReport,
  VenueOrderStatus,
  VenueTrade,
} from '../../../src/ports/exchange-account.ts';
import type { ExchangeCore } from './exchange-core.ts';
import type { OrderState, SimOrder, SimTrade } from './exchange-types.ts';
import type { AccountChange } from './order-desk.ts';
import type { SeededChance } from './seeded-chance.ts';
import { plain, quotient } from './units.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface StreamOptions {
  readonly core: ExchangeCore;
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  /** Longest way of an update; each takes its own, so that they overtake one another. */
  readonly latencyMs?: number;
  /** Share of updates that come twice. */
  readonly doubles?: number;
  /** Share of updates that never come. */
  readonly losses?: number;
  /** Share of updates with which the stream breaks. */
  readonly breaks?: number;
}

type Watch = NonNullable<ExchangeAccount['watch']>;

const STATES: Readonly<Record<OrderState, VenueOrderStatus>> = {
  open: 'open',
  'pending-cancel': 'pending-cancel',
  filled: 'filled',
  canceled: 'canceled',
  expired: 'expired',
  rejected: 'rejected',
};

/**
 * A stream of an account's orders and trades in no venue's format, with what goes wrong on streams:
 * silence without a word, updates twice, late, out of order, or not at all, and connections that break.
 * It counts them among the core's faults.
 */
export function inProcessStream(options: StreamOptions): Watch {
  const { core, time, chance, latencyMs = 50, doubles = 0, losses = 0, breaks = 0 } = options;
  return (on, signal) =>
    new Promise((resolve, reject) => {
      const end = (finish: () => void): void => {
        stop();
        signal.removeEventListener('abort', onAbort);
        finish();
      };
      const onAbort = (): void => end(resolve);
      const deliver = (change: AccountChange): void => {
        time.after(chance.between(1, latencyMs), () => {
          if (!signal.aborted && !core.areStreamsSilent) on.update(updateOf(change, core));
        });
      };
      const stop = core.listen((change) => {
        if (core.areStreamsSilent || signal.aborted) return;
        if (chance.hits(breaks)) {
          count(core, 'F62 stream break');
          end(() => reject(broken()));
          return;
        }
        if (chance.hits(losses)) {
          count(core, 'F17 stream loss');
          return;
        }
        deliver(change);
        if (!chance.hits(doubles)) return;
        count(core, 'F15 stream double');
        deliver(change);
      });
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      else time.after(chance.between(1, latencyMs), on.ready);
    });
}

function count(core: ExchangeCore, fault: string): void {
  core.reached.set(fault, (core.reached.get(fault) ?? 0) + 1);
}

function broken(): ExchangeError {
  return new ExchangeError('a stream was expected to go on, but it broke; open it again', {
    kind: 'network',
  });
}

function updateOf(change: AccountChange, core: ExchangeCore): AccountUpdate {
  return change.kind === 'order'
    ? { kind: 'order', order: reportOf(change.order) }
    : { kind: 'trade', trade: venueTradeOf(change.trade, core) };
}

function reportOf(order: SimOrder): VenueOrderReport {
  const { filled, cost } = order;
  return {
    clientId: order.clientId,
    venueId: order.id,
    symbol: order.symbol,
    side: order.side,
    status: STATES[order.state],
    statusText: order.state,
    quantity: Decimal.parse(plain(order.quantity)),
    filled: Decimal.parse(plain(filled)),
    averagePrice: filled === 0n ? null : Decimal.parse(plain(quotient(cost, filled))),
    updatedAt: order.updatedAt,
  };
}

function venueTradeOf(trade: SimTrade, core: ExchangeCore): VenueTrade {
  const { asset, amount } = trade.fee;
  const isTold = trade.feeToldAt <= core.now();
  return {
    tradeId: trade.id,
    venueOrderId: trade.orderId,
    clientId: trade.clientId,
    symbol: trade.symbol,
    side: trade.side,
    quantity: Decimal.parse(plain(trade.quantity)),
    price: Decimal.parse(plain(trade.price)),
    fee: isTold ? { currency: asset, amount: Decimal.parse(plain(amount)) } : null,
    liquidity: trade.isMaker ? 'maker' : 'taker',
    time: trade.time,
  };
}
