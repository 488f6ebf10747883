import { describe, expect, it } from 'vitest';
import { instrumentDirectory } from '../../../src/app/instrument-directory.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { InvariantError } from '../../../src/core/errors.ts';
import type { Series } from '../../../src/ports/bar-store.ts';
import { BTC } from '../../support/orders.ts';

const SERIES: Series = {
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

function directory(...settings: readonly string[]) {
  const sources = { directory: 'no-such-directory', overlays: [], environment: {}, settings };
  const { execution } = loadConfig(sources).config;
  return instrumentDirectory(
    { instruments: () => [{ validFrom: 0, instrument: BTC }] },
    [SERIES],
    execution,
  );
}

const steps = (find: ReturnType<typeof directory>) => {
  const { tickSize, lotStep, minNotional } = find('BTC/USD');
  return [tickSize, lotStep, minNotional].map((each) => each.toString());
};

describe('instrumentDirectory', () => {
  it('gives an instrument as it is stored', () => {
    expect(steps(directory())).toEqual(['0.01', '0.00000001', '1']);
  });

  it('corrects what the configuration names and keeps the rest', () => {
    const change = 'execution.instruments=[{symbol: BTC/USD, tick_size: 0.5, min_notional: 0}]';
    expect(steps(directory(change))).toEqual(['0.5', '0.00000001', '0']);
  });

  it('has no steps and no minimum where they are not enforced', () => {
    expect(steps(directory('execution.enforce_ticks=false'))).toEqual(['0', '0', '0']);
  });

  it('knows only the symbols of the run', () => {
    expect(() => directory()('ETH/USD')).toThrow(InvariantError);
  });
});
