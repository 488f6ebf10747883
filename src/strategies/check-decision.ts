import type { Bar } from '../core/bar.ts';
import { COMPARISONS } from '../core/condition.ts';
import { SIDES } from '../core/order.ts';
import type { StopLevel } from '../core/protection.ts';
import type { Condition } from '../core/condition.ts';
import { SIGNAL_INTENTS, type Signal } from '../core/signal.ts';
import type { StrategyId } from '../core/ids.ts';
import type { Decision } from './strategy.ts';

const NO_SIGNALS: readonly Signal[] = [];

/** The signals of a decision as a list. */
export function signalsOf(decision: Decision): readonly Signal[] {
  if (decision === null) return NO_SIGNALS;
  return isList(decision) ? decision : [decision];
}

/** `Array.isArray` alone does not recognise a readonly array. */
function isList(decision: Signal | readonly Signal[]): decision is readonly Signal[] {
  return Array.isArray(decision);
}

/**
 * What is wrong with a signal, as "… was expected, was …", or null when the engine can act on it.
 * Strategies written in plain JavaScript come through here too: nothing about the shape is taken
 * on trust.
 */
export function faultOf(signal: Signal, strategy: StrategyId, bar: Bar): string | null {
  if (typeof signal !== 'object' || signal === null) {
    return unlike('a signal made with context.enter or context.exit, or null', signal);
  }
  if (!SIGNAL_INTENTS.includes(signal.intent)) {
    return unlike(
      'a signal made with context.enter, exit, cancel, replace or protect',
      intentOf(signal),
    );
  }
  return originFault(signal, strategy, bar) ?? conditionFault(signal) ?? entryFault(signal);
}

function originFault(signal: Signal, strategy: StrategyId, bar: Bar): string | null {
  if (signal.strategy !== strategy) return unlike(`strategy "${strategy}"`, signal.strategy);
  if (signal.symbol !== bar.symbol) return unlike(`symbol "${bar.symbol}"`, signal.symbol);
  if (signal.barOpenTime !== bar.openTime) {
    return unlike(`the bar time ${bar.openTime}`, signal.barOpenTime);
  }
  if (signal.price !== bar.close) return unlike(`the close ${bar.close}`, signal.price);
  if (typeof signal.reason !== 'string' || signal.reason === '') {
    return unlike('a reason in words', signal.reason);
  }
  return null;
}

function conditionFault({ conditions }: Signal): string | null {
  if (!isConditions(conditions)) return unlike('a list of conditions', conditions);
  for (const { name, value, comparison, threshold } of conditions) {
    if (typeof name !== 'string' || name === '') return unlike('a named condition', name);
    if (!COMPARISONS.includes(comparison)) return unlike(`a comparison in "${name}"`, comparison);
    if (!Number.isFinite(value)) return unlike(`a finite value of "${name}"`, value);
    if (!Number.isFinite(threshold)) return unlike(`a finite threshold of "${name}"`, threshold);
  }
  return null;
}

function isConditions(value: readonly Condition[]): value is readonly Condition[] {
  return Array.isArray(value);
}

function entryFault(signal: Signal): string | null {
  if (signal.intent !== 'enter') return null;
  const { side, confidence, protection } = signal;
  if (!SIDES.includes(side)) return unlike('the side buy or sell', side);
  if (!(Number.isFinite(confidence) && confidence > 0 && confidence <= 1)) {
    return unlike('a confidence in (0, 1]', confidence);
  }
  if (typeof protection !== 'object' || protection === null) {
    return unlike('a protection with stopLoss and takeProfit', protection);
  }
  return (
    levelFault('stop-loss', protection.stopLoss) ?? levelFault('take-profit', protection.takeProfit)
  );
}

function levelFault(name: string, level: StopLevel | null): string | null {
  if (level === null) return null;
  if (typeof level !== 'object') return unlike(`a ${name} level or null`, level);
  switch (level.kind) {
    case 'price':
      return positive(`${name} price`, level.price);
    case 'distance':
    case 'trailing_distance':
      return positive(`${name} distance`, level.distance);
    case 'fraction':
    case 'trailing_fraction':
      return positive(`${name} fraction`, level.fraction);
    case 'toward':
      return (
        positive(`${name} reference`, level.reference) ??
        positive(`${name} multiple`, level.multiple)
      );
    default:
      return unlike(`a ${name} kind (price, distance, fraction, toward)`, kindOf(level));
  }
}

function positive(name: string, value: number): string | null {
  return Number.isFinite(value) && value > 0 ? null : unlike(`a positive, finite ${name}`, value);
}

/** Reached by untyped code only: the switch above is exhaustive to the compiler. */
function kindOf(level: never): unknown {
  return Reflect.get(level, 'kind');
}

function unlike(expected: string, actual: unknown): string {
  return `${expected} was expected, was "${String(actual)}"`;
}

function intentOf(value: object): unknown {
  return value instanceof Promise
    ? 'a promise (onBar must not be async)'
    : Reflect.get(value, 'intent');
}
