import type { Bar } from '../core/bar.ts';
import { compares } from '../core/condition.ts';
import type { Comparison, Condition } from '../core/condition.ts';
import { StrategyError } from '../core/errors.ts';

/** A number that a rule reads on a bar: a price, or an indicator's value as of that bar. */
export type Quantity = (bar: Bar) => number;

/** A predicate that can say why. `holds` allocates nothing; `conditions` records every number. */
export interface Rule {
  holds(bar: Bar): boolean;
  /** All conditions in the order they were written, also those that decided nothing. */
  conditions(bar: Bar): readonly Condition[];
  /**
   * The condition that keeps it from holding, asked only while it does not. Where this is absent,
   * the first condition that fails is taken for it.
   */
  decisive?(bar: Bar): Condition | null;
}

/** The condition that keeps a rule from holding; null while it holds, or where none fails. */
export function firstFailing(rule: Rule, bar: Bar): Condition | null {
  if (rule.holds(bar)) return null;
  if (rule.decisive !== undefined) return rule.decisive(bar);
  return rule.conditions(bar).find(({ holds }) => !holds) ?? null;
}

/** A named comparison. It does not hold while either side is NaN. */
export function rule(
  name: string,
  value: Quantity,
  comparison: Comparison,
  threshold: number | Quantity,
): Rule {
  const limit: Quantity = typeof threshold === 'number' ? () => threshold : threshold;
  return {
    holds: (bar) => compares(value(bar), comparison, limit(bar)),
    conditions: (bar) => {
      const actual = value(bar);
      const bound = limit(bar);
      const holds = compares(actual, comparison, bound);
      return [Object.freeze({ name, value: actual, comparison, threshold: bound, holds })];
    },
  };
}

/** Holds when every rule does. Throws a `StrategyError` without rules. */
export function allOf(rules: readonly Rule[]): Rule {
  const members = checked(rules, 'allOf');
  return {
    holds(bar) {
      for (let i = 0; i < members.length; i++) if (members[i]?.holds(bar) !== true) return false;
      return true;
    },
    conditions: (bar) => members.flatMap((member) => member.conditions(bar)),
    decisive(bar) {
      const failing = members.find((member) => !member.holds(bar));
      return failing === undefined ? null : firstFailing(failing, bar);
    },
  };
}

/** Holds when at least one rule does. Throws a `StrategyError` without rules. */
export function anyOf(rules: readonly Rule[]): Rule {
  const members = checked(rules, 'anyOf');
  return {
    holds(bar) {
      for (let i = 0; i < members.length; i++) if (members[i]?.holds(bar) === true) return true;
      return false;
    },
    conditions: (bar) => members.flatMap((member) => member.conditions(bar)),
    decisive(bar) {
      const [first] = members;
      return first === undefined ? null : firstFailing(first, bar);
    },
  };
}

/** An empty list would hold always, or never, without saying so. */
function checked(rules: readonly Rule[], name: string): readonly Rule[] {
  if (rules.length > 0) return [...rules];
  throw new StrategyError(`${name}: at least one rule was expected, was an empty list`);
}
