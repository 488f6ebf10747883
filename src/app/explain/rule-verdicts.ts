import type { Condition } from '../../core/condition.ts';
import type { PositionSide } from '../../core/position.ts';
import type { Explanation } from '../../strategies/strategy-runner.ts';

/** A named rule on one bar: every condition, and in words what kept it from holding. */
export interface ExplainedRule {
  readonly rule: string;
  readonly holds: boolean;
  readonly sentence: string;
  readonly firstFailing: string | null;
  readonly conditions: readonly Condition[];
}

export function explainedRule(explanation: Explanation): ExplainedRule {
  const { rule, holds, conditions, firstFailing } = explanation;
  const name = rule.replaceAll('_', ' ');
  const why = firstFailing === null ? '' : `: ${failure(firstFailing)}`;
  return {
    rule,
    holds,
    sentence: holds ? `${name} holds` : `no ${name}${why}`,
    firstFailing: firstFailing?.name ?? null,
    conditions,
  };
}

/** `rsi_oversold 52.3 is not < 40`. */
function failure({ name, value, comparison, threshold }: Condition): string {
  if (Number.isNaN(value) || Number.isNaN(threshold)) {
    return `${name} is not defined yet (${value} ${comparison} ${threshold})`;
  }
  const [shown, limit] = readable(value, threshold);
  return `${name} ${shown} is not ${comparison} ${limit}`;
}

const DIGITS = 6;

/** Rounded for reading, unless that would make one of two numbers that differ. */
export function readable(value: number, threshold: number): readonly [number, number] {
  const rounded = [value, threshold].map((each) => Number(each.toPrecision(DIGITS)));
  const [shown = value, limit = threshold] = rounded;
  return shown === limit ? [value, threshold] : [shown, limit];
}

/**
 * Rules that answer why nothing was done: those to enter while nothing is held, those to leave while
 * something is, the other side's left out; all of them where their names do not tell.
 */
export function rulesAsked(
  rules: readonly ExplainedRule[],
  held: PositionSide | null,
): readonly ExplainedRule[] {
  const wanted = held === null ? 'entry' : 'exit';
  const foreign = held === null ? null : held === 'long' ? 'short' : 'long';
  const asked = rules.filter(({ rule }) => {
    const words = rule.split('_');
    return words.includes(wanted) && (foreign === null || !words.includes(foreign));
  });
  return asked.length > 0 ? asked : rules;
}
