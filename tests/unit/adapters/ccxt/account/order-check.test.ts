import { describe, expect, it } from 'vitest';
import { limitBehind } from '../../../../../src/adapters/ccxt/account/stop-limit.ts';
import { orderFault } from '../../../../../src/adapters/ccxt/account/order-check.ts';
import { tradedVenue } from '../../../../../src/adapters/ccxt/account/venue-table.ts';
import { Decimal } from '../../../../../src/core/decimal.ts';
import { ConfigError } from '../../../../../src/core/errors.ts';
import { MARKET, orderFor } from '../../../../integration/conformance/case-orders.ts';
import { marketBook, TEST_NOW } from './scripted-wire.ts';

const WORLD = { symbol: 'BTC/USD' };
const { capabilities } = tradedVenue('kraken');

type Case = DropFirst<Parameters<typeof orderFor>>;
type DropFirst<T extends readonly unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;

function causeOf([clientId, pricing, change]: Case) {
  const market = marketBook('X', 'X').bySymbol('BTC/USD');
  if (market === null) throw new Error('a market was expected');
  return (
    orderFault(orderFor(WORLD, clientId, pricing, change), market, capabilities)?.cause ?? null
  );
}

function limit(price: string) {
  return { type: 'limit', limitPrice: Decimal.parse(price) } as const;
}

describe('an order before it is sent', () => {
  it.each<[string, Case, string | null]>([
    ['is well', ['qs2abc', limit('50000'), {}], null],
    ['at the market is well, whatever it is worth', ['qs', MARKET, { quantity: '0.00001' }], null],
    ['has an id of small letters and digits', ['QS'], 'other'],
    ['has an id at all', [''], 'other'],
    ['has an id of eighteen characters at most', ['q'.repeat(19)], 'other'],
    ['is on the lot step', ['qs', limit('50000'), { quantity: '0.000000001' }], 'filter'],
    ['is of a quantity', ['qs', MARKET, { quantity: '0' }], 'filter'],
    ['is of no less than nothing', ['qs', MARKET, { quantity: '-1' }], 'filter'],
    ['is of the least quantity', ['qs', limit('900000'), { quantity: '0.000009' }], 'filter'],
    ['is on the tick', ['qs', limit('50000.001'), {}], 'filter'],
    ['has a price', ['qs', limit('0'), {}], 'filter'],
    ['is worth the least', ['qs', limit('99'), { quantity: '0.01' }], 'filter'],
    ['is worth the least, to the last bit', ['qs', limit('100'), { quantity: '0.01' }], null],
    ['has a time in force of the venue', ['qs', limit('50000'), { timeInForce: 'fok' }], 'other'],
    ['says when with gtd', ['qs', limit('50000'), { timeInForce: 'gtd' }], 'other'],
    ['says when with gtd alone', ['qs', limit('50000'), { expiresAt: TEST_NOW }], 'other'],
  ])('%s', (_, order, cause) => {
    expect(causeOf(order)).toBe(cause);
  });
});

describe('the limit of a stop', () => {
  it.each([
    ['sell', '100', '0.01', '95'],
    ['buy', '100', '0.01', '105'],
    ['sell', '99.99', '0.01', '95'],
    ['buy', '99.99', '0.01', '104.98'],
    ['sell', '0.00000123', '0.00000001', '0.00000117'],
  ] as const)('of a %s at %s on ticks of %s is %s', (side, stop, tick, limit) => {
    const behind = limitBehind(Decimal.parse(stop), side, Decimal.parse(tick));
    expect(behind.toString()).toBe(limit);
  });
});

describe('an exchange to trade on', () => {
  it('is one of those whose orders were checked', () => {
    expect(() => tradedVenue('bitfinex')).toThrow(ConfigError);
    expect(() => tradedVenue('constructor')).toThrow('was "constructor"');
  });

  it.each(['coinbase', 'kraken', 'binance', 'binanceus'])('%s keeps no two exits', (exchange) => {
    const { capabilities: told } = tradedVenue(exchange);
    expect(told).toMatchObject({ restsStops: true, restsBothExits: false });
    expect(told.requestValidityMs).toBeGreaterThan(10_000);
  });
});
