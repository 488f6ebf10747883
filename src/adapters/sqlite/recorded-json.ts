import * as z from 'zod';
import { COMPARISONS, type Condition } from '../../core/condition.ts';
import { DataError } from '../../core/errors.ts';
import { ORDER_STATES } from '../../core/order.ts';
import type { RecordedStep } from '../../ports/run-archive.ts';

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

export function parseNames(text: string): readonly string[] {
  return parsed(names, text, 'a list of names');
}

export function parseConditions(text: string): readonly Condition[] {
  return parsed(conditions, text, 'a list of conditions');
}

export function parseSteps(text: string): readonly RecordedStep[] {
  return parsed(steps, text, 'the states of an order');
}

/** Throws a `DataError` on what no recorder writes. */
function parsed<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const was = JSON.stringify(text.slice(0, 80));
  throw new DataError(`${what} was expected in the record of a run, was ${was}`);
}
