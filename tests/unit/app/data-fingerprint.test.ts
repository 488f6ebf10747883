import { describe, expect, it } from 'vitest';
import { dataFingerprint } from '../../../src/app/data-fingerprint.ts';
import { InstrumentDirectory } from '../../../src/app/instrument-directory.ts';
import { configSchema } from '../../../src/config/config-schema.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import type { DatedInstrument, Series } from '../../../src/ports/bar-store.ts';
import { BTC_1H, instrumentOf, START } from '../../integration/sqlite/bar-rows.ts';

const SERIES: Series = {
  ...BTC_1H,
  id: 1,
  assetClass: 'crypto',
  calendar: 'always',
  bars: 24,
  firstOpen: START,
  lastOpen: START + DAY_MS,
};
const FEES = { maker: Decimal.parse('0.004'), taker: Decimal.parse('0.006') };
const FIRST: DatedInstrument = {
  validFrom: 0,
  instrument: instrumentOf('BTC/USD', { fees: FEES }),
};

function fingerprint(history: readonly DatedInstrument[], enforceTicks = true): string {
  const { execution } = configSchema.parse({ execution: { enforce_ticks: enforceTicks } });
  const instruments = new InstrumentDirectory({ instruments: () => history }, [SERIES], execution);
  return dataFingerprint('bars', {
    series: [SERIES],
    instruments,
    start: START,
    end: START + DAY_MS,
  });
}

describe('the fingerprint of data', () => {
  const plain = fingerprint([FIRST]);

  it.each([
    ['tick', { tickSize: Decimal.parse('0.1') }],
    ['lot', { lotStep: Decimal.parse('0.1') }],
    ['minimum', { minNotional: Decimal.parse('5') }],
    ['maker fee', { fees: { ...FEES, maker: Decimal.zero } }],
    ['taker fee', { fees: { ...FEES, taker: Decimal.zero } }],
  ])('differs with another %s', (_, change) => {
    const instrument = { ...FIRST.instrument, ...change };
    expect(fingerprint([{ validFrom: 0, instrument }])).not.toBe(plain);
  });

  it('differs where terms change within the run, and not where they change before or after', () => {
    const cheaper = { ...FIRST.instrument, fees: { ...FEES, taker: Decimal.zero } };
    const from = (validFrom: number) => ({ validFrom, instrument: cheaper });
    expect(fingerprint([FIRST, from(START + 1)])).not.toBe(plain);
    expect(fingerprint([FIRST, from(START + DAY_MS)])).toBe(plain);
    expect(fingerprint([from(0), { ...FIRST, validFrom: START }])).toBe(plain);
  });

  it('is of what venues say, not of how the user corrects it', () => {
    expect(fingerprint([FIRST], false)).toBe(plain);
  });
});
