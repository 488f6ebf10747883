import { ConfigError, StrategyError } from '../core/errors.ts';
import { isRecord, isThenable, unlike } from './fault-text.ts';
import type { HostedStrategy } from './hosted-strategy.ts';
import type { CrossSectionalStrategy, NamedRules, Strategy } from './strategy.ts';
import { thrownText } from './thrown-text.ts';

/** Where a strategy is made, and what it must be able to do. */
interface Making {
  readonly hosted: HostedStrategy;
  /** As errors name it: `BTC/USD`. */
  readonly whereFor: string;
  readonly creator: 'create' | 'createForAll';
  readonly decider: 'onBar' | 'onBars';
}

/**
 * What a strategy's own code made, checked as far as its shape goes: it may be plain JavaScript.
 * Throws a `ConfigError` where a parameter was wrong, a `StrategyError` for every other fault.
 */
export function made<S extends Strategy | CrossSectionalStrategy>(
  making: Making,
  make: () => S,
): S {
  const at = `strategy "${making.hosted.id}" could not be made for ${making.whereFor}:`;
  const strategy = attempt(make, at);
  const fault = shapeFault(strategy, making);
  if (fault !== null) throw new StrategyError(`${at} ${fault}`);
  return strategy;
}

function attempt<S>(make: () => S, at: string): S {
  try {
    return make();
  } catch (error) {
    const message = `${at} ${thrownText(error)}`;
    if (error instanceof ConfigError) throw new ConfigError(message, { cause: error });
    throw new StrategyError(message, { cause: error });
  }
}

function shapeFault(strategy: unknown, { creator, decider }: Making): string | null {
  const right = `${creator}: an object with a function ${decider}`;
  if (isThenable(strategy)) {
    // What it comes to is of no interest; unheard, a failure would end the process.
    void strategy.then(undefined, () => undefined);
    return unlike(right, `a promise (${creator} must not be async)`);
  }
  if (!isRecord(strategy) || typeof strategy[decider] !== 'function')
    return unlike(right, strategy);
  const { rules } = strategy;
  if (rules === undefined) return null;
  return creator === 'create' ? rulesFault(rules) : rulesBySymbolFault(rules);
}

function rulesBySymbolFault(rules: unknown): string | null {
  if (!isRecord(rules)) return unlike('rules: named rules by symbol', rules);
  for (const each of Object.values(rules)) {
    const fault = rulesFault(each);
    if (fault !== null) return fault;
  }
  return null;
}

function rulesFault(rules: unknown): string | null {
  if (!isRecord(rules)) return unlike('rules: rules by name', rules);
  const wrong = Object.entries(rules).find(([, rule]) => !isRule(rule));
  if (wrong === undefined) return null;
  return unlike(`rules.${wrong[0]}: what rule, allOf or anyOf gives`, wrong[1]);
}

function isRule(value: unknown): value is NamedRules[string] {
  return (
    isRecord(value) &&
    typeof value['holds'] === 'function' &&
    typeof value['conditions'] === 'function'
  );
}
