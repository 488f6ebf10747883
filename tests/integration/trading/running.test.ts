import { describe, expect, it } from 'vitest';
import { PAIR, stages, type Stage } from './stage.ts';

const make = stages();
const MODES = ['paper', 'live'] as const;

/** Its orders at the exchange as it has them. */
const openOrders = ({ core }: Stage) => core.orders().filter(({ state }) => state === 'open');
const posts = ({ core }: Stage) => core.requests.filter(({ call }) => call === 'place');

describe.each(MODES)('%s', (mode) => {
  it('tells who trades what before the first decision, then each thing that happens', async () => {
    const stage = make();
    const running = await stage.running(mode);
    const begun = running.said();
    expect(begun).toContain(`${mode}-1 begins: ${mode} trading at binance`);
    expect(begun).toMatch(/Strategies +by_price\n +Symbols +BTC\/USDT\n +Timeframe +1m\n/);
    expect(begun).toMatch(/Equity \(USDT\) +100,000.00/);
    expect(begun).toMatch(/One position +10.00 %/);
    await stage.closeAt('60600');
    await stage.closeAt('57000');
    const { code, stdout, stderr } = await stage.stop(running);
    expect(code).toBe(0);
    expect(stderr).toContain('ended in good order');
    const told = stdout.slice(begun.length);
    for (const line of [
      /by_price wishes to enter: high/,
      /entry o1: market buy 0.05123 goes out/,
      /order o1 filled: bought 0.05123 at 606\d\d.\d+/,
      /stop-loss o2: stop sell .* goes out/,
      /order o2 filled: sold/,
      /shutdown by engine/,
    ]) {
      expect(told).toMatch(line);
    }
  });

  it('prints a JSON object a line with --json', async () => {
    const stage = make();
    const running = await stage.running(mode, '--json');
    await stage.closeAt('60600');
    const { stdout } = await stage.stop(running);
    const [started, ...happenings] = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(started).toMatchObject({
      event: 'started',
      mode,
      run_id: `${mode}-1`,
      session: 1,
      resumed: false,
      exchange: 'binance',
      strategies: ['by_price'],
      cash: '100000',
      positions: 0,
    });
    expect(happenings).toContainEqual(
      expect.objectContaining({ event: 'order.filled', symbol: PAIR }),
    );
  });

  it('goes on where it was: cash, positions, orders, peak and day', async () => {
    const stage = make();
    const first = await stage.running(mode);
    await stage.closeAt('60600');
    await stage.stop(first);
    const before = await stage.status();
    expect(before).toMatchObject({ phase: 'stopped', session: 1, fills: 1 });
    expect(before.positions).toHaveLength(1);
    const second = await stage.running(mode);
    expect(second.said()).toContain(`${mode}-1 goes on, session 2`);
    const after = await stage.status();
    expect(after).toMatchObject({ phase: 'running', session: 2 });
    const { cash, equity, peak_equity, day_opening_equity, positions } = before;
    expect(after).toMatchObject({ cash, equity, peak_equity, day_opening_equity, positions });
    expect(after.orders.map(({ id }) => id)).toEqual(before.orders.map(({ id }) => id));
    await stage.closeAt('57000');
    await stage.stop(second);
    const end = await stage.status();
    expect(end.positions.filter(({ is_dust }) => !is_dust)).toEqual([]);
    expect((await stage.run('verify', 'last')).code, 'the journal holds').toBe(0);
  });

  it('stays halted over a restart, and trades again after resume', async () => {
    const stage = make();
    const first = await stage.running(mode);
    const halted = await stage.run('halt', 'a look at the market');
    expect([halted.code, halted.stdout]).toEqual([
      0,
      expect.stringMatching(/is halted: no entries from now on; 0 positions open/),
    ]);
    await stage.stop(first);
    const second = await stage.running(mode);
    await stage.closeAt('60600');
    expect(second.said()).toMatch(/entry o1: market buy .* refused: .*halt/);
    const { halt } = await stage.status();
    expect(halt).toMatchObject({ check: 'operator', message: /a look at the market/ });
    const resumed = await stage.run('resume', 'all is well');
    expect(resumed.stdout).toContain('has resumed: entries may pass again');
    await stage.closeAt('60700');
    expect(second.said()).toMatch(/order o2 filled: bought/);
    await stage.stop(second);
  });

  it('follows a halt within a second, and sends nothing after it', async () => {
    const stage = make();
    const running = await stage.running(mode);
    stage.core.moveTo(PAIR, '60600');
    const orderedAt = stage.time.now();
    await stage.run('halt', 'quick');
    expect(stage.time.now() - orderedAt).toBeLessThan(1_000);
    await stage.closeAt('60600');
    expect(posts(stage)).toEqual([]);
    await stage.stop(running);
  });

  it('closes every position on flatten', async () => {
    const stage = make();
    const running = await stage.running(mode);
    await stage.closeAt('60600');
    await stage.until(() => running.said().includes('order o1 filled'), 'in');
    const { code, stdout } = await stage.run('flatten', 'enough');
    expect([code, stdout]).toEqual([0, expect.stringContaining('is halted and closes 1 position')]);
    await stage.until(() => running.said().includes('position closed') || mode === 'live', 'flat');
    await stage.closeAt('60600');
    const status = await stage.status();
    expect(status.positions.filter(({ is_dust }) => !is_dust)).toEqual([]);
    expect(status.halt).not.toBeNull();
    await stage.stop(running);
    expect(openOrders(stage)).toEqual([]);
  });

  it('takes orders that were given while nothing ran', async () => {
    const stage = make();
    const first = await stage.running(mode);
    await stage.closeAt('60600');
    await stage.stop(first);
    const { code, stdout } = await stage.run('flatten', 'over night');
    expect([code, stdout]).toEqual([
      0,
      'no engine runs; the next one starts halted and closes every position; the last one left 1 ' +
        'position open\n',
    ]);
    const second = await stage.running(mode);
    await stage.closeAt('60600');
    const status = await stage.status();
    expect(status.positions.filter(({ is_dust }) => !is_dust)).toEqual([]);
    expect(status.halt).toMatchObject({ check: 'operator' });
    await stage.stop(second);
  });

  it('is over with 130 after Ctrl-C', async () => {
    const stage = make();
    const running = await stage.running(mode);
    const { code } = await stage.stop(running, 'SIGINT');
    expect(code).toBe(130);
  });

  it('stops with 3 where its strategy breaks, and says so in status', async () => {
    const stage = make();
    const running = await stage.running(mode);
    await stage.closeAt('60150');
    const { code, stderr } = await stage.end(running);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/a strategy that breaks/)]);
    const { stdout } = await stage.run('status');
    expect(stdout).toMatch(/FAILED at .*: .*a strategy that breaks/);
  });
});
