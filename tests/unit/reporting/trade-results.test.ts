import { describe, expect, it } from 'vitest';
import type { RoundTrip } from '../../../src/reporting/round-trips.ts';
import { tradeResultsBy } from '../../../src/reporting/trade-results.ts';
import { roundTrip } from './scripted-run.ts';

const bySymbol = ({ symbol }: RoundTrip): string => symbol;
const FREE = { gross: 0, spread: 0, impact: 0, fees: 0, financing: 0, net: 0 };
const NOTHING = {
  trades: 0,
  win_rate: null,
  gross_pnl: 0,
  fees: 0,
  slippage: 0,
  net_pnl: 0,
  costs: FREE,
};

describe('tradeResultsBy', () => {
  it('sums each group exactly', () => {
    const trades = [
      roundTrip({ grossPnl: '0.31', fees: '0.1', slippage: '0.01', impact: '0.004' }),
      roundTrip({ grossPnl: '-0.08', fees: '0.1', slippage: '0.02', financing: '0.1' }),
      roundTrip({ grossPnl: '5', fees: '1', slippage: '-0.5', symbol: 'ETH/USD' }),
    ];
    const results = tradeResultsBy(trades, bySymbol, ['BTC/USD', 'ETH/USD']);
    // BTC/USD: net 0.2 and −0.3; in doubles their sum is −0.09999999999999998.
    expect(results.get('BTC/USD')).toEqual({
      trades: 2,
      win_rate: 0.5,
      gross_pnl: 0.23,
      fees: 0.2,
      slippage: 0.03,
      net_pnl: -0.1,
      costs: { gross: 0.23, spread: 0.026, impact: 0.004, fees: 0.2, financing: 0.1, net: -0.1 },
    });
    expect(results.get('ETH/USD')).toEqual({
      trades: 1,
      win_rate: 1,
      gross_pnl: 5,
      fees: 1,
      slippage: -0.5,
      net_pnl: 4.5,
      costs: { ...FREE, gross: 5, spread: -0.5, fees: 1, net: 4.5 },
    });
  });

  it('lists names without a trade, in the order given', () => {
    const results = tradeResultsBy([roundTrip({ symbol: 'ETH/USD' })], bySymbol, [
      'SOL/USD',
      'ETH/USD',
    ]);
    expect([...results.keys()]).toEqual(['SOL/USD', 'ETH/USD']);
    expect(results.get('SOL/USD')).toEqual(NOTHING);
  });

  it('adds names that only the trades know', () => {
    expect([...tradeResultsBy([roundTrip({})], bySymbol, []).keys()]).toEqual(['BTC/USD']);
  });
});
