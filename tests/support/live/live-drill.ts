import type { Decimal } from '../../../src/core/decimal.ts';
import type { OrderId } from '../../../src/core/ids.ts';
import { isFinal } from '../../../src/core/order.ts';
import { BTC, dec, entryOrder, exitOrder } from '../orders.ts';
import { seededRandom } from '../seeded-random.ts';
import { SteppedTime } from '../stepped-time.ts';
import { EngineDouble, type Heard } from './engine-double.ts';
import { limitEntry, stopLoss, takeProfit } from './live-orders.ts';
import { LiveWorld } from './live-world.ts';
import { ScriptedAccount, type Call, type Fate } from './scripted-account.ts';

const MINUTE = 60_000;
const STEPS = 30;

interface OpenPosition {
  held: Decimal;
  readonly exits: Set<OrderId>;
}

/** What was reached, so that a drill that tests nothing is noticed. */
export interface DrillCounts {
  sent: number;
  unknown: number;
  fills: number;
  kills: number;
  rejected: number;
}

/**
 * One random life of a live venue: a small portfolio that protects what it buys, an exchange that
 * loses requests and answers, lists that lie, processes that are killed. Then the faults end, and
 * ten minutes later everything has to be settled. Throws on the first thing that must not be.
 */
export class LiveDrill {
  readonly #random: () => number;
  readonly #time = new SteppedTime(1_700_000_000_000);
  readonly #engine = new EngineDouble();
  readonly #account: ScriptedAccount;
  readonly #positions = new Map<string, OpenPosition>();
  readonly counts: DrillCounts = { sent: 0, unknown: 0, fills: 0, kills: 0, rejected: 0 };
  readonly #faultRate: number;
  #world: LiveWorld;
  #ids = 0;
  #isOver = false;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#faultRate = this.#pick([0, 0.02, 0.1, 0.25]);
    const restsBothExits = false;
    const restsStops = this.#random() < 0.7;
    const capabilities = { restsBothExits, restsStops };
    const streams = this.#random() < 0.5;
    this.#account = new ScriptedAccount(this.#time, { capabilities, streams });
    this.#account.fateOf = (call) => this.#fate(call);
    this.#account.feeOf = this.#feeOf();
    this.#engine.react = (heard) => this.#react(heard);
    this.#world = this.#begun(
      new LiveWorld({ time: this.#time, account: this.#account, engine: this.#engine }),
    );
  }

  async run(): Promise<void> {
    this.#isOver = true;
    await this.#world.start();
    this.#isOver = false;
    for (let step = 0; step < STEPS; step++) {
      this.#act();
      if (this.#random() < 0.05) await this.#killSoon();
      await this.#time.advance(Math.floor(this.#random() * 20_000));
      if (this.#random() < 0.05) await this.#kill();
      this.#check();
    }
    this.#isOver = true;
    this.#account.fateOf = () => ({ kind: 'ok' });
    this.#account.price = dec(100);
    this.#finishCancels();
    for (const { order } of this.#account.open) {
      if (order.type === 'market') this.#account.fill(order.clientId);
    }
    await this.#time.advance(10 * MINUTE);
    this.#checkSettled();
    await this.#flatten();
    await this.#world.stop();
    if (this.#world.failure !== null) throw this.#world.failure;
  }

  #begun(world: LiveWorld): LiveWorld {
    this.#account.beforePost = ({ clientId }) => {
      this.counts.sent++;
      must(world.ledger.isDurable(clientId), 'I07: a create left that is not on record');
      must(!world.intake.isInside, 'I07: a create left inside an input');
      const times = this.#account.posts.filter((post) => post.clientId === clientId).length;
      must(times === 0, 'I08: a client id left twice');
    };
    return world;
  }

  /** Something the engine, the market or the exchange does. */
  #act(): void {
    const choice = this.#random();
    if (choice < 0.25) this.#enter();
    else if (choice < 0.35) this.#leave();
    else if (choice < 0.45) this.#cancelOne();
    else if (choice < 0.6) this.#world.quote(this.#pick([88, 95, 100, 105, 112]));
    else if (choice < 0.85) this.#fillOne();
    else if (choice < 0.9) this.#finishCancels();
    else this.#account.price = this.#random() < 0.5 ? dec(100) : null;
  }

  #enter(): void {
    const id = ++this.#ids;
    const quantity = this.#pick(['1', '0.5', '2.5']);
    const order = this.#random() < 0.5 ? entryOrder({ id, quantity }) : limitEntry(id, quantity);
    this.#world.submit({ ...order, position: entryOrder({ quantity, position: id }).position });
  }

  #leave(): void {
    const open = [...this.#positions].filter(([, { held }]) => held.isPositive);
    if (open.length === 0) return;
    const [position, { held }] = this.#pick(open);
    if (!held.toStep(BTC.lotStep, 'down').isZero) this.#sellAll(position, held);
  }

  #sellAll(position: string, held: Decimal): void {
    const quantity = held.toStep(BTC.lotStep, 'down').toString();
    const id = ++this.#ids;
    const order = exitOrder({ id, quantity, position: Number(position.slice(1)) });
    this.#world.submit(order);
  }

  #cancelOne(): void {
    const open = [...this.#engine.orders].filter(([, { state }]) => !isFinal(state));
    const one = open.length === 0 ? undefined : this.#pick(open);
    if (one !== undefined && one[1].request.role === 'entry') this.#world.cancel(one[0]);
  }

  #fillOne(): void {
    const { open } = this.#account;
    if (open.length === 0) return;
    const { order, filled } = this.#pick(open);
    const rest = order.quantity.minus(filled);
    const part = this.#random() < 0.5 ? rest : rest.times(dec('0.4')).toStep(BTC.lotStep, 'down');
    if (part.isPositive) this.#account.fill(order.clientId, part.toString());
  }

  #finishCancels(): void {
    for (const { order, status } of this.#account.open) {
      const isOver = status === 'pending-cancel' || order.timeInForce === 'ioc';
      if (isOver && order.type !== 'market') this.#account.set(order.clientId, 'canceled');
    }
  }

  /** Between the record of an input and its send, or between a send and its answer. */
  async #killSoon(): Promise<void> {
    const turns = Math.floor(this.#random() * 8);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await this.#kill();
  }

  async #kill(): Promise<void> {
    this.counts.kills++;
    const wasQuiet = this.#isOver;
    this.#world = this.#begun(this.#world.killed());
    const before = this.#account.posts.length + this.#account.cancels.length;
    this.#isOver = true;
    await this.#world.venue.reconcile(new AbortController().signal);
    must(
      this.#account.posts.length + this.#account.cancels.length === before,
      'I17: reconciliation sent or cancelled something',
    );
    await this.#world.start();
    this.#isOver = wasQuiet;
  }

  /** A portfolio in small: what was bought is protected, for all that is held. */
  #react(heard: Heard): void {
    if (heard.kind === 'updated') this.#onUpdate(heard);
    if (heard.kind !== 'filled') return;
    this.counts.fills++;
    const { fill } = heard;
    const { request } = this.#engine.orders.get(fill.orderId) ?? {};
    if (request === undefined) return;
    const position = this.#positions.get(request.position) ?? { held: dec(0), exits: new Set() };
    this.#positions.set(request.position, position);
    const isEntry = request.role === 'entry';
    const fee = fill.commission?.takenFrom === 'base' ? fill.commission.amount : dec(0);
    const change = fill.quantity.times(dec(isEntry ? 1 : -1)).minus(fee);
    position.held = position.held.plus(change);
    must(!position.held.isNegative, 'I06: a position is negative');
    if (isEntry) this.#protect(request.position, position);
  }

  #onUpdate({ update }: Extract<Heard, { kind: 'updated' }>): void {
    if (update.state === 'unknown') this.counts.unknown++;
    if (update.state === 'rejected') this.counts.rejected++;
    if (!update.reason.startsWith('never reached')) return;
    const ours = this.#world.ledger.orders.filter(({ orderId: id }) => id === update.orderId);
    const lives = ours.some(({ clientId }) => this.#account.orders.has(clientId));
    must(!lives, `F08: ${update.orderId} was taken for lost, and the exchange has it`);
  }

  #protect(id: string, position: OpenPosition): void {
    for (const exit of position.exits) this.#engine.cancel(exit, 'replaced');
    position.exits.clear();
    const quantity = position.held.toStep(BTC.lotStep, 'down').toString();
    const count = Number(id.slice(1));
    for (const order of [
      stopLoss(++this.#ids, quantity, count),
      takeProfit(++this.#ids, quantity, count),
    ]) {
      position.exits.add(order.id);
      this.#engine.submit(order);
    }
  }

  /** What holds at any time. */
  #check(): void {
    const resting = this.#account.resting('BTC');
    const held = this.#account.balance.get('BTC') ?? dec(0);
    must(!resting.greaterThan(held), 'I15: more is offered than is held');
    must(this.#account.shortfalls === 0, 'I15: an exit asked for more than is held');
    const ids = this.#engine.fills.map(({ tradeId }) => tradeId);
    must(new Set(ids).size === ids.length, 'I12: a fill came twice');
    must(this.#world.failure === null, `the venue stopped: ${String(this.#world.failure)}`);
    must(
      this.#engine.heard.every((heard) => heard.kind !== 'filled' || !heard.isLate),
      'I10: a fill came after the end of its order',
    );
  }

  /** What holds ten minutes after the last fault. */
  #checkSettled(): void {
    this.#check();
    for (const [id, { state, request }] of this.#engine.orders) {
      const isSettled = state !== 'unknown' && state !== 'submitted';
      must(isSettled, `I14: ${id} (${request.role} ${request.type}) is still ${state}`);
      must(isFinal(state) || request.type !== 'market', `I14: ${id} at the market is ${state}`);
    }
    this.#checkFills();
    for (const clientId of this.#account.orders.keys()) {
      must(
        this.#world.ledger.order(clientId) !== null,
        'I09: an order at the exchange has no record',
      );
    }
    const differences = this.#engine.checks.at(-1)?.differences ?? [];
    must(differences.length === 0, `I16: ${JSON.stringify(differences)}`);
    const { expected } = this.#world.venue.snapshot();
    for (const [currency, ours] of Object.entries(expected ?? {})) {
      const theirs = this.#account.balance.get(currency) ?? dec(0);
      must(ours.equals(theirs), `I16: ${currency} ${ours.toString()} is ${theirs.toString()}`);
    }
  }

  /** I11: what filled of an order at the exchange is what the engine heard, no more and no less. */
  #checkFills(): void {
    must(
      this.#engine.fills.length === this.#account.tradesMade.length,
      `I11: ${this.#engine.fills.length} fills were heard of, ${this.#account.tradesMade.length} were made`,
    );
    const made = new Map<string, Decimal>();
    for (const { clientId, quantity } of this.#account.tradesMade) {
      const owner = this.#world.ledger.order(clientId ?? '')?.orderId ?? 'nobody';
      made.set(owner, (made.get(owner) ?? dec(0)).plus(quantity));
    }
    for (const [id, { filled }] of this.#engine.orders) {
      must(filled.equals(made.get(id) ?? dec(0)), `I11: ${id} filled otherwise`);
    }
  }

  async #flatten(): Promise<void> {
    this.#account.price = dec(100);
    for (const [id, { state }] of this.#engine.orders) {
      const { role } = this.#engine.orders.get(id)?.request ?? {};
      if (role === 'entry' && !isFinal(state)) this.#world.cancel(id);
    }
    await this.#time.advance(MINUTE);
    for (const [position, { held }] of this.#positions) {
      if (!held.toStep(BTC.lotStep, 'down').isZero) this.#sellAll(position, held);
    }
    await this.#time.advance(5 * MINUTE);
    this.#checkSettled();
    must(this.#account.open.length === 0, 'I15: an order rests after all was sold');
    const open = [...this.#engine.orders.values()].filter(({ state }) => !isFinal(state));
    must(open.length === 0, `I14: ${open.length} orders did not end`);
  }

  #fate(call: Call): Fate {
    if (this.#isOver || this.#random() >= this.#faultRate) return { kind: 'ok' };
    if (call === 'place') {
      const cause = this.#pick(['rate', 'market', 'other'] as const);
      return this.#pick([
        { kind: 'lost-before' },
        { kind: 'accepted-then-lost' },
        { kind: 'throws' },
        { kind: 'refused', cause },
      ] as const);
    }
    if (call === 'cancel') {
      return this.#pick([
        { kind: 'lost-before' },
        { kind: 'accepted-then-lost' },
        { kind: 'throws' },
        { kind: 'ignored' },
      ] as const);
    }
    if (call === 'serverTime' || call === 'balances') return { kind: 'fails' };
    return this.#pick([
      { kind: 'fails' },
      { kind: 'empty' },
      { kind: 'partial' },
      { kind: 'stale' },
    ] as const);
  }

  #feeOf(): ScriptedAccount['feeOf'] {
    const kind = this.#pick(['USD', 'BTC', 'BNB'] as const);
    const share = dec('0.001');
    // What is sold is not charged in the goods themselves: nobody holds more of them.
    return (quantity, price, side) =>
      kind === 'USD' || (kind === 'BTC' && side === 'sell')
        ? { currency: 'USD', amount: quantity.times(price).times(share) }
        : { currency: kind, amount: quantity.times(share) };
  }

  #pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
