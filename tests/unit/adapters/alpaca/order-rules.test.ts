import { describe, expect, it } from 'vitest';
import { capabilitiesOf, ruleBreach } from '../../../../src/adapters/alpaca/order-rules.ts';
import { wireOrder } from '../../../../src/adapters/alpaca/order-request.ts';
import { Decimal } from '../../../../src/core/decimal.ts';
import { TIMES_IN_FORCE, type OrderPricing } from '../../../../src/core/order.ts';
import type { VenueOrder } from '../../../../src/ports/exchange-account.ts';

const PRICE = Decimal.parse('100');
const PRICINGS: readonly OrderPricing[] = [
  { type: 'market' },
  { type: 'limit', limitPrice: PRICE },
  { type: 'stop', stopPrice: PRICE },
  { type: 'stop_limit', stopPrice: PRICE, limitPrice: PRICE },
  { type: 'trailing_stop', stopPrice: PRICE, trail: { kind: 'distance', distance: PRICE } },
];

function order(
  pricing: OrderPricing,
  [symbol, quantity]: readonly [string, string],
  timeInForce: VenueOrder['timeInForce'],
): VenueOrder {
  return {
    ...pricing,
    clientId: 'qsabcdefghijklmnop',
    symbol,
    side: 'buy',
    quantity: Decimal.parse(quantity),
    timeInForce,
    expiresAt: null,
    isReducing: false,
  };
}

function takenOf(kind: readonly [string, string]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PRICINGS.map((pricing) => [
      pricing.type,
      TIMES_IN_FORCE.filter((time) => ruleBreach(order(pricing, kind, time)) === null).join(' '),
    ]),
  );
}

describe('what Alpaca takes', () => {
  it('of whole shares', () => {
    expect(takenOf(['AAPL', '2'])).toEqual({
      market: 'gtc day ioc fok',
      limit: 'gtc day ioc fok',
      stop: 'gtc day',
      stop_limit: 'gtc day',
      trailing_stop: 'gtc day',
    });
  });

  it('of parts of a share', () => {
    expect(takenOf(['AAPL', '2.000000001'])).toEqual({
      market: 'day',
      limit: 'day',
      stop: 'day',
      stop_limit: 'day',
      trailing_stop: '',
    });
  });

  it('of coins', () => {
    expect(takenOf(['BTC/USD', '0.5'])).toEqual({
      market: 'gtc ioc',
      limit: 'gtc ioc',
      stop: '',
      stop_limit: 'gtc ioc',
      trailing_stop: '',
    });
  });

  it('is said in a sentence with what would do', () => {
    const breach = ruleBreach(order({ type: 'market' }, ['BTC/USD', '1'], 'day'));
    expect(breach).toBe(
      'a market order for crypto with time in force gtc, ioc was expected, was day',
    );
  });
});

describe('capabilities', () => {
  const KINDS = [
    { assetClasses: ['stock'], fractionalShares: false },
    { assetClasses: ['stock'], fractionalShares: true },
    { assetClasses: ['crypto'], fractionalShares: false },
    { assetClasses: ['stock', 'crypto'], fractionalShares: false },
    { assetClasses: ['stock', 'crypto'], fractionalShares: true },
  ] as const;

  it.each(KINDS)('of $assetClasses, parts $fractionalShares, hold for each of them', (kinds) => {
    const { orderTypes } = capabilitiesOf(kinds);
    const samples: (readonly [string, string])[] = [];
    if (kinds.assetClasses.some((each) => each === 'crypto')) samples.push(['BTC/USD', '0.5']);
    if (kinds.assetClasses.some((each) => each === 'stock')) samples.push(['AAPL', '2']);
    if (kinds.fractionalShares) samples.push(['AAPL', '0.5']);
    for (const pricing of PRICINGS) {
      const isTaken = samples.every((sample) =>
        TIMES_IN_FORCE.some((time) => ruleBreach(order(pricing, sample, time)) === null),
      );
      expect([pricing.type, orderTypes.has(pricing.type)]).toEqual([pricing.type, isTaken]);
    }
  });

  it('say that stops of whole shares rest, those of coins and of parts do not', () => {
    const rests = KINDS.map((kinds) => capabilitiesOf(kinds).restsStops);
    expect(rests).toEqual([true, false, false, false, false]);
  });

  it('say how an order is named and found, and that one exit holds all', () => {
    expect(capabilitiesOf(KINDS[0])).toMatchObject({
      clientIdField: 'client_order_id',
      findsByClientId: true,
      restsBothExits: false,
      timesInForce: new Set(['gtc', 'day', 'ioc', 'fok']),
    });
    expect(capabilitiesOf(KINDS[3]).timesInForce).toEqual(new Set(['gtc', 'ioc']));
  });
});

describe('an order on the wire', () => {
  it('has numbers without exponents, however small or large', () => {
    const wire = wireOrder(
      order({ type: 'limit', limitPrice: Decimal.parse('1e-8') }, ['SHIB/USD', '1e15'], 'gtc'),
    );
    expect([wire.qty, wire.limitPrice]).toEqual(['1000000000000000', '0.00000001']);
  });

  it('that is good till a date cannot be written', () => {
    expect(() => wireOrder(order({ type: 'market' }, ['AAPL', '1'], 'gtd'))).toThrow(
      'good till a date',
    );
  });
});
