import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import { makeAlpaca } from '../../support/exchange-sim/make-alpaca.ts';
import { serveAlpaca, type LoopbackAlpaca } from '../../support/exchange-sim/serve-alpaca.ts';
import { at, NEVER, sourceOf } from './sources.ts';

const START = at('2026-03-02T10:00:00Z');
const SERIES = { symbol: 'BTC/USD', timeframe: '1h' } as const;

let now: number;
let alpaca: ReturnType<typeof makeAlpaca>;
let server: LoopbackAlpaca;
let source: BarSource;

beforeEach(async () => {
  now = START;
  alpaca = makeAlpaca({ clock: { now: () => now } });
  server = await serveAlpaca(alpaca.core, alpaca.frontEnd);
  const { apiKey: keyId, secret } = alpaca.credentials;
  source = sourceOf(server.url, { keyId, secret });
});
afterEach(async () => {
  await source.close();
  await server.stop();
});

function trade(minutes: number, price: string, volume: string): void {
  now = START + minutes * MINUTE_MS;
  alpaca.core.moveTo('BTC/USD', price, volume);
}

describe('coins at Alpaca', () => {
  it('have bars as they were traded', async () => {
    trade(5, '60000', '2');
    trade(20, '60900.5', '1');
    trade(59, '59800', '0.5');
    trade(65, '61000', '1');
    const page = await source.page(SERIES, { from: START, to: START + HOUR_MS }, NEVER);
    expect(page).toEqual({
      bars: [
        { openTime: START, open: 60000, high: 60900.5, low: 59800, close: 59800, volume: 3.5 },
      ],
      completeTo: START + HOUR_MS,
    });
  });

  it('have no bar of an hour in which nobody traded, and that is an answer', async () => {
    trade(5, '60000', '2');
    const from = START + HOUR_MS;
    const page = await source.page(SERIES, { from, to: from + 3 * HOUR_MS }, NEVER);
    expect(page).toEqual({ bars: [], completeTo: from + 3 * HOUR_MS });
  });

  it('have the steps that Alpaca lists them with', async () => {
    const instrument = await source.instrument('BTC/USD', NEVER);
    expect(instrument).toMatchObject({ assetClass: 'crypto', quoteCurrency: 'USD' });
    expect(String(instrument.lotStep)).toBe('0.000000001');
  });

  it('are refused where Alpaca lists no such pair, bars too', async () => {
    const message = /the symbol of a pair of coins was expected, was "BTX\/USD"; did you mean/;
    await expect(source.instrument('BTX/USD', NEVER)).rejects.toThrow(message);
    const span = { from: START, to: START + HOUR_MS };
    const page = source.page({ symbol: 'BTX/USD', timeframe: '1h' }, span, NEVER);
    await expect(page).rejects.toThrow(message);
  });

  it('have no days: those of Alpaca begin at another hour than 00:00Z', async () => {
    const page = source.page({ symbol: 'BTC/USD', timeframe: '1d' }, { from: 0, to: START }, NEVER);
    await expect(page).rejects.toThrow(
      'alpaca: a timeframe of 1m, 3m, 5m, 15m, 30m, 1h was expected of coins, was 1d; collect 1h',
    );
  });
});
