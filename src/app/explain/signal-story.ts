import type { Condition } from '../../core/condition.ts';
import { IGNORE_REASONS, type IgnoreReason } from '../../core/signal.ts';
import type { RecordedOrder, RecordedSignal, RunArchive } from '../../ports/run-archive.ts';
import {
  explainedOrder,
  explainedPosition,
  type ExplainedOrder,
  type ExplainedPosition,
} from './order-story.ts';

/** A signal that was raised on the bar, and all that came of it. */
export interface ExplainedSignal {
  readonly seq: number;
  readonly intent: string;
  readonly side: string | null;
  readonly confidence: number | null;
  readonly price: number;
  readonly reason: string;
  /** As the run recorded them. */
  readonly conditions: readonly Condition[];
  readonly wish: unknown;
  readonly outcome: string;
  readonly sentence: string;
  /** Those it led to, then those that protected or closed the position it opened. */
  readonly orders: readonly ExplainedOrder[];
  /** The position it opened or closed, as the run left it. */
  readonly position: ExplainedPosition | null;
}

const IGNORED: Readonly<Record<IgnoreReason, string>> = {
  'position-open': 'a position is open already',
  'order-pending': 'an order for it is on its way already',
  'no-position': 'nothing is held that could be closed or protected',
  'shorting-disabled': 'the strategy may not sell short (allow_short is off)',
  'no-cash': 'there is no cash for it beside what open orders may take',
  'below-minimum': 'the quantity comes to less than the least the venue takes',
  'order-final': 'the order is over already',
  'too-late': 'the order it was to replace ended when the bar it was decided on was old',
  'wrong-side-protection': 'its stop-loss or take-profit is on the wrong side of the entry',
};

export function explainedSignal(
  archive: RunArchive,
  run: string,
  signal: RecordedSignal,
): ExplainedSignal {
  const own = archive.ordersOf(run, signal.seq);
  const position = own.find((order) => order.position !== null)?.position ?? null;
  const later =
    signal.intent === 'enter' && position !== null ? archive.ordersOfPosition(run, position) : [];
  const known = new Set(own.map(({ id }) => id));
  const orders = [...own, ...later.filter(({ id }) => !known.has(id))].toSorted(inOrder);
  const ended = position === null ? null : archive.position(run, position);
  const { seq, intent, side, confidence, price, reason, conditions, wish, outcome } = signal;
  return {
    seq,
    intent,
    side,
    confidence,
    price,
    reason,
    conditions,
    wish: JSON.parse(wish),
    outcome,
    sentence: sentenceOf(signal, own),
    orders: orders.map(explainedOrder),
    position: ended === null ? null : explainedPosition(ended),
  };
}

function inOrder(one: RecordedOrder, other: RecordedOrder): number {
  return one.requestedSeq - other.requestedSeq;
}

/** What became of a signal, in words. */
function sentenceOf({ outcome }: RecordedSignal, orders: readonly RecordedOrder[]): string {
  if (outcome === 'done') return 'done, without an order of its own';
  if (outcome === 'pending') return 'the run ended before it was answered';
  const why = IGNORE_REASONS.find((each) => each === outcome);
  if (why !== undefined) return `ignored (${why}): ${IGNORED[why]}`;
  const [first] = orders;
  if (first === undefined) return 'ordered';
  if (first.refusal !== null) return `order ${first.id} was refused by risk: ${first.refusal}`;
  return `order ${first.id} was ${first.state.replace('_', ' ')}`;
}
