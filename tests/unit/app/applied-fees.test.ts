import { describe, expect, it } from 'vitest';
import { appliedFees, feeNotes } from '../../../src/app/applied-fees.ts';
import { InstrumentDirectory } from '../../../src/app/instrument-directory.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { VenueFees } from '../../../src/core/instrument.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import type { DatedInstrument, Series } from '../../../src/ports/bar-store.ts';
import { START } from '../../support/bars.ts';
import { BTC, dec } from '../../support/orders.ts';
import { NO_BARS } from '../../support/series.ts';

const CHANGE = START + DAY_MS;

const series = (symbol: string): Series => ({ ...NO_BARS, symbol });

const rates = (maker: string, taker: string): VenueFees => ({
  maker: dec(maker),
  taker: dec(taker),
});

const told = (symbol: string, validFrom: number, fees: VenueFees | null, tick = '0.01') => ({
  validFrom,
  instrument: { ...BTC, symbol, fees, tickSize: dec(tick) },
});

function plan(history: readonly DatedInstrument[], settings: readonly string[] = []) {
  const sources = { directory: 'no-such-directory', overlays: [], environment: {}, settings };
  const { execution, transactionCosts } = loadConfig(sources).config;
  const symbols = [...new Set(history.map(({ instrument }) => instrument.symbol))].map(series);
  const instruments = (_: string, symbol: string) =>
    history.filter(({ instrument }) => instrument.symbol === symbol);
  return {
    series: symbols,
    instruments: new InstrumentDirectory({ instruments }, symbols, execution),
    commission: transactionCosts.commission,
    exchange: 'coinbase',
    start: START,
    end: START + 2 * DAY_MS,
  };
}

describe('the fees of a run', () => {
  const changing = [
    told('BTC/USD', 0, rates('0.004', '0.006')),
    // Another tick is no change of fees.
    told('BTC/USD', START + HOUR_MS, rates('0.004', '0.006'), '0.1'),
    told('BTC/USD', CHANGE, rates('-0.0001', '0.004')),
    told('BTC/USD', START + 9 * DAY_MS, rates('0', '0')),
  ];

  it('are those collected, with the date of a change within the run', () => {
    expect(appliedFees(plan(changing))).toEqual({
      'BTC/USD': [
        { from: '2024-01-01T00:00:00Z', maker: 0.004, taker: 0.006, origin: 'collected' },
        { from: '2024-01-02T00:00:00Z', maker: -0.0001, taker: 0.004, origin: 'collected' },
      ],
    });
    expect(feeNotes(plan(changing))).toEqual([
      'fees of coinbase as collected: maker 0.4 %, taker 0.6 %; ' +
        'from 2024-01-02T00:00:00Z maker -0.01 %, taker 0.4 %',
    ]);
  });

  it('are those set for the exchange where there are such', () => {
    const own = ['transaction_costs.commission.venues.coinbase={maker: 0.001, taker: 0.002}'];
    expect(appliedFees(plan(changing, own))).toEqual({
      'BTC/USD': [
        { from: '2024-01-01T00:00:00Z', maker: 0.001, taker: 0.002, origin: 'exchange_setting' },
      ],
    });
    expect(feeNotes(plan(changing, own))).toEqual([]);
  });

  it.each([
    [
      'where collected ones are ignored',
      changing,
      ['transaction_costs.commission.venue_fees=ignore'],
    ],
    ['where none were collected', [told('BTC/USD', 0, null)], []],
  ])('are those known of the exchange %s', (_title, history, settings) => {
    expect(appliedFees(plan(history, settings))).toEqual({
      'BTC/USD': [
        { from: '2024-01-01T00:00:00Z', maker: 0.004, taker: 0.006, origin: 'venue_default' },
      ],
    });
    expect(feeNotes(plan(history, settings))).toEqual([]);
  });

  it('are told apart by symbol where they differ', () => {
    const two = [
      told('BTC/USD', 0, rates('0.001', '0.002')),
      told('ETH/USD', 0, rates('0.003', '0.004')),
      told('SOL/USD', 0, null),
    ];
    expect(feeNotes(plan(two))).toEqual([
      'fees of coinbase as collected for BTC/USD: maker 0.1 %, taker 0.2 %',
      'fees of coinbase as collected for ETH/USD: maker 0.3 %, taker 0.4 %',
    ]);
  });

  it('are those known of the exchange until some were collected', () => {
    const later = [told('BTC/USD', 0, null), told('BTC/USD', CHANGE, rates('0.001', '0.002'))];
    expect(feeNotes(plan(later))).toEqual([
      'fees of coinbase as collected: maker 0.4 %, taker 0.6 % (as usual there); ' +
        'from 2024-01-02T00:00:00Z maker 0.1 %, taker 0.2 %',
    ]);
  });
});
