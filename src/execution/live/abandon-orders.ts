import type { ExchangeAccount } from '../../ports/exchange-account.ts';
import { isOut } from './leg.ts';
import { isExit, type LiveOrder } from './live-order.ts';

interface Abandoned {
  readonly account: Pick<ExchangeAccount, 'exchange' | 'cancel'>;
  readonly orders: readonly LiveOrder[];
  /** Entries are to stay where they are. */
  readonly keepsEntries: boolean;
}

/**
 * Leaves the orders of an engine that has stopped for good: open entries are called back at the
 * exchange, as well as may be until the signal aborts; what protects positions stays. Nothing of it
 * is on record: the next start reads what became of them. Tells what is left, one sentence each.
 */
export async function abandonOrders(
  { account, orders, keepsEntries }: Abandoned,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { exchange } = account;
  const told = orders.map(async (order): Promise<string> => {
    const { request, leg } = order;
    const what = `${request.role} ${request.id} of ${request.symbol}`;
    if (isExit(order)) {
      return isOut(leg)
        ? `${what} stays at ${exchange}`
        : `${what} is watched by nobody until the next start`;
    }
    if (!isOut(leg)) return `${what} was not sent`;
    if (keepsEntries) return `${what} stays at ${exchange}`;
    const { clientId, venueId } = leg;
    const ref = { clientId, venueId, symbol: request.symbol };
    const isSent = await before(signal, isCancelled(account, ref));
    return isSent ? `${what} was called back` : `${what} may still be open at ${exchange}`;
  });
  return Promise.all(told);
}

async function isCancelled(
  account: Abandoned['account'],
  ref: Parameters<ExchangeAccount['cancel']>[0],
): Promise<boolean> {
  try {
    return (await account.cancel(ref)).kind !== 'unknown';
  } catch {
    // An adapter that throws has said nothing: the order may still be there.
    return false;
  }
}

/** What came of something, or false where the signal aborts before. */
async function before(signal: AbortSignal, work: Promise<boolean>): Promise<boolean> {
  if (signal.aborted) return false;
  const ended = new Promise<boolean>((resolve) => {
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  return Promise.race([work, ended]);
}
