import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { DataError } from '../../../src/core/errors.ts';
import type { Instrument } from '../../../src/core/instrument.ts';
import type { BarStore } from '../../../src/ports/bar-store.ts';
import { instrumentOf, write } from '../sqlite/bar-rows.ts';

const FEES = { maker: Decimal.parse('-0.0001'), taker: Decimal.parse('0.0026') };

function btc(tickSize: string, changes: Partial<Instrument> = {}): Instrument {
  return instrumentOf('BTC/USD', { tickSize: Decimal.parse(tickSize), ...changes });
}

/** What every bar store promises of instruments. `open` makes an empty one. */
export function instrumentContract(title: string, open: () => BarStore): void {
  /** `[valid from, tick size]` of what is known after a venue said so much. */
  function told(...statements: readonly (readonly [at: number, tick: string])[]) {
    const store = open();
    for (const [validFrom, tick] of statements) {
      store.recordInstrument('test', { validFrom, instrument: btc(tick) }, 'coinbase');
    }
    return ticksOf(store);
  }

  function ticksOf(store: BarStore) {
    return store
      .instruments('test', 'BTC/USD')
      .map(({ validFrom, instrument }) => [validFrom, instrument.tickSize.toString()]);
  }

  describe(`${title}, on instruments`, () => {
    it('knows the same instrument whichever file came first', () => {
      const coarse = btc('0.1');
      const fine = instrumentOf('BTC/USD', { lotStep: Decimal.zero });
      const known = [
        [coarse, fine],
        [fine, coarse],
      ].map((order) => {
        const store = open();
        for (const instrument of order) store.save(write([], { instrument }));
        const known = store.instruments('test', 'BTC/USD')[0]?.instrument;
        return `tick ${known?.tickSize.toString()}, lot ${known?.lotStep.toString()}`;
      });
      expect(known).toEqual(['tick 0.01, lot 0', 'tick 0.01, lot 0']);
    });

    it('learns nothing from bars without one', () => {
      const store = open();
      store.save(write([], { instrument: null }));
      expect(store.instruments('test', 'BTC/USD')).toEqual([]);
    });

    it('gives back what a venue said to the last digit, rebates too', () => {
      const store = open();
      const instrument = btc('0.00000001', {
        lotStep: Decimal.parse('0.000000000000000001'),
        minNotional: Decimal.parse('10.5'),
        fees: FEES,
      });
      store.recordInstrument('test', { validFrom: 7_000, instrument }, 'coinbase');
      expect(store.instruments('test', 'BTC/USD')).toEqual([
        { validFrom: 0, instrument, origin: 'venue', source: 'coinbase' },
      ]);
      expect(store.instruments('other', 'BTC/USD')).toEqual([]);
    });

    it('holds the first word of a venue from ever on, in place of what prices suggested', () => {
      const store = open();
      store.save(write([], { instrument: btc('0.001') }));
      store.recordInstrument('test', { validFrom: 7_000, instrument: btc('0.5') }, 'coinbase');
      expect(ticksOf(store)).toEqual([[0, '0.5']]);
    });

    it('lets no file say better than a venue', () => {
      const store = open();
      store.recordInstrument('test', { validFrom: 7_000, instrument: btc('0.5') }, 'coinbase');
      store.save(write([], { instrument: btc('0.001') }));
      expect(ticksOf(store)).toEqual([[0, '0.5']]);
    });

    it.each([
      [
        'the same again adds nothing',
        [
          [5, '1'],
          [6, '1'],
          [9, '1'],
        ],
        [[0, '1']],
      ],
      [
        'a change holds from its time on',
        [
          [5, '1'],
          [8, '2'],
          [9, '2'],
        ],
        [
          [0, '1'],
          [8, '2'],
        ],
      ],
      [
        'a change back is a change',
        [
          [5, '1'],
          [8, '2'],
          [9, '1'],
        ],
        [
          [0, '1'],
          [8, '2'],
          [9, '1'],
        ],
      ],
      [
        'an older word goes where it belongs',
        [
          [5, '1'],
          [9, '2'],
          [7, '3'],
        ],
        [
          [0, '1'],
          [7, '3'],
          [9, '2'],
        ],
      ],
      [
        'an older word that agrees adds nothing',
        [
          [5, '1'],
          [9, '2'],
          [7, '1'],
        ],
        [
          [0, '1'],
          [9, '2'],
        ],
      ],
      [
        'an older word dates a change back',
        [
          [5, '1'],
          [9, '2'],
          [7, '2'],
        ],
        [
          [0, '1'],
          [7, '2'],
        ],
      ],
      [
        'the later of two words at one time holds',
        [
          [5, '1'],
          [9, '2'],
          [9, '3'],
        ],
        [
          [0, '1'],
          [9, '3'],
        ],
      ],
    ] as const)('%s', (_, statements, expected) => {
      expect(told(...statements)).toEqual(expected);
    });

    it('takes other fees for a change, and fees nobody told for the same', () => {
      const store = open();
      const fees = [FEES, null, { ...FEES, taker: Decimal.parse('0.004') }];
      for (const [at, each] of fees.entries()) {
        const instrument = btc('0.01', { fees: each });
        store.recordInstrument('test', { validFrom: 1_000 + at, instrument }, 'coinbase');
      }
      const known = store.instruments('test', 'BTC/USD');
      expect(known.map((each) => [each.validFrom, each.instrument.fees?.taker.toString()])).toEqual(
        [
          [0, '0.0026'],
          [1_002, '0.004'],
        ],
      );
    });

    it('refuses another currency than the one that is stored', () => {
      const store = open();
      store.save(write([]));
      const instrument = btc('0.01', { quoteCurrency: 'EUR' });
      const record = () => store.recordInstrument('test', { validFrom: 1, instrument }, 'coinbase');
      expect(record).toThrow(DataError);
      expect(record).toThrow(/crypto in USD was expected, was crypto in EUR/);
    });
  });
}
