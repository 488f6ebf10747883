import type { Series } from '../../src/ports/bar-store.ts';

/** A series without bars, for what looks at its name and nature alone. */
export const NO_BARS: Series = {
  id: 1,
  exchange: 'coinbase',
  symbol: 'BTC/USD',
  timeframe: '1h',
  adjustment: 'raw',
  assetClass: 'crypto',
  calendar: 'always',
  bars: 0,
  firstOpen: null,
  lastOpen: null,
};
