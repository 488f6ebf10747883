import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  altered,
  FIELDS,
  type Alteration,
} from '../../../../src/app/check-strategy/altered-bars.ts';
import { findLeakedInput } from '../../../../src/app/check-strategy/find-leaked-input.ts';
import { formatTime } from '../../../../src/core/time.ts';
import { BAR_STRIDE } from '../../../../src/ports/bar-store.ts';
import { HOUR, seriesOf } from './traces.ts';

const PRICES = Array.from({ length: 40 }, (_, index) => 100 + ((index * 7) % 13));
const SERIES = [seriesOf('BTC/USD', PRICES), seriesOf('ETH/USD', PRICES)];

/** A decision that rests on one number of one later bar. */
function restingOn(symbol: number, row: number, field: number) {
  const read = (series: readonly { readonly rows: Float64Array }[]) =>
    series[symbol]?.rows[row * BAR_STRIDE + 1 + field];
  return async (alteration: Alteration) => read(altered(SERIES, alteration)) !== read(SERIES);
}

describe('the search for the input that leaked', () => {
  it('finds bar, symbol and field wherever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1 }),
        fc.integer({ min: 11, max: 39 }),
        fc.integer({ min: 0, max: 4 }),
        async (symbol, row, field) => {
          const changes = restingOn(symbol, row, field);
          const search = {
            series: SERIES,
            decidedOn: 10 * HOUR,
            future: 'raised',
            changes,
          } as const;
          const name = symbol === 0 ? 'BTC/USD' : 'ETH/USD';
          expect(await findLeakedInput(search)).toBe(
            `${FIELDS[field]} of ${name} ${formatTime(row * HOUR)}`,
          );
        },
      ),
    );
  });

  it('names the stretch where no bar alone changes the decision', async () => {
    const changes = async ({ after, until }: Alteration) => until - after > 5 * HOUR;
    const decidedOn = 10 * HOUR;
    const input = await findLeakedInput({ series: SERIES, decidedOn, future: 'raised', changes });
    expect(input).toBe(`bars from ${formatTime(11 * HOUR)} to ${formatTime(16 * HOUR)}`);
  });

  it('asks far fewer times than there are bars', async () => {
    let asked = 0;
    const rests = restingOn(1, 33, 3);
    const changes = async (alteration: Alteration) => {
      asked++;
      return rests(alteration);
    };
    await findLeakedInput({ series: SERIES, decidedOn: 0, future: 'mirrored', changes });
    expect(asked).toBeLessThanOrEqual(6 + 2 + FIELDS.length);
  });
});
