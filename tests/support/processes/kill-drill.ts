import Database from 'better-sqlite3';
import { setTimeout as wait } from 'node:timers/promises';
import type { TradingStatus } from '../../../src/app/trading/trading-status.ts';
import type { Call, Fate } from '../exchange-sim/fates.ts';
import type { FrontEnd } from '../exchange-sim/wire.ts';
import { passingOn } from './passing-on.ts';
import { SeededChance } from '../exchange-sim/seeded-chance.ts';
import {
  concerns,
  isAboutOrders,
  strikeOf,
  type ArmedKill,
  type Boundary,
  type Leg,
} from './kill-plan.ts';
import type { LapsedTime } from './lapsed-time.ts';
import type { TradingProcess } from './trading-process.ts';
import { TradingStage } from './trading-stage.ts';

const SETTLED_WITHIN_MS = 60_000;
/** After so long without the request it waits for, a kill strikes as it is: three bars. */
const PATIENCE_MS = 6_000;
/** As many come before the first decision. */
const REQUESTS_AT_START = 14;

export interface DoneKill {
  readonly boundary: Boundary;
  /** Milliseconds of this machine from the start of the next process until it trades. */
  readonly readyAfterMs: number;
}

/** Live trading at an exchange of this process, killed wherever it is most at risk. */
export class KillDrill {
  readonly stage: TradingStage;
  readonly done: DoneKill[] = [];
  /** Orders that came over the wire without being on record before. */
  readonly unrecorded: string[] = [];
  readonly #time: LapsedTime;
  readonly #chance: SeededChance;
  #process: TradingProcess | null = null;
  #armed: { readonly plan: ArmedKill; requests: number } | null = null;

  constructor({ main, time, seed }: { main: string; time: LapsedTime; seed: number }) {
    this.#time = time;
    this.#chance = new SeededChance(seed);
    this.stage = new TradingStage({
      main,
      time,
      policy: { draw: (call) => this.#fateOf(call) },
      between: (frontEnd) => this.#watching(frontEnd),
    });
  }

  /** What the program shows of itself. */
  get status(): TradingStatus | null {
    return this.#process?.status() ?? null;
  }

  async begin(): Promise<void> {
    await this.stage.open();
    await this.#start();
  }

  /** The market moves, the kills strike, and in the end the account is as the strategy wants it. */
  async ride({ move, kills }: Leg): Promise<void> {
    this.stage.move(move);
    for (const boundary of kills) await this.#strike(boundary);
    const what = `settled after "${move}"`;
    await this.#process?.until(what, () => this.#isSettled(), SETTLED_WITHIN_MS);
  }

  /** Ends the program in good order, and gives its exit code. */
  async end(): Promise<number | null> {
    const ended = await this.#process?.end('SIGTERM');
    return ended?.code ?? null;
  }

  async #strike(boundary: Boundary): Promise<void> {
    const met = await this.#meet(boundary);
    const before = performance.now();
    await this.#start();
    this.done.push({ boundary: met, readyAfterMs: performance.now() - before });
  }

  /** Kills where it was meant to; gives where it was. */
  async #meet(boundary: Boundary): Promise<Boundary> {
    if (boundary === 'at any moment') {
      await wait(this.#chance.between(0, 60_000 / this.#time.speed));
      await this.#process?.kill();
      return boundary;
    }
    const isStart = boundary === 'while it starts';
    if (isStart) await this.#process?.kill();
    const nth = this.#chance.between(1, isStart ? REQUESTS_AT_START : 2);
    const plan = { boundary, nth, delayMs: this.#chance.between(0, 25) };
    this.#armed = { plan, requests: 0 };
    if (isStart) this.#process = this.stage.start('live');
    const late = performance.now() + PATIENCE_MS;
    const isOver = (): boolean =>
      this.#process?.hasEnded !== false ||
      performance.now() > late ||
      (isAboutOrders(boundary) && this.#isSettled());
    while (!isOver()) await wait(5);
    const isMissed = this.#armed !== null;
    this.#armed = null;
    await this.#process?.kill();
    return isMissed ? 'at any moment' : boundary;
  }

  async #start(): Promise<void> {
    const started = this.stage.start('live');
    this.#process = started;
    await started.until('ready', () => started.isReady, SETTLED_WITHIN_MS);
  }

  /** Looks at each request as it comes in, before the exchange does anything about it. */
  #fateOf(call: Call): Fate {
    const armed = this.#armed;
    if (armed === null || !concerns(armed.plan.boundary, call)) return { kind: 'ok' };
    armed.requests += 1;
    if (armed.requests < armed.plan.nth) return { kind: 'ok' };
    this.#armed = null;
    const { fate, afterMs } = strikeOf(armed.plan);
    const child = this.#process?.child;
    if (afterMs === null) child?.kill('SIGKILL');
    else setTimeout(() => child?.kill('SIGKILL'), afterMs);
    return fate;
  }

  #watching(frontEnd: FrontEnd): FrontEnd {
    return passingOn(frontEnd, {
      callOf: (request) => {
        const call = frontEnd.callOf(request);
        if (call === 'place') this.#requireRecord(frontEnd.subjectOf(request).clientId);
        return call;
      },
    });
  }

  /** Whoever reads the database now must find the order that is at the door. */
  #requireRecord(clientId: string | null): void {
    const database = new Database(this.stage.folder.database, { readonly: true });
    try {
      const row = database.prepare('SELECT 1 FROM venue_orders WHERE client_id = ?').get(clientId);
      if (row === undefined) this.unrecorded.push(clientId ?? 'no id');
    } finally {
      database.close();
    }
  }

  #isSettled(): boolean {
    const { status, stage } = this;
    if (status?.phase !== 'running') return false;
    const open = stage.auditor.openOrders();
    const { positions, orders } = status;
    if (stage.moved !== 'enter') return positions.length + orders.length + open.length === 0;
    const isProtected = stage.symbols.every((symbol) =>
      open.some((order) => order.symbol === symbol && order.kind === 'stop'),
    );
    return isProtected && positions.length === 2 && open.length === 2 && orders.length === 4;
  }
}
