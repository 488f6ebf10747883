import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { PAIR, stages, type Running, type Stage } from './stage.ts';

const make = stages();

/** Orders that are open at the exchange, by what they are for. */
const open = ({ core }: Stage) =>
  core.orders().flatMap(({ state, kind }) => (state === 'open' ? [kind] : []));
const posts = ({ core }: Stage) => core.requests.filter(({ call }) => call === 'place').length;

/** Live trading with a position, its stop at the exchange, and an entry that rests below. */
async function working(...flags: readonly string[]): Promise<[Stage, Running]> {
  const stage = make();
  const running = await stage.running('live', '--set', 'portfolio.max_entries=2', ...flags);
  await stage.closeAt('60600');
  await stage.closeAt('60300');
  expect(open(stage)).toHaveLength(2);
  return [stage, running];
}

describe('an orderly end', () => {
  it('cancels open entries, leaves stops at the exchange, and sends nothing', async () => {
    const [stage, running] = await working();
    const before = posts(stage);
    const { code } = await stage.stop(running);
    expect(code).toBe(0);
    expect(open(stage)).toEqual(['stop']);
    expect(posts(stage)).toBe(before);
    const { orders, phase } = await stage.status();
    expect([phase, orders.map(({ role }) => role)]).toEqual([
      'stopped',
      ['stop-loss', 'take-profit'],
    ]);
  });

  it('leaves everything where that is the policy', async () => {
    const [stage, running] = await working('--set', 'live.on_exit=keep');
    expect((await stage.stop(running)).code).toBe(0);
    expect(open(stage)).toHaveLength(2);
    const next = await stage.running('live', '--set', 'portfolio.max_entries=2');
    expect(next.said()).toMatch(/Positions, open orders +1, 3/);
    await stage.stop(next);
    expect(open(stage), 'by the policy of that session').toEqual(['stop']);
  });

  it('closes everything where that is the policy, waits for it, and trades on next time', async () => {
    const [stage, running] = await working('--set', 'live.on_exit=flatten');
    expect((await stage.stop(running)).code).toBe(0);
    expect(open(stage)).toEqual([]);
    const { positions, halt } = await stage.status();
    expect(positions.filter(({ is_dust }) => !is_dust)).toEqual([]);
    expect(halt).toBeNull();
    const next = await stage.running('live');
    await stage.closeAt('60700');
    expect(next.said()).toMatch(/entry o\d+: market buy .* goes out/);
    await stage.stop(next);
  });

  it('stays halted after flattening where it was halted before', async () => {
    const [stage, running] = await working('--set', 'live.on_exit=flatten');
    await stage.run('halt', 'for good');
    await stage.stop(running);
    expect((await stage.status()).halt).toMatchObject({ message: /for good/ });
  });

  it('says what could not be closed, and stays halted', async () => {
    const [stage, running] = await working('--set', 'live.on_exit=flatten');
    stage.core.policy = {
      draw: (call) =>
        call === 'place' ? { kind: 'server-error', status: 503, accepted: false } : { kind: 'ok' },
    };
    const { stderr } = await stage.stop(running);
    expect(stderr).toContain('not everything could be closed in time');
    expect((await stage.status()).halt).not.toBeNull();
  });

  it('sends nothing after its end', async () => {
    const stage = make();
    const running = await stage.running('live');
    stage.core.moveTo(PAIR, '60600');
    await stage.until(() => running.said().includes('goes out'), 'an entry');
    await stage.stop(running);
    const before = posts(stage);
    await stage.time.runUntil(stage.time.now() + 120_000);
    expect(posts(stage)).toBe(before);
  });
});

describe('an engine that stops by itself', () => {
  it('calls its entries back at the exchange, and says what it leaves behind', async () => {
    const [stage, running] = await working();
    await stage.closeAt('60150');
    const { code, stderr } = await stage.end(running);
    expect(code).toBe(3);
    expect(open(stage)).toEqual(['stop']);
    for (const what of [
      /stop-loss o2 of BTC\/USDT stays at binance/,
      /take-profit o3 of BTC\/USDT is watched by nobody/,
      /entry o4 of BTC\/USDT was called back/,
      /a long position of 0.05\d+ BTC\/USDT/,
    ]) {
      expect(stderr).toMatch(what);
    }
    expect(stderr.split('\n').at(-2)).toMatch(/^error: .*a strategy that breaks/);
  });

  it('goes on after it from what was on record', async () => {
    const [stage, running] = await working();
    await stage.closeAt('60150');
    await stage.end(running);
    // By then the bar it broke on is too old to be decided on.
    await stage.time.runUntil(stage.time.now() + 5 * 60_000);
    const next = await stage.running('live');
    await stage.closeAt('60000');
    const { positions, phase, orders } = await stage.status();
    expect([phase, positions.length]).toEqual(['running', 1]);
    expect(
      orders.some(({ id }) => id === 'o4'),
      'what was called back is over',
    ).toBe(false);
    await stage.stop(next);
    expect((await stage.run('verify', 'last')).code).toBe(0);
  });

  it('stops where nothing can be recorded any more, and sends nothing then', async () => {
    const stage = make();
    const running = await stage.running('live');
    const database = openDatabase(stage.database);
    database.exec(
      "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(FAIL, 'full'); END",
    );
    database.close();
    await stage.closeAt('60600');
    const { code, stderr } = await stage.end(running);
    expect(code).not.toBe(0);
    expect(stderr).toContain('error: ');
    expect(posts(stage)).toBe(0);
  });
});

describe('faults of the exchange', () => {
  it('halt trading where there are too many of them', async () => {
    const stage = make();
    const running = await stage.running('live', '--set', 'live.max_errors=3');
    let asked = 0;
    stage.core.policy = {
      draw: (call) =>
        call !== 'candles' || ++asked % 2 === 0
          ? { kind: 'ok' }
          : { kind: 'server-error', status: 503, accepted: false },
    };
    for (let minute = 0; minute < 6; minute++) await stage.closeAt('60000');
    const { halt, errors } = await stage.status();
    expect(halt).toMatchObject({
      message: /more than 3 faults of the exchange within ten minutes/,
    });
    expect(errors).toBeGreaterThan(3);
    expect((await stage.stop(running)).code).toBe(0);
  });

  it('do not halt it where it is one outage, which keeps entries away by itself', async () => {
    const stage = make();
    const running = await stage.running('live', '--set', 'live.max_errors=5');
    await stage.closeAt('60000');
    stage.core.policy = { draw: () => ({ kind: 'storm', as: 'unavailable' }) };
    for (let minute = 0; minute < 5; minute++) await stage.closeAt('60000');
    const during = await stage.status();
    expect(during.halt).toBeNull();
    expect(during.gates.map(({ gate }) => gate)).toContain('stale-data');
    stage.core.heal();
    for (let minute = 0; minute < 3; minute++) await stage.closeAt('60000');
    expect((await stage.status()).gates).toEqual([]);
    await stage.stop(running);
  });
});

describe('what is left of a position, too little to be sold', () => {
  it('is nothing to its strategy, and is told apart in status', async () => {
    const stage = make();
    const running = await stage.running('live');
    await stage.closeAt('60600');
    for (let minute = 0; minute < 3; minute++) await stage.closeAt('57000');
    expect(running.said()).not.toMatch(/wishes to exit/);
    const { stdout } = await stage.run('status');
    expect(stdout).toMatch(
      /Positions: none\n {2}0.0000\d+ BTC\/USDT is left, too little to be sold/,
    );
    await stage.closeAt('66000');
    const { positions, orders } = await stage.status();
    expect(Number(positions[0]?.entry_price)).toBeCloseTo(66_000, -2);
    const stop = Number(orders.find(({ role }) => role === 'stop-loss')?.stop_price);
    expect(stop / 66_000, 'of the price that was paid now').toBeCloseTo(0.98, 3);
    await stage.stop(running);
  });
});
