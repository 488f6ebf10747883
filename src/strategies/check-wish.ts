import { StrategyError } from '../core/errors.ts';
import type { Signal } from '../core/signal.ts';
import { isRecord, unlike } from './fault-text.ts';

/** What can be said in each kind of wish besides `reason` and `rules`. */
const FIELDS: Readonly<Record<Signal['intent'], readonly string[]>> = {
  enter: ['side', 'order', 'quantity', 'oneCancelsOther', 'confidence', 'protection'],
  exit: ['order', 'quantity'],
  cancel: [],
  replace: ['quantity', 'limitPrice', 'stopPrice', 'trail'],
  protect: ['stopLoss', 'takeProfit'],
};

const LEGS: readonly string[] = ['stopLoss', 'takeProfit'];

/**
 * Throws a `StrategyError` for a wish that is no object, or has a field nobody reads: a stop-loss
 * in the wrong place must not pass for one that is set.
 */
export function requireWish(intent: Signal['intent'], wish: unknown): void {
  if (!isRecord(wish)) {
    const argument = intent === 'cancel' || intent === 'replace' ? 'as second argument ' : '';
    throw new StrategyError(
      unlike(`context.${intent}: an object with a reason ${argument}`.trimEnd(), wish),
    );
  }
  requireFields(`context.${intent}`, wish, ['reason', 'rules', ...FIELDS[intent]]);
  const { protection } = wish;
  if (isRecord(protection)) requireFields(`context.${intent}: protection`, protection, LEGS);
}

function requireFields(
  where: string,
  wish: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  for (const field in wish) {
    if (known.includes(field)) continue;
    throw new StrategyError(unlike(`${where}: fields among ${known.join(', ')}`, field));
  }
}
