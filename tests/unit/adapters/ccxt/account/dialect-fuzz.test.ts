import { describe, expect, it } from 'vitest';
import { BINANCE } from '../../../../../src/adapters/ccxt/account/binance-account.ts';
import { COINBASE } from '../../../../../src/adapters/ccxt/account/coinbase-account.ts';
import type { Dialect } from '../../../../../src/adapters/ccxt/account/dialect.ts';
import { KRAKEN } from '../../../../../src/adapters/ccxt/account/kraken-account.ts';
import { parseExactly } from '../../../../../src/adapters/ccxt/account/exact-answer.ts';
import { ExchangeError } from '../../../../../src/core/errors.ts';
import {
  VENUE_ORDER_STATUSES,
  type VenueOrderReport,
  type VenueTrade,
} from '../../../../../src/ports/exchange-account.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';
import { EndOfScript, marketBook, scriptedWire, TEST_NOW } from './scripted-wire.ts';

const ROUNDS = 900;

/** What stands where something else stood. */
const STRANGE: readonly unknown[] = [
  null,
  '',
  ' ',
  0,
  -1,
  1e21,
  'NaN',
  'Infinity',
  '1e400',
  '-0.5',
  '9007199254740993',
  '0.00000000000000000000000001',
  true,
  [],
  {},
  [null],
  { __proto__: null },
  'constructor',
  '__proto__',
  '\u0000',
  '1970-01-01T00:00:00Z',
  1_795_780_800,
  'x'.repeat(2000),
];

type Random = () => number;

/** Puts something strange somewhere, or takes something away. */
function mutated(value: unknown, random: Random): unknown {
  if (random() < 0.06) return STRANGE[Math.floor(random() * STRANGE.length)];
  if (Array.isArray(value)) {
    const kept = value.filter(() => random() > 0.05);
    return kept.map((each) => mutated(each, random));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(() => random() > 0.03)
      .map(([key, each]) => [key, mutated(each, random)]),
  );
}

const COINBASE_ORDER = {
  order_id: 'o-1',
  product_id: 'BTC-USD',
  order_configuration: { limit_limit_gtc: { base_size: '0.2', limit_price: '50000' } },
  side: 'BUY',
  client_order_id: 'qsone',
  status: 'FILLED',
  filled_size: '0.2',
  average_filled_price: '50000',
  pending_cancel: false,
};
const COINBASE_FILL = {
  trade_id: 't-1',
  order_id: 'o-1',
  product_id: 'BTC-USD',
  trade_time: '2026-11-27T11:37:38.091377090Z',
  trade_type: 'FILL',
  price: '21220.64',
  size: '0.01',
  commission: '0.1',
  liquidity_indicator: 'TAKER',
  side: 'BUY',
};
const KRAKEN_ORDER = {
  cl_ord_id: 'qsone',
  status: 'closed',
  closetm: 1_795_780_800.37,
  descr: { pair: 'XBTUSD', type: 'buy' },
  vol: '0.1',
  vol_exec: '0.1',
  price: '60000',
};
const KRAKEN_TRADE = {
  ordertxid: 'OABC-1',
  pair: 'XBTUSD',
  time: 1_795_780_848.3,
  type: 'sell',
  price: '72026.5',
  fee: '0.01873',
  vol: '0.0001',
  maker: false,
};
const BINANCE_ORDER = {
  symbol: 'X',
  orderId: 1,
  clientOrderId: 'qsone',
  origQty: '0.2',
  executedQty: '0.2',
  cummulativeQuoteQty: '10000',
  status: 'FILLED',
  side: 'BUY',
  updateTime: TEST_NOW,
};
const BINANCE_TRADE = {
  symbol: 'X',
  id: 1,
  orderId: 1,
  price: '50000',
  qty: '0.1',
  commission: '0.0001',
  commissionAsset: 'BTC',
  time: TEST_NOW,
  isBuyer: true,
  isMaker: false,
};

interface Sample {
  readonly name: string;
  readonly dialect: Dialect;
  readonly id: string;
  readonly altname: string;
  readonly orders: unknown;
  readonly trades: unknown;
  readonly balances: unknown;
  readonly identity: unknown;
  readonly placed: unknown;
  readonly cancelled: unknown;
}

const SAMPLES: readonly Sample[] = [
  {
    name: 'Coinbase',
    dialect: COINBASE,
    id: 'BTC-USD',
    altname: 'BTC-USD',
    orders: { orders: [COINBASE_ORDER, COINBASE_ORDER], has_next: false, cursor: '' },
    trades: { fills: [COINBASE_FILL, COINBASE_FILL], cursor: '' },
    balances: {
      accounts: [
        { uuid: 'a', currency: 'USD', available_balance: { value: '1' }, hold: { value: '0' } },
      ],
      has_next: false,
    },
    identity: { can_trade: true, can_transfer: false, portfolio_uuid: 'p' },
    placed: { success: true, success_response: { order_id: 'o-1', client_order_id: 'qsone' } },
    cancelled: { results: [{ success: true, order_id: 'o-1' }] },
  },
  {
    name: 'Kraken',
    dialect: KRAKEN,
    id: 'XXBTZUSD',
    altname: 'XBTUSD',
    orders: { error: [], result: { closed: { A: KRAKEN_ORDER, B: KRAKEN_ORDER }, count: 2 } },
    trades: { error: [], result: { trades: { A: KRAKEN_TRADE, B: KRAKEN_TRADE }, count: 2 } },
    balances: { error: [], result: { ZUSD: { balance: '1', hold_trade: '0' } } },
    identity: { error: [], result: { iban: 'AA', permissions: ['query-funds'] } },
    placed: { error: [], result: { txid: ['OABC-1'], descr: { order: 'buy' } } },
    cancelled: { error: [], result: { count: 1 } },
  },
  {
    name: 'Binance',
    dialect: BINANCE,
    id: 'X',
    altname: 'X',
    orders: [BINANCE_ORDER, { ...BINANCE_ORDER, orderId: 2 }],
    trades: [BINANCE_TRADE, { ...BINANCE_TRADE, id: 2 }],
    balances: { uid: 1, canTrade: true, balances: [{ asset: 'BTC', free: '1', locked: '0' }] },
    identity: { uid: 1, canTrade: true, balances: [] },
    placed: { orderId: 1, clientOrderId: 'qsone' },
    cancelled: { orderId: 1, status: 'CANCELED' },
  },
];

describe.each(SAMPLES)('answers of $name, mutated', (sample) => {
  const { dialect, id, altname } = sample;
  const book = marketBook(id, altname);

  /** Runs a read on many mutations; every outcome is a value or an `ExchangeError`. */
  async function survives<T>(
    answer: unknown,
    read: (wire: ReturnType<typeof scriptedWire>) => Promise<T>,
    check: (value: T) => void = () => undefined,
  ): Promise<void> {
    const random = seededRandom(20_261_127);
    let readings = 0;
    const others: unknown[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // The first as it is: it must be read, or nothing is tested.
      const body = JSON.stringify(round === 0 ? answer : mutated(answer, random));
      try {
        check(await read(scriptedWire(book, body, body, body)));
        readings += 1;
      } catch (error) {
        if (!(error instanceof ExchangeError || error instanceof EndOfScript)) others.push(error);
      }
    }
    expect(others).toEqual([]);
    expect(readings).toBeGreaterThan(ROUNDS / 20);
  }

  it('to lists of orders are read or refused', async () => {
    const check = (reports: readonly VenueOrderReport[]) => {
      for (const { status, venueId, statusText } of reports) {
        expect(VENUE_ORDER_STATUSES).toContain(status);
        expect([typeof venueId, typeof statusText]).toEqual(['string', 'string']);
      }
    };
    const read = dialect.closedOrders.bind(dialect);
    await survives(sample.orders, (wire) => read(wire, ['BTC/USD'], TEST_NOW - 60_000), check);
  });

  it('to lists of trades are read or refused, and nothing in between', async () => {
    const check = (trades: readonly VenueTrade[]) => {
      for (const { quantity, price, time, tradeId, fee } of trades) {
        expect(quantity.isPositive && price.isPositive).toBe(true);
        expect(Number.isSafeInteger(time)).toBe(true);
        expect(tradeId).not.toBe('');
        expect(fee === null || fee.currency !== '').toBe(true);
      }
    };
    const read = dialect.trades.bind(dialect);
    await survives(sample.trades, (wire) => read(wire, ['BTC/USD'], 0), check);
  });

  it('to questions about the account are read or refused', async () => {
    await survives(sample.balances, (wire) => dialect.balances(wire));
    await survives(
      sample.identity,
      (wire) => dialect.identify(wire),
      (identity) => {
        expect(identity.accountId).not.toBe('');
      },
    );
  });

  it('to orders and cancels are read, or say nothing', () => {
    const random = seededRandom(7);
    const onTheWire = (answer: unknown) => parseExactly(JSON.stringify(answer));
    for (let round = 0; round < ROUNDS; round++) {
      const { venueId, clientId } = dialect.placement(onTheWire(mutated(sample.placed, random)));
      expect(venueId === null || (typeof venueId === 'string' && venueId !== '')).toBe(true);
      expect(clientId === null || typeof clientId === 'string').toBe(true);
      const { kind } = dialect.cancellation(onTheWire(mutated(sample.cancelled, random)));
      expect(['sent', 'not-open', 'unknown']).toContain(kind);
    }
    expect(dialect.placement(onTheWire(sample.placed)).venueId).not.toBeNull();
    expect(dialect.cancellation(onTheWire(sample.cancelled)).kind).toBe('sent');
  });
});
