import { expect, it } from 'vitest';
import { homeExchange } from '../../../src/app/home-exchange.ts';
import { configSchema } from '../../../src/config/config-schema.ts';

it.each([
  ['BTC/USD', 'kraken'],
  ['AAPL', 'alpaca'],
])('takes %s for one of %s', (symbol, exchange) => {
  const config = configSchema.parse({ data: { exchange: 'kraken' } });
  expect(homeExchange(symbol, config)).toBe(exchange);
});
