import { describe, expect, it } from 'vitest';
import { InstrumentDirectory } from '../../../src/app/instrument-directory.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { InvariantError } from '../../../src/core/errors.ts';
import type { DatedInstrument } from '../../../src/ports/bar-store.ts';
import { BTC, dec } from '../../support/orders.ts';
import { NO_BARS } from '../../support/series.ts';

/** Three terms: from ever on, from 100 and from 200. */
const CHANGING: readonly DatedInstrument[] = [
  { validFrom: 0, instrument: BTC },
  { validFrom: 100, instrument: { ...BTC, lotStep: dec('0.001') } },
  { validFrom: 200, instrument: { ...BTC, lotStep: dec('0.1') } },
];

function directory(
  settings: readonly string[] = [],
  history: readonly DatedInstrument[] = CHANGING.slice(0, 1),
) {
  const sources = { directory: 'no-such-directory', overlays: [], environment: {}, settings };
  const { execution } = loadConfig(sources).config;
  return new InstrumentDirectory({ instruments: () => history }, [NO_BARS], execution);
}

const steps = (terms: InstrumentDirectory, time = 0) => {
  const { tickSize, lotStep, minNotional } = terms.at('BTC/USD', time);
  return [tickSize, lotStep, minNotional].map((each) => each.toString());
};

describe('InstrumentDirectory', () => {
  it('gives an instrument as it is stored', () => {
    expect(steps(directory())).toEqual(['0.01', '0.00000001', '1']);
  });

  it('corrects what the configuration names and keeps the rest', () => {
    const change = 'execution.instruments=[{symbol: BTC/USD, tick_size: 0.5, min_notional: 0}]';
    expect(steps(directory([change]))).toEqual(['0.5', '0.00000001', '0']);
  });

  it('has no steps and no minimum where they are not enforced', () => {
    expect(steps(directory(['execution.enforce_ticks=false']))).toEqual(['0', '0', '0']);
  });

  it('knows only the symbols of the run', () => {
    expect(() => directory().at('ETH/USD', 0)).toThrow(InvariantError);
  });

  it('gives the terms of each moment, asked for in any order', () => {
    const terms = directory([], CHANGING);
    const lots = [250, -5, 99, 100, 199, 200, 150, 99, 1e15].map((time) => steps(terms, time)[1]);
    const [first, second, third] = ['0.00000001', '0.001', '0.1'];
    expect(lots).toEqual([third, first, first, second, second, third, second, first, third]);
  });

  it('corrects the terms of every time', () => {
    const terms = directory(['execution.instruments=[{symbol: BTC/USD, lot_step: 2}]'], CHANGING);
    expect([0, 100, 200].map((time) => steps(terms, time)[1])).toEqual(['2', '2', '2']);
  });

  it('lists what held at the start of a span, and what changed within it', () => {
    const changes = (from: number, to: number) =>
      directory([], CHANGING)
        .within('BTC/USD', from, to)
        .map(({ validFrom, instrument }) => `${validFrom} ${instrument.lotStep.toString()}`);
    expect(changes(50, 150)).toEqual(['50 0.00000001', '100 0.001']);
    expect(changes(100, 200)).toEqual(['100 0.001']);
    expect(changes(120, 201)).toEqual(['120 0.001', '200 0.1']);
  });

  it('refuses a series without an instrument', () => {
    expect(() => directory([], [])).toThrow(InvariantError);
  });
});
