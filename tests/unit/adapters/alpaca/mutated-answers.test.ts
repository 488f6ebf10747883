import { describe, expect, it } from 'vitest';
import { readBalances, readIdentity } from '../../../../src/adapters/alpaca/account-state.ts';
import { readCoin } from '../../../../src/adapters/alpaca/alpaca-instrument.ts';
import { parseAnswer } from '../../../../src/adapters/alpaca/alpaca-faults.ts';
import { withFees } from '../../../../src/adapters/alpaca/fee-attribution.ts';
import {
  inOrder,
  readActivities,
  readFee,
  readFill,
} from '../../../../src/adapters/alpaca/fill-activities.ts';
import { readQuotes } from '../../../../src/adapters/alpaca/latest-quotes.ts';
import { readSession } from '../../../../src/adapters/alpaca/market-session.ts';
import { readOrder, readOrders } from '../../../../src/adapters/alpaca/order-reports.ts';
import { ExchangeError } from '../../../../src/core/errors.ts';
import { seededRandom } from '../../../support/seeded-random.ts';
import { accountRow, feeRow, fillRow, orderRow, positionRow } from './wire-rows.ts';

const COIN = {
  symbol: 'BTC/USD',
  class: 'crypto',
  price_increment: '1',
  min_trade_increment: '0.1',
};
const QUOTE = { t: '2026-06-10T16:00:00Z', bp: 199.96, ap: 200.04 };
const CLOCK = {
  timestamp: '2026-06-10T12:00:00.123-04:00',
  is_open: true,
  next_open: '2026-06-11T09:30:00-04:00',
  next_close: '2026-06-10T16:00:00-04:00',
};

/** What is read of each answer, and a good one. */
const READERS: readonly (readonly [string, unknown, (answer: unknown) => unknown])[] = [
  ['an order', orderRow({ legs: [orderRow({ id: 'leg' })] }), readOrder],
  ['orders', [orderRow(), orderRow({ id: 'other', symbol: 'BTCUSD' })], readOrders],
  [
    'fills',
    [fillRow(), fillRow({ id: 'other', symbol: 'BTC/USD' })],
    (answer) => {
      const fills = readActivities(answer).flatMap((row) => readFill(row, () => true) ?? []);
      return withFees(
        inOrder(fills).map(({ trade }) => trade),
        [{ date: '2026-06-10', currency: 'BTC', amount: FEE }],
        Date.parse('2026-07-01T00:00:00Z'),
      );
    },
  ],
  [
    'fees',
    [feeRow()],
    (answer) => {
      const fees = readActivities(answer).flatMap((row) => readFee(row) ?? []);
      return withFees([], fees, 0);
    },
  ],
  ['an identity', accountRow(), readIdentity],
  ['an account', accountRow(), (answer) => readBalances(answer, [positionRow()])],
  [
    'positions',
    [positionRow(), positionRow({ asset_class: 'crypto', symbol: 'BTCUSD' })],
    (answer) => readBalances(accountRow(), answer),
  ],
  [
    'quotes',
    { quotes: { AAPL: QUOTE, 'BTC/USD': QUOTE } },
    (answer) => readQuotes(answer, ['AAPL', 'BTC/USD']),
  ],
  ['coins', [COIN], (answer) => readCoin(answer, 'BTC/USD')],
  ['a clock', CLOCK, readSession],
];

const FEE = readFee({ ...feeRow() })?.amount ?? raise();

function raise(): never {
  throw new Error('a fee was expected');
}

const ODDITIES: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '1e400',
  '-1e400',
  '9007199254740993',
  '0.1e-30',
  '""',
  '" "',
  '"NaN"',
  '"Infinity"',
  '"1e400"',
  '"1e-30"',
  '"-0"',
  '"1,000"',
  '"0x1f"',
  '"__proto__"',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '{"__proto__":{"id":"x"}}',
  '"2024-02-30T00:00:00Z"',
  '"9999-99-99T99:99:99Z"',
  '"2026-06-10"',
  '"0000-00-00"',
  '"9999-12-31"',
  '1718035200',
  '"\\u0000"',
  '"/"',
  '"BTC/"',
  '"/USD"',
  '"USDUSD"',
  '"999999999999999999999999999999"',
  '"0.0000000000000000000000000001"',
  '[1,2,3]',
];

/** One of the values of a JSON text in place of another one, or its characters cut and shuffled. */
function mutate(text: string, random: () => number): string {
  const pick = <T>(items: readonly T[]): T | undefined =>
    items[Math.floor(random() * items.length)];
  const spots = [...text.matchAll(/"(?:[^"\\]|\\.)*"(?!:)|-?\d[\d.]*|null|true|false|\{\}|\[\]/g)];
  const spot = pick(spots);
  const kind = random();
  if (spot === undefined || kind < 0.1) return text.slice(0, Math.floor(random() * text.length));
  const end = spot.index + spot[0].length;
  if (kind < 0.2) return text.slice(0, spot.index) + text.slice(end);
  if (kind < 0.3) {
    const at = Math.floor(random() * text.length);
    return (
      text.slice(0, at) + String.fromCodePoint(32 + Math.floor(random() * 95)) + text.slice(at + 1)
    );
  }
  return text.slice(0, spot.index) + (pick(ODDITIES) ?? '') + text.slice(end);
}

describe('answers that were tampered with', () => {
  it.each(READERS)('%s are read, or refused with an exchange error', (what, answer, read) => {
    const random = seededRandom(what.length);
    const good = JSON.stringify(answer);
    read(JSON.parse(good));
    let refused = 0;
    for (let count = 0; count < 2_000; count += 1) {
      let text = good;
      for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes -= 1) {
        text = mutate(text, random);
      }
      try {
        read(parseAnswer(text, what));
      } catch (error) {
        refused += 1;
        if (!(error instanceof ExchangeError)) {
          throw new Error(`${text} made ${String(error)}`, { cause: error });
        }
      }
    }
    expect(refused).toBeGreaterThan(100);
    expect(Object.prototype).not.toHaveProperty('id');
  });
});
