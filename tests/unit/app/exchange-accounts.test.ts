import { describe, expect, it } from 'vitest';
import { openExchangeAccount, openQuoteSource } from '../../../src/app/exchange-accounts.ts';
import { configSchema } from '../../../src/config/config-schema.ts';

const CONFIG = configSchema.parse({});
const ENVIRONMENT = {
  overrides: {},
  noColor: true,
  secret: (name: string) => (name === 'APCA_API_KEY_ID' ? 'AK1' : 'hidden'),
  redact: (text: string) => text,
};

function alpaca(symbols: readonly string[]) {
  return openExchangeAccount('alpaca', { config: CONFIG, environment: ENVIRONMENT, symbols });
}

describe('an account that is opened', () => {
  it('rests stops where all that is traded is stocks', async () => {
    const { capabilities } = await alpaca(['SPY', 'QQQ']);
    expect(capabilities.restsStops).toBe(true);
    expect([...capabilities.orderTypes]).toContain('trailing_stop');
    expect([...capabilities.timesInForce]).toEqual(['gtc', 'day', 'ioc', 'fok']);
  });

  it('can do no more than each kind of what is traded can', async () => {
    const { capabilities } = await alpaca(['SPY', 'BTC/USD']);
    expect(capabilities.restsStops).toBe(false);
    expect([...capabilities.orderTypes]).not.toContain('stop');
    expect([...capabilities.timesInForce]).toEqual(['gtc', 'ioc']);
  });

  it('gives prices alone without a word of what is traded, and is closed by itself', async () => {
    const quotes = await openQuoteSource('kraken', { config: CONFIG, environment: ENVIRONMENT });
    await quotes.close();
    const { signal } = new AbortController();
    await expect(quotes.quotes(['BTC/USD'], signal)).rejects.toThrow('kraken is closed');
  });
});
