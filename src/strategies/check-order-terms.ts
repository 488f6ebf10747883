import { TIMES_IN_FORCE } from '../core/order.ts';
import { USUAL_TERMS, type OrderTerms } from '../core/signal.ts';
import { formatTime, type EpochMs } from '../core/time.ts';
import { trailFault } from './check-levels.ts';
import { isRecord, positiveFault, unlike } from './fault-text.ts';

/** The prices that each type of order has. */
const FIELDS_OF: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['market', []],
  ['limit', ['limitPrice']],
  ['stop', ['stopPrice']],
  ['stop_limit', ['stopPrice', 'limitPrice']],
  ['trailing_stop', ['trail']],
]);

/** Times in force that ask for a fill at once: a stop waits for its price. */
const AT_ONCE: ReadonlySet<unknown> = new Set(['ioc', 'fok']);

/** What is wrong with the order a wish asks for; `decidedAt` is the close of its bar. */
export function termsFault(terms: OrderTerms, decidedAt: EpochMs): string | null {
  if (terms === USUAL_TERMS) return null;
  if (!isRecord(terms)) return unlike('the order of a signal', terms);
  return (
    pricingFault(terms.pricing) ??
    lifetimeFault(terms, decidedAt) ??
    (terms.quantity === null ? null : positiveFault('quantity', terms.quantity))
  );
}

/** What is wrong with the changes of an order: nothing to change is a fault as well. */
export function changesFault(changes: unknown): string | null {
  if (!isRecord(changes)) return unlike('changes of an order', changes);
  const wanted = Object.entries(changes).filter(([, value]) => value !== null);
  if (wanted.length === 0) {
    return unlike('a quantity, limitPrice, stopPrice or trail to change', 'none of them');
  }
  for (const [field, value] of wanted) {
    const fault = field === 'trail' ? trailFault(value) : positiveFault(field, value);
    if (fault !== null) return fault;
  }
  return null;
}

function pricingFault(pricing: unknown): string | null {
  if (!isRecord(pricing)) return unlike('an order with a type', pricing);
  const { type } = pricing;
  const fields = FIELDS_OF.get(type);
  if (fields === undefined)
    return unlike(`an order type (${[...FIELDS_OF.keys()].join(', ')})`, type);
  const kind = `a ${String(type)} order`;
  for (const field of fields) {
    const value = pricing[field];
    const fault = field === 'trail' ? trailFault(value) : positiveFault(field, value);
    if (fault !== null) return `${kind}: ${fault}`;
  }
  const foreign = Object.keys(pricing).find((key) => key !== 'type' && !fields.includes(key));
  if (foreign === undefined) return null;
  const right = fields.length === 0 ? 'no price' : fields.join(' and ');
  return unlike(`${kind} with ${right}`, `one with ${foreign}`);
}

function lifetimeFault(terms: OrderTerms, decidedAt: EpochMs): string | null {
  const { timeInForce, expiresAt, pricing } = terms;
  if (timeInForce !== null && !TIMES_IN_FORCE.includes(timeInForce)) {
    return unlike(`a time in force (${TIMES_IN_FORCE.join(', ')})`, timeInForce);
  }
  if (timeInForce === 'gtd') return expiryFault(expiresAt, decidedAt);
  if (expiresAt !== null) return unlike('an expiresAt with timeInForce "gtd" only', expiresAt);
  if (AT_ONCE.has(timeInForce) && pricing.type !== 'market' && pricing.type !== 'limit') {
    return unlike(`a market or limit order for timeInForce "${timeInForce}"`, pricing.type);
  }
  return null;
}

function expiryFault(expiresAt: unknown, decidedAt: EpochMs): string | null {
  const isLater =
    typeof expiresAt === 'number' && Number.isSafeInteger(expiresAt) && expiresAt > decidedAt;
  if (isLater) return null;
  return unlike(
    `an expiresAt after the bar's close (${decidedAt}, ${formatTime(decidedAt)}) in whole ` +
      'milliseconds',
    expiresAt,
  );
}
