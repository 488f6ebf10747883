import type { Exchange } from 'ccxt';
import { describe, expect, it } from 'vitest';
import { ccxtInProcess } from '../../support/exchange-sim/ccxt-client.ts';
import { ExchangeAuditor } from '../../support/exchange-sim/exchange-auditor.ts';
import type { ExchangeCore } from '../../support/exchange-sim/exchange-core.ts';
import { FATE_KINDS, type FateKind } from '../../support/exchange-sim/fates.ts';
import { makeExchange, type VenueId } from '../../support/exchange-sim/make-exchange.ts';
import { liveMarkets } from '../../support/exchange-sim/market-life.ts';
import { SeededChance } from '../../support/exchange-sim/seeded-chance.ts';
import { SWARM_KINDS, SwarmPolicy } from '../../support/exchange-sim/swarm-policy.ts';
import { VirtualTime } from '../../support/exchange-sim/virtual-time.ts';

const START = 1_772_445_600_000;
const HOUR = 3_600_000;
const VENUES: readonly VenueId[] = ['binance', 'kraken', 'coinbase'];
const FIELDS = { binance: 'newClientOrderId', kraken: 'cl_ord_id', coinbase: 'client_order_id' };

interface Outcome {
  readonly core: ExchangeCore;
  /** What every call came to: `ok`, or the name of its error. */
  readonly outcomes: readonly string[];
}

/** A client that does as it pleases for a while, and never sends an id twice. */
async function hammer(
  venue: VenueId,
  seed: number,
  calls: number,
  policy?: SwarmPolicy,
): Promise<Outcome> {
  const time = new VirtualTime(START);
  const chance = new SeededChance(seed);
  const made = makeExchange(venue, { clock: time });
  const { core } = made;
  const client = await ccxtInProcess(venue, { ...made, time });
  core.policy = policy ?? new SwarmPolicy({ seed, start: START, spanMs: 4 * HOUR });
  const stop = liveMarkets({
    core,
    time,
    chance: chance.fork(),
    everyMs: 30_000,
    stepBps: 20,
    partial: 0.3,
  });
  const outcomes: string[] = [];
  for (let n = 0; n < calls; n += 1) {
    const call = doing(venue, client, chance, n);
    // Nobody waits for ever.
    const waiting = Promise.race([
      call,
      time.wait(20_000, new AbortController().signal).then(late),
    ]);
    outcomes.push(await time.settle(waiting.then(() => 'ok', nameOf)));
    await time.runUntil(time.now() + chance.between(0, 20_000));
  }
  stop();
  return { core, outcomes };
}

function late(): never {
  throw new DOMException('given up', 'TimeoutError');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

function doing(
  venue: VenueId,
  client: Exchange,
  chance: SeededChance,
  n: number,
): Promise<unknown> {
  const pair = venue === 'binance' ? 'BTC/USDT' : 'BTC/USD';
  const params = { [FIELDS[venue]]: `qs${n}` };
  const price = chance.between(57_000, 63_000);
  const side = chance.pick(['buy', 'sell'] as const);
  const [open] = [...lastOrders(client)];
  switch (chance.between(0, 8)) {
    case 0:
    case 1:
    case 2:
      return client
        .createOrder(pair, 'limit', side, chance.between(1, 50) / 1000, price, params)
        .then(({ id }) => lastOrders(client).add(id ?? ''));
    case 3:
      if (open === undefined) return client.fetchOpenOrders(pair);
      lastOrders(client).delete(open);
      return client.cancelOrder(open, pair);
    case 4:
      return client.fetchOpenOrders(pair);
    case 5:
      return client.fetchMyTrades(pair);
    case 6:
      return client.fetchBalance({ v3: true });
    case 7:
      return client.fetchClosedOrders(pair);
    default:
      return client.fetchOrderBook(pair);
  }
}

const ORDERS = new WeakMap<Exchange, Set<string>>();

function lastOrders(client: Exchange): Set<string> {
  const known = ORDERS.get(client) ?? new Set();
  ORDERS.set(client, known);
  return known;
}

describe('the swarm of faults', () => {
  it.each(VENUES)('leaves the books of %s in order, whatever it does', async (venue) => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const { core } = await hammer(venue, seed, 60);
      expect(new ExchangeAuditor(core).faults()).toEqual([]);
    }
  });

  it('is the same for the same seed, down to the last request', async () => {
    const tell = async (seed: number) => {
      const { core, outcomes } = await hammer('binance', seed, 80);
      const wire = core.requests.map(({ at, path, query, body, fate }) =>
        [at, path, query, body, fate.kind].join(' '),
      );
      return { wire, outcomes, orders: core.orders(), reached: [...core.reached] };
    };
    const first = await tell(4);
    expect(first.wire.length).toBeGreaterThan(80);
    expect(await tell(4)).toEqual(first);
    expect(await tell(5)).not.toEqual(first);
  });

  it('reaches every fault that it knows', async () => {
    const missing = new Set<FateKind>(SWARM_KINDS);
    for (let seed = 1; seed <= 40 && missing.size > 0; seed += 1) {
      const options = { seed, start: START, spanMs: HOUR, rate: 0.6, storms: 0 };
      const policy = new SwarmPolicy({ ...options, kinds: [...missing] });
      const { core } = await hammer(VENUES[seed % 3] ?? 'kraken', seed, 80, policy);
      const words = [...core.reached.keys()].flatMap((name) => name.split(/[ ,]+/));
      for (const kind of FATE_KINDS.filter((each) => words.includes(each))) missing.delete(kind);
    }
    expect([...missing]).toEqual([]);
  });

  it('has outages in which nothing is answered, and ends them', async () => {
    const policy = new SwarmPolicy({ seed: 3, start: START, spanMs: HOUR, rate: 0, storms: 1 });
    const [{ from, to } = { from: 0, to: 0 }] = policy.storms;
    expect(policy.draw('open', from - 1)).toEqual({ kind: 'ok' });
    expect(policy.draw('open', from)).toMatchObject({ kind: 'storm' });
    expect(policy.draw('place', to - 1)).toMatchObject({ kind: 'storm' });
    expect(policy.draw('open', to)).toEqual({ kind: 'ok' });
    const length = to - from;
    expect(length).toBeGreaterThanOrEqual(60_000);
    expect(length).toBeLessThanOrEqual(HOUR);
  });

  it('has a rate and a set of faults for each seed, and every rate for some', () => {
    const policies = Array.from(
      { length: 100 },
      (_, seed) => new SwarmPolicy({ seed, start: START, spanMs: HOUR }),
    );
    expect(new Set(policies.map(({ rate }) => rate))).toEqual(new Set([0, 0.01, 0.05, 0.2]));
    const sets = new Set(policies.map(({ kinds }) => [...kinds].join()));
    expect(sets.size).toBe(100);
  });

  it('is over once the exchange is healed', async () => {
    const { core } = await hammer('kraken', 8, 40);
    core.next('open', { kind: 'drop', accepted: false });
    core.clockOffsetMs = 9_000;
    core.heal();
    expect(core.fateOf('open')).toEqual({ kind: 'ok' });
    expect(core.clockOffsetMs).toBe(0);
  });
});
