import type { Bar } from '../core/bar.ts';
import { COMPARISONS, type Condition } from '../core/condition.ts';
import { isOrderId, type StrategyId } from '../core/ids.ts';
import { SIDES } from '../core/order.ts';
import {
  SIGNAL_INTENTS,
  type EntrySignal,
  type ProtectSignal,
  type Signal,
} from '../core/signal.ts';
import { stopLossFault, takeProfitFault } from './check-levels.ts';
import { changesFault, termsFault } from './check-order-terms.ts';
import { isRecord, isThenable, unlike } from './fault-text.ts';
import type { Decision } from './strategy.ts';

const NO_SIGNALS: readonly Signal[] = [];

/** More than any strategy has to say on one bar: a list that grows without end is a bug. */
const SIGNALS_MAX = 1_000;

/** What shares an order group is known by. */
const GROUP_NAME_MAX = 64;

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
 * What is wrong with a decision as a whole, or null. Strategies written in plain JavaScript come
 * through here too: nothing about the shape is taken on trust.
 */
export function decisionFault(decision: Decision, asked: string): string | null {
  if (decision === undefined) {
    const what = unlike('a signal, a list of signals or null', decision);
    return `${what}; write "return null" where there is nothing to do`;
  }
  if (isThenable(decision)) {
    // What it comes to is of no interest; unheard, a failure would end the process.
    void decision.then(undefined, () => undefined);
    return unlike('a signal, a list of signals or null', `a promise (${asked} must not be async)`);
  }
  if (decision !== null && isList(decision) && decision.length > SIGNALS_MAX) {
    return unlike(`at most ${SIGNALS_MAX} signals`, decision.length);
  }
  return null;
}

/**
 * What is wrong with a signal, or null when the engine can act on it. `bar` is what it must have
 * been made on; null where its symbol had no bar to decide on.
 */
export function faultOf(signal: Signal, strategy: StrategyId, bar: Bar | null): string | null {
  if (!isRecord(signal)) {
    return unlike(
      'a signal made with context.enter, exit, cancel, replace or protect, or null',
      signal,
    );
  }
  if (!SIGNAL_INTENTS.includes(signal.intent)) {
    return unlike(
      'a signal made with context.enter, exit, cancel, replace or protect',
      Reflect.get(signal, 'intent'),
    );
  }
  if (bar === null) return unlike('a symbol with a bar of this instant', signal.symbol);
  return originFault(signal, strategy, bar) ?? conditionFault(signal) ?? wishFault(signal, bar);
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
  for (const condition of conditions) {
    if (!isRecord(condition)) return unlike('a condition', condition);
    const { name, value, comparison, threshold } = condition;
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

function wishFault(signal: Signal, bar: Bar): string | null {
  switch (signal.intent) {
    case 'enter':
      return entryFault(signal) ?? termsFault(signal.terms, bar.closeTime);
    case 'exit':
      return termsFault(signal.terms, bar.closeTime);
    case 'cancel':
      return orderFault(signal.orderId);
    case 'replace':
      return orderFault(signal.orderId) ?? changesFault(signal.changes);
    case 'protect':
      return protectFault(signal);
  }
}

function entryFault({ side, confidence, protection, oneCancelsOther }: EntrySignal): string | null {
  if (!SIDES.includes(side)) return unlike('the side buy or sell', side);
  if (!(Number.isFinite(confidence) && confidence > 0 && confidence <= 1)) {
    return unlike('a confidence in (0, 1]', confidence);
  }
  if (!isRecord(protection)) {
    return unlike('a protection with stopLoss and takeProfit', protection);
  }
  return (
    stopLossFault(protection.stopLoss) ??
    takeProfitFault(protection.takeProfit) ??
    groupFault(oneCancelsOther)
  );
}

function groupFault(name: unknown): string | null {
  if (name === null) return null;
  const isName = typeof name === 'string' && name !== '' && name.length <= GROUP_NAME_MAX;
  if (isName) return null;
  return unlike(`a oneCancelsOther name of 1 to ${GROUP_NAME_MAX} characters`, name);
}

function orderFault(id: unknown): string | null {
  if (typeof id === 'string' && isOrderId(id)) return null;
  return unlike('an order of context.orders, or its id,', id);
}

function protectFault({ stopLoss, takeProfit }: ProtectSignal): string | null {
  if (stopLoss === 'keep' && takeProfit === 'keep') {
    return unlike('a stopLoss or takeProfit to change', 'neither');
  }
  return (
    (stopLoss === 'keep' ? null : stopLossFault(stopLoss)) ??
    (takeProfit === 'keep' ? null : takeProfitFault(takeProfit))
  );
}
