import { DAY_MS, type EpochMs } from '../../core/time.ts';
import { isRecord, nameOf } from './alpaca-bars.ts';
import { badAnswer } from './alpaca-faults.ts';
import { readOrders, type ListedOrder } from './order-reports.ts';
import type { AlpacaTradingClient, OrderPage } from './trading-client.ts';
import { textOf } from './wire-values.ts';

const PAGE_ORDERS = 500;

/** More than anybody has in three months; an exchange that goes on is not believed. */
const PAGES_MAX = 200;

/** Alpaca ends what rests after 90 days: nothing submitted before can have ended since. */
const LONGEST_REST_MS = 91 * DAY_MS;

/** All open orders, of any symbol. Throws an `ExchangeError`. */
export function listedOpenOrders(
  client: AlpacaTradingClient,
  signal: AbortSignal,
): Promise<readonly ListedOrder[]> {
  return listed(client, { status: 'open', behind: null }, signal);
}

/**
 * All orders that ended at or after a time, of any symbol. Alpaca lists by submission, so all that
 * may have rested until then is read. Throws an `ExchangeError`.
 */
export async function listedClosedOrders(
  client: AlpacaTradingClient,
  since: EpochMs,
  signal: AbortSignal,
): Promise<readonly ListedOrder[]> {
  const behind = { time: Math.max(0, since - LONGEST_REST_MS) };
  const orders = await listed(client, { status: 'closed', behind }, signal);
  return orders.filter(({ endedAt }) => endedAt === null || endedAt >= since);
}

async function listed(
  client: AlpacaTradingClient,
  { status, behind }: Pick<OrderPage, 'status' | 'behind'>,
  signal: AbortSignal,
): Promise<readonly ListedOrder[]> {
  const orders = new Map<string, ListedOrder>();
  const lastIds = new Set<string>();
  let begin = behind;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await client.orders({ status, size: PAGE_ORDERS, behind: begin }, signal);
    for (const order of readOrders(answer)) orders.set(order.report.venueId, order);
    if (!Array.isArray(answer) || answer.length < PAGE_ORDERS) return [...orders.values()];
    const orderId = lastIdOf(answer);
    if (lastIds.has(orderId)) throw badAnswer('orders', 'further ones', 'the same page again');
    lastIds.add(orderId);
    begin = { orderId };
  }
  throw badAnswer('orders', 'an end', `${PAGES_MAX} pages`);
}

function lastIdOf(rows: readonly unknown[]): string {
  const last = rows.at(-1);
  const id = isRecord(last) ? textOf(last['id']) : null;
  if (id === null) throw badAnswer('orders', 'an id', nameOf(last));
  return id;
}
