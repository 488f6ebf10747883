import { Decimal } from '../../src/core/decimal.ts';
import { MINUTE_MS } from '../../src/core/time.ts';
import type { BarRow, SeriesWrite } from '../../src/ports/bar-store.ts';

/** 2020-01-01T00:00Z. */
const START = 1_577_836_800_000;

/**
 * One-minute bars of a seeded random walk with a fast mean-reverting part on top, so that mean
 * reversion trades about ten thousand times in a million bars.
 */
export function benchMarket(count: number): SeriesWrite {
  return {
    key: { exchange: 'bench', symbol: 'BTC/USD', timeframe: '1m', adjustment: 'raw' },
    assetClass: 'crypto',
    calendar: 'always',
    instrument: {
      symbol: 'BTC/USD',
      assetClass: 'crypto',
      quoteCurrency: 'USD',
      tickSize: Decimal.parse('0.01'),
      lotStep: Decimal.parse('0.00000001'),
      minNotional: Decimal.one,
      fees: null,
    },
    bars: bars(count),
    covers: { from: START, to: START + count * MINUTE_MS },
    onConflict: 'report',
    at: START,
    issues: [],
    source: 'bench',
  };
}

function* bars(count: number): Generator<BarRow> {
  const random = createRandom(12_345);
  const normal = () => {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += random();
    return sum - 6;
  };
  const cents = (price: number) => Math.round(price * 100) / 100;
  let trend = 20_000;
  let noise = 0;
  let open = trend;
  for (let i = 0; i < count; i++) {
    trend *= 1 + normal() * 0.0003;
    noise = noise * 0.9 + normal() * 0.001;
    const close = cents(trend * (1 + noise));
    const high = cents(Math.max(open, close) * (1 + random() * 0.0003)) + 0.01;
    const low = cents(Math.min(open, close) * (1 - random() * 0.0003)) - 0.01;
    const volume = 5_000 + Math.round(random() * 5_000 + Math.abs(close - open) * 200);
    yield { openTime: START + i * MINUTE_MS, open, high, low, close, volume, flags: 0 };
    open = close;
  }
}

/** A linear congruential generator: enough for a bench, the same everywhere. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 4_294_967_296;
  };
}
