import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { checksText } from '../../../../src/adapters/sqlite/check-rows.ts';
import { parseChecks } from '../../../../src/adapters/sqlite/recorded-json.ts';
import { DataError } from '../../../../src/core/errors.ts';
import { RISK_LAYERS, type Assessment } from '../../../../src/core/risk.ts';

const assessment = fc.record({
  layer: fc.constantFrom(...RISK_LAYERS),
  check: fc.constantFrom('position-size', 'orders-per-day'),
  limit: fc.option(fc.double().map((each) => each + 0)),
  actual: fc.double().map((each) => each + 0),
  passed: fc.constant(true as const),
});

const nothing = (value: number | null) => (Number.isNaN(value) ? null : value);

it('gives back every number but NaN, which stands for nothing measured', () => {
  fc.assert(
    fc.property(fc.array(assessment, { maxLength: 15 }), (made: readonly Assessment[]) => {
      expect(parseChecks(checksText(made))).toEqual(
        made.map(({ layer, check, limit, actual, passed }) => {
          return { layer, check, limit: nothing(limit), actual: nothing(actual), passed };
        }),
      );
    }),
    { seed: 5 },
  );
});

it('is refused where a row holds something else', () => {
  for (const text of ['{}', '[["order","lot-step",0,1]]', '[["order","lot-step","0",1,1]]']) {
    expect(() => parseChecks(text)).toThrow(DataError);
  }
});
