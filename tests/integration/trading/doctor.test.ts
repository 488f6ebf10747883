import { describe, expect, it } from 'vitest';
import { stages } from './stage.ts';

const make = stages();
const LAST_LINE = -2;

describe('doctor', () => {
  it('finds nothing wrong where live trading would start, and trades nothing', async () => {
    const stage = make();
    const { code, stdout } = await stage.run(
      'doctor',
      '--exchange',
      'binance',
      '--set',
      'live.enabled=true',
    );
    expect(stdout).toMatch(/ok +account +binance, account 354937868/);
    expect(stdout).toMatch(/ok +withdrawal right +the keys may not withdraw/);
    expect(stdout.split('\n').at(LAST_LINE)).toBe('nothing keeps live trading from starting');
    expect(code).toBe(0);
    expect(stage.core.requests.filter(({ call }) => call === 'place')).toEqual([]);
  });

  it('does not call live trading ready while it is not enabled', async () => {
    const { code, stdout } = await make().run('doctor', '--exchange', 'binance');
    expect(stdout).toMatch(/WARN +live +live.enabled is false/);
    expect(stdout.split('\n').at(LAST_LINE)).toBe(
      'all is well; live trading would start once live.enabled is true',
    );
    expect(code).toBe(0);
  });

  it('says without keys what needs some and what does not', async () => {
    const stage = make();
    stage.directory.write('.env', '');
    const { code, stdout } = await stage.run('doctor', '--exchange', 'binance');
    expect(stdout).toMatch(
      /WARN +keys +binance: a key was expected in BINANCE_API_KEY, was not set; .*paper/,
    );
    expect(stdout.split('\n').at(LAST_LINE)).toBe(
      'all is well for paper trading; for live trading see "keys" above',
    );
    expect(code).toBe(0);
  });

  it('counts what is to be mended, with exit 2', async () => {
    const stage = make();
    stage.core.permissions = { mayTrade: true, mayWithdraw: true };
    stage.core.clockOffsetMs = 1_500;
    const { code, stdout } = await stage.run('doctor', '--exchange', 'binance', '--json');
    const { is_healthy: isHealthy, findings } = JSON.parse(stdout) as {
      is_healthy: boolean;
      findings: { check: string; verdict: string }[];
    };
    const bad = findings.filter(({ verdict }) => verdict !== 'ok').map(({ check }) => check);
    expect([code, isHealthy]).toEqual([2, false]);
    expect(bad).toEqual(expect.arrayContaining(['clock', 'withdrawal right']));
  });

  it('finds an exchange that does not answer', async () => {
    const stage = make();
    stage.core.policy = { draw: () => ({ kind: 'storm', as: 'drop' }) };
    const { code, stdout } = await stage.run('doctor', '--exchange', 'binance');
    expect(code).toBe(2);
    expect(stdout).toMatch(/FAIL +exchange +binance was expected to answer/);
    expect(stdout.split('\n').at(LAST_LINE)).toMatch(/^\d things? to mend before live trading$/);
  });

  it('names the engine that runs', async () => {
    const stage = make();
    const running = await stage.running('paper');
    const { stdout } = await stage.run('doctor', '--offline');
    expect(stdout).toMatch(/WARN +instance +an engine runs on this database already: process \d+/);
    await stage.stop(running);
  });
});
