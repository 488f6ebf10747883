import * as z from 'zod';
import { COMPARISONS, type Condition } from '../../core/condition.ts';
import { DataError } from '../../core/errors.ts';
import { ORDER_STATES } from '../../core/order.ts';
import type { RecordedCheck, RecordedStep } from '../../ports/run-archive.ts';

const names = z.array(z.string());

const conditions = z.array(
  z.object({
    name: z.string(),
    value: z.number(),
    comparison: z.enum(COMPARISONS),
    threshold: z.number(),
    holds: z.boolean(),
  }),
);

const steps = z.array(
  z
    .tuple([z.enum(ORDER_STATES), z.int(), z.int(), z.string().nullable()])
    .transform(([state, seq, ts, reason]) => ({ state, seq, ts, reason })),
);

/** JSON has a number for infinity, 9e999, which a plain schema for numbers refuses. */
const measured = z.custom<number>((value) => typeof value === 'number').nullable();

const checks = z.array(
  z
    .tuple([z.string(), z.string(), measured, measured, z.literal([0, 1])])
    .transform(([layer, check, limit, actual, passed]) => {
      return { layer, check, limit, actual, passed: passed === 1 };
    }),
);

export function parseNames(text: string): readonly string[] {
  return parsed(names, text, 'a list of names');
}

export function parseConditions(text: string): readonly Condition[] {
  return parsed(conditions, text, 'a list of conditions');
}

export function parseSteps(text: string): readonly RecordedStep[] {
  return parsed(steps, text, 'the states of an order');
}

export function parseChecks(text: string): readonly RecordedCheck[] {
  return parsed(checks, text, 'the risk checks of an order');
}

/** Throws a `DataError` on what no recorder writes. */
function parsed<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const was = JSON.stringify(text.slice(0, 80));
  throw new DataError(`${what} was expected in the record of a run, was ${was}`);
}
