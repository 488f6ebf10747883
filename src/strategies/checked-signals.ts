import type { Bar } from '../core/bar.ts';
import { StrategyError } from '../core/errors.ts';
import type { StrategyId } from '../core/ids.ts';
import type { Signal } from '../core/signal.ts';
import { decisionFault, faultOf, signalsOf } from './check-decision.ts';
import { isRecord } from './fault-text.ts';
import type { Decision } from './strategy.ts';

/** What a decision was asked for. */
interface Question {
  readonly strategy: StrategyId;
  readonly asked: 'onBar' | 'onBars';
  /** The bar that a signal on that symbol must be made on; null where there is none. */
  readonly barOf: (symbol: unknown) => Bar | null;
  /** Who decided on what, for errors; null where no single bar is meant. */
  readonly at: (bar: Bar | null) => string;
}

/** The signals of a decision, frozen. Throws a `StrategyError` where the engine cannot act on one. */
export function checkedSignals(decision: Decision, question: Question): readonly Signal[] {
  const { strategy, asked, barOf, at } = question;
  const whole = decisionFault(decision, asked);
  if (whole !== null) throw refusal(at(null), whole);
  const signals = signalsOf(decision);
  for (const signal of signals) {
    const bar = isRecord(signal) ? barOf(signal.symbol) : null;
    const fault = faultOf(signal, strategy, bar);
    if (fault !== null) throw refusal(at(bar), fault);
    Object.freeze(signal.conditions);
    if (signal.intent === 'enter') Object.freeze(signal.protection);
  }
  return signals;
}

function refusal(at: string, fault: string): StrategyError {
  return new StrategyError(`${at} returned what the engine cannot act on: ${fault}`);
}
