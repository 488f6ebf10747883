import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TradingMode } from '../../../src/app/trading/trade.ts';
import type { TradingStatus } from '../../../src/app/trading/trading-status.ts';
import { compileProgram, type CompiledProgram } from '../../support/compiled-program.ts';
import type { Fate } from '../../support/exchange-sim/fates.ts';
import { databaseFigures } from '../../support/processes/database-figures.ts';
import { LapsedTime } from '../../support/processes/lapsed-time.ts';
import type { TradingProcess } from '../../support/processes/trading-process.ts';
import { TradingStage } from '../../support/processes/trading-stage.ts';

/** A bar of a minute takes a second. */
const LAPSED = 60;
const MINUTE_MS = 60_000;

const HANGS: Fate = { kind: 'hang', accepted: false };

let program: CompiledProgram;
const stages: TradingStage[] = [];

beforeAll(() => {
  program = compileProgram();
});

afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()));
});

afterAll(() => program.delete());

async function openStage(speed: number): Promise<TradingStage> {
  const stage = new TradingStage({ main: program.main, time: new LapsedTime(speed) });
  stages.push(stage);
  await stage.open();
  return stage;
}

async function started(
  stage: TradingStage,
  mode: TradingMode,
  ...more: readonly string[]
): Promise<TradingProcess> {
  const engine = stage.start(mode, ...more);
  await engine.until('ready', () => engine.isReady);
  return engine;
}

/** Waits for bars that close after now to be decided on. */
async function nextBars(stage: TradingStage, engine: TradingProcess, count: number): Promise<void> {
  const close = (Math.floor(stage.core.now() / MINUTE_MS) + count) * MINUTE_MS;
  await engine.until('bars', () => Date.parse(engine.status()?.last_bar ?? '1970') >= close);
}

async function inPosition(engine: TradingProcess): Promise<void> {
  await engine.until('two positions', () => {
    const status = engine.status();
    return status?.positions.length === 2 && status.orders.length === 4;
  });
}

/** What an engine shows of itself. */
function shown(engine: TradingProcess): TradingStatus {
  const status = engine.status();
  if (status === null) throw new Error('the engine shows nothing');
  return status;
}

/** What must be the same after a restart. */
function kept(engine: TradingProcess): unknown {
  const { cash, positions, peak_equity, halt, orders } = shown(engine);
  return {
    cash,
    positions: positions.map(({ symbol, quantity, entry_price }) => {
      return { symbol, quantity, entry_price };
    }),
    peak_equity,
    halt,
    orders: orders.map(({ id, quantity, stop_price }) => ({ id, quantity, stop_price })),
  };
}

/** Waits for the account to be flat. */
async function flat(engine: TradingProcess): Promise<void> {
  await engine.until('flat', () => engine.status()?.positions.length === 0);
}

/** What there is by others' books: those of the database's tables, or those of the exchange. */
const onRecord = {
  paper: (stage: TradingStage, run: string) => {
    const { cash, positions } = databaseFigures(stage.folder.database, run);
    return { cash, held: Object.entries(positions).map((each) => each.join(' ')) };
  },
  live: (stage: TradingStage) => {
    const { USDT, BTC, ETH } = stage.core.balances();
    return { cash: USDT?.total, held: [`BTC/USDT ${BTC?.total}`, `ETH/USDT ${ETH?.total}`] };
  },
};

describe.each(['paper', 'live'] as const)(
  '%s trading, run by commands of other processes',
  (mode) => {
    it('is halted, flattened, resumed and restarted, and shows what is on record', async () => {
      const stage = await openStage(LAPSED);
      stage.move('enter');
      let engine = await started(stage, mode);
      await inPosition(engine);
      const before = kept(engine);

      expect(await engine.end('SIGTERM')).toEqual({ code: 0, signal: null });
      engine = await started(stage, mode);
      expect(kept(engine)).toEqual(before);

      stage.move('exit');
      await flat(engine);
      const halt = await stage.run('halt', 'a test of the brakes');
      expect([halt.stderr, await halt.ended]).toEqual(['', { code: 0, signal: null }]);
      expect(shown(engine).halt?.message).toContain('a test of the brakes');
      const seq = shown(engine).last_seq;
      const posts = stage.auditor.posts().size;
      stage.move('enter');
      await nextBars(stage, engine, 2);
      expect(shown(engine).positions).toEqual([]);
      expect(stage.auditor.posts().size, 'no order leaves while halted').toBe(posts);

      await engine.end('SIGTERM');
      engine = await started(stage, mode);
      expect(shown(engine).halt?.message).toContain('a test of the brakes');
      await nextBars(stage, engine, 2);
      const run = shown(engine).run_id;
      const halted = databaseFigures(stage.folder.database, run);
      expect(halted.approvedAfter(seq, 'entry'), 'no entry passes while halted').toBe(0);

      await stage.run('resume', 'they brake');
      await inPosition(engine);
      await engine.until('a record of it', () => {
        return databaseFigures(stage.folder.database, run).lastSeq === shown(engine).last_seq;
      });
      const { cash, positions, orders } = shown(engine);
      const held = positions.map(({ symbol, quantity }) => `${symbol} ${quantity}`);
      expect({ cash, held }).toEqual(onRecord[mode](stage, run));
      const { openOrders } = databaseFigures(stage.folder.database, run);
      expect(orders.map(({ id }) => id).sort()).toEqual(openOrders);

      const flatten = await stage.run('flatten', 'the weekend');
      expect((await flatten.ended).code).toBe(0);
      await flat(engine);
      expect(shown(engine).orders).toEqual([]);
      await nextBars(stage, engine, 2);
      expect(shown(engine).positions, 'nothing is bought back').toEqual([]);
      expect(await engine.end('SIGTERM')).toEqual({ code: 0, signal: null });
    });
  },
);

describe('a halt', () => {
  it('reaches the engine within a second, the exchange away', async () => {
    const stage = await openStage(1);
    const engine = await started(stage, 'live');
    await stage.goDown();
    const given = stage.run('halt', 'the exchange is away', '--json');
    const file = `${stage.folder.database}.control/HALT`;
    await engine.until('the order', () => existsSync(file));
    const at = performance.now();
    await engine.until('the halt', () => shown(engine).halt !== null);
    expect(performance.now() - at).toBeLessThan(1_000);
    const { stdout } = await given;
    expect(JSON.parse(stdout)).toMatchObject({ act: 'halt', kind: 'followed' });
  });

  it('is obeyed by an engine that cannot write it down, and outlives it', async () => {
    const stage = await openStage(LAPSED);
    const engine = await started(stage, 'live');
    await engine.until('bars', () => engine.status()?.last_bar !== null);
    const other = new Database(stage.folder.database);
    other.exec('BEGIN IMMEDIATE');
    stage.move('enter');
    const halt = await stage.run('halt', 'somebody holds the database');
    expect(halt.stderr).toBe('');
    // It waits five seconds for the database, and stops rather than trade without a record.
    expect(await engine.ended).toEqual({ code: 5, signal: null });
    other.exec('COMMIT');
    other.close();
    const next = await started(stage, 'live');
    expect(shown(next).halt?.message).toContain('somebody holds the database');
    await nextBars(stage, next, 1);
    expect(stage.auditor.posts().size).toBe(0);
  });
});

describe('a signal', () => {
  it('ends trading in good order: open entries are cancelled, and no order follows', async () => {
    const stage = await openStage(LAPSED);
    stage.move('enter');
    const engine = await started(stage, 'live', '--set', 'params.offer=0.985');
    await engine.until('two entries wait', () => stage.auditor.openOrders().length === 2);
    await engine.until('they are known', () => engine.status()?.orders.length === 2);
    const posts = stage.auditor.posts().size;
    expect(await engine.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(engine.status()?.phase).toBe('stopped');
    expect(stage.auditor.openOrders()).toEqual([]);
    expect(stage.auditor.posts().size).toBe(posts);
    expect(engine.status()?.orders).toEqual([]);
  });

  it('ends it at once where it comes twice, and the next start finds all that it left', async () => {
    const stage = await openStage(LAPSED);
    stage.move('enter');
    const engine = await started(stage, 'live', '--set', 'params.offer=0.985');
    await engine.until('two entries wait', () => stage.auditor.openOrders().length === 2);
    // No cancellation is answered, so that an end in good order would take its time.
    for (let cancel = 0; cancel < 4; cancel++) stage.core.next('cancel', HANGS);
    engine.child.kill('SIGINT');
    await engine.until('it ends', () => engine.status()?.phase === 'stopping');
    const at = performance.now();
    expect(await engine.end('SIGINT')).toEqual({ code: 130, signal: null });
    expect(performance.now() - at).toBeLessThan(1_000);
    stage.core.heal();
    stage.move('exit');
    const next = await started(stage, 'live');
    await next.until('the orders it left', () => stage.auditor.openOrders().length === 0);
    expect(stage.auditor.faults()).toEqual([]);
    expect(await next.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('ends it while it starts', async () => {
    const stage = await openStage(1);
    for (const call of ['markets', 'balances', 'open', 'trades', 'candles'] as const) {
      stage.core.next(call, HANGS);
      const engine = stage.start('live');
      const isAsked = () => stage.core.requests.at(-1)?.call === call;
      await engine.until(`"${call}" is asked`, () => isAsked() || engine.isReady);
      const { code, signal } = await engine.end('SIGTERM');
      expect({ call, code, signal, said: engine.stderr }).toMatchObject({ code: 0, signal: null });
    }
  });
});
