import { describe, expect, it } from 'vitest';
import { units } from '../../support/exchange-sim/units.ts';
import { PAIR, stages, type Stage } from './stage.ts';

const make = stages();
const MODES = ['paper', 'live'] as const;
const OTHER = 'ETH/USDT';

/** Minutes of another market, so that there is something to trade there. */
function printOther({ core, time }: Stage, minutes: number): void {
  for (let minute = 1; minute <= minutes; minute++) {
    core.market(OTHER).print(units('2500'), units('10'), time.now() - minute * 60_000);
  }
}

describe.each(MODES)('%s, when the configuration no longer names what is held', (mode) => {
  it('goes on looking after it: its price, its stop, its place in the account', async () => {
    const stage = make();
    printOther(stage, 30);
    const first = await stage.running(mode);
    await stage.closeAt('60600');
    await stage.stop(first);
    const second = await stage.running(mode, '--symbols', OTHER);
    expect(second.said()).toMatch(
      /note: 0\.\d+ BTC\/USDT are held for by_price, which does not trade it in this session/,
    );
    expect(second.said()).toMatch(/Positions, open orders +1, [12]\n/);
    await stage.closeAt('57000');
    await stage.closeAt('57000');
    expect(second.said()).toMatch(/order o2 filled: sold/);
    await stage.stop(second);
    const { positions } = await stage.status();
    expect(positions.filter(({ is_dust }) => !is_dust)).toEqual([]);
    expect((await stage.run('verify', 'last')).code).toBe(0);
  });

  it('never enters there', async () => {
    const stage = make();
    printOther(stage, 30);
    const first = await stage.running(mode);
    await stage.closeAt('60600');
    await stage.stop(first);
    const second = await stage.running(mode, '--symbols', OTHER);
    await stage.closeAt('57000');
    await stage.closeAt('60600');
    await stage.closeAt('60600');
    expect(second.said()).not.toContain(`${PAIR}    by_price wishes`);
    await stage.stop(second);
  });

  it('refuses to go on in another currency', async () => {
    const stage = make();
    const first = await stage.running(mode);
    await stage.stop(first);
    const { code, stderr } = await stage.end(stage.trade(mode, '--symbols', 'BTC/USD'));
    expect(code).toBe(2);
    expect(stderr).toContain(`symbols in USDT were expected, in which run ${mode}-1 has its cash`);
    expect(stderr).not.toContain('    at ');
  });
});

describe('live', () => {
  it('goes on though all of its cash is in positions', async () => {
    const stage = make();
    const first = await stage.running('live');
    await stage.closeAt('60600');
    await stage.stop(first);
    const { free } = stage.core.balances()['USDT'] ?? { free: '0' };
    stage.core.external.adjust('USDT', `-${free}`);
    const second = await stage.running('live');
    expect(second.said()).toContain('live-1 goes on, session 2');
    await stage.stop(second);
  });
});
