import type { SymbolName } from '../../core/instrument.ts';
import { DAY_MS, type EpochMs } from '../../core/time.ts';
import type { VenueTrade } from '../../ports/exchange-account.ts';
import { badAnswer } from './alpaca-faults.ts';
import { mayKnowFees, withFees } from './fee-attribution.ts';
import { inOrder, readActivities, readFee, readFill } from './fill-activities.ts';
import type { ActivityPage, AlpacaTradingClient } from './trading-client.ts';

const PAGE_ACTIVITIES = 100;
const PAGES_MAX = 1_000;

/** Fees are shared out by the day, in New York: one that began before is read from its beginning. */
const FEE_LOOKBACK_MS = 2 * DAY_MS;

interface TradeQuery {
  readonly symbols: readonly SymbolName[];
  readonly since: EpochMs;
  readonly now: EpochMs;
}

/** Fills of some symbols at or after a time, oldest first. Throws an `ExchangeError`. */
export async function listedTrades(
  client: AlpacaTradingClient,
  { symbols, since, now }: TradeQuery,
  signal: AbortSignal,
): Promise<readonly VenueTrade[]> {
  const asked = new Set(symbols);
  const needsFees = symbols.some(isPair) && mayKnowFees(since, now);
  const after = Math.max(0, since - 1 - (needsFees ? FEE_LOOKBACK_MS : 0));
  const fillRows = await activities(client, { types: ['FILL'], after }, signal);
  const feeRows = needsFees
    ? await activities(client, { types: ['CFEE', 'FEE'], after }, signal)
    : [];
  // A fee of a day is that of all its pairs together, whether asked for or not.
  const concerns = (symbol: SymbolName) => asked.has(symbol) || (needsFees && isPair(symbol));
  const fills = inOrder(fillRows.flatMap((row) => readFill(row, concerns) ?? []));
  const fees = feeRows.flatMap((row) => readFee(row) ?? []);
  const trades = withFees(
    fills.map(({ trade }) => trade),
    fees,
    now,
  );
  return trades.filter(({ symbol, time }) => asked.has(symbol) && time >= since);
}

function isPair(symbol: SymbolName): boolean {
  return symbol.includes('/');
}

type ActivityRow = ReturnType<typeof readActivities>[number];

async function activities(
  client: AlpacaTradingClient,
  { types, after }: Pick<ActivityPage, 'types' | 'after'>,
  signal: AbortSignal,
): Promise<readonly ActivityRow[]> {
  const rows = new Map<string, ActivityRow>();
  let pageToken: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const request = { types, after, size: PAGE_ACTIVITIES, pageToken };
    const found = readActivities(await client.activities(request, signal));
    const known = rows.size;
    for (const row of found) rows.set(row.id, row);
    const last = found.at(-1);
    if (last === undefined || found.length < PAGE_ACTIVITIES) return [...rows.values()];
    if (rows.size === known) throw badAnswer('activities', 'further ones', 'the same page again');
    pageToken = last.id;
  }
  throw badAnswer('activities', 'an end', `${PAGES_MAX} pages`);
}
