import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../cli/command-line.ts';
import { ACCOUNT, PAIR, stages, type Stage } from './stage.ts';

const make = stages();

/** What keeps a command from starting; nothing was sent by then that could trade. */
async function refusal(stage: Stage, ...args: readonly string[]) {
  const outcome = await stage.run(...args);
  expect(stage.core.requests.filter(({ call }) => call === 'place')).toEqual([]);
  return [outcome.code, refusalOf(outcome)] as const;
}

const live = (...flags: readonly string[]): readonly string[] => [
  'live',
  '--strategy',
  './by_price.ts',
  '--symbols',
  PAIR,
  '--timeframe',
  '1m',
  '--exchange',
  'binance',
  ...flags,
];
const ENABLED = ['--set', 'live.enabled=true'];
const CONFIRMED = ['--confirm-live', ACCOUNT];

describe('real money', () => {
  it('needs live.enabled', async () => {
    expect(await refusal(make(), ...live(...CONFIRMED))).toEqual([
      2,
      expect.stringMatching(/^live.enabled: true was expected .*; try "quantsage paper" first/),
    ]);
  });

  it.each([
    ['none', [], 'was not given'],
    ['another account', ['--confirm-live', '12345'], 'was "12345"'],
    ['nothing', ['--confirm-live', ''], 'was ""'],
  ])('needs its account confirmed, not %s', async (_what, flags, was) => {
    const [code, sentence] = await refusal(make(), ...live(...ENABLED, ...flags));
    expect(code).toBe(2);
    expect(sentence).toContain(`--confirm-live ${ACCOUNT} was expected`);
    expect(sentence).toContain(was);
  });

  it('is not for keys that may withdraw', async () => {
    const stage = make();
    stage.core.permissions = { mayTrade: true, mayWithdraw: true };
    expect(await refusal(stage, ...live(...ENABLED, ...CONFIRMED))).toEqual([
      2,
      expect.stringMatching(/^withdrawal right: keys that may not withdraw were expected/),
    ]);
  });

  it('is for keys that may withdraw where that is allowed, and says so', async () => {
    const stage = make();
    stage.core.permissions = { mayTrade: true, mayWithdraw: true };
    const running = await stage.running('live', '--set', 'live.allow_withdrawal_keys=true');
    expect(running.said()).toMatch(/note: the keys may withdraw/);
    await stage.stop(running);
  });

  it('needs keys that may trade', async () => {
    const stage = make();
    stage.core.permissions = { mayTrade: false, mayWithdraw: false };
    expect(await refusal(stage, ...live(...ENABLED, ...CONFIRMED))).toEqual([
      2,
      expect.stringMatching(/^trading right: keys that may trade were expected/),
    ]);
  });

  it('needs keys at all, and names the variables', async () => {
    const stage = make();
    stage.directory.write('.env', '');
    expect(await refusal(stage, ...live(...ENABLED, ...CONFIRMED))).toEqual([
      2,
      expect.stringMatching(
        /BINANCE_API_KEY, was not set; set BINANCE_API_KEY and BINANCE_API_SEC/,
      ),
    ]);
  });

  it('needs a file of keys that its owner alone may read', async () => {
    const stage = make();
    chmodSync(stage.directory.at('.env'), 0o644);
    expect(await refusal(stage, ...live(...ENABLED, ...CONFIRMED))).toEqual([
      2,
      '.env: mode 600 was expected of .env, was 644: others may read your keys; chmod 600 .env',
    ]);
  });

  it('needs a program whose memory is not dumped', async () => {
    const stage = make();
    const machine = { ...stage.machine, dumpsCore: () => true };
    const outcome = await stage.directory.runAt({ machine }, ...live(...ENABLED, ...CONFIRMED));
    expect([outcome.code, refusalOf(outcome)]).toEqual([2, expect.stringMatching(/^dumps: /)]);
  });

  it.each(['live', 'paper'])('is not traded without limits, nor pretended: %s', async (mode) => {
    const [, ...flags] = live(...ENABLED, '--set', 'risk_limits.enabled=false');
    const confirmed = mode === 'live' ? CONFIRMED : [];
    expect(await refusal(make(), mode, ...flags, ...confirmed)).toEqual([
      2,
      expect.stringMatching(/risk_limits.enabled: true was expected/),
    ]);
  });

  it('needs money to trade with', async () => {
    const stage = make({ balances: { USDT: '0', BTC: '1' } });
    expect(await refusal(stage, ...live(...ENABLED, ...CONFIRMED))).toEqual([
      2,
      expect.stringMatching(/^USDT to trade with was expected in the account at binance, was 0/),
    ]);
  });

  it('is not sized by what the funds will be at the fill', async () => {
    const sizing = ['--set', 'position_sizing.method=all_in'];
    const [code, sentence] = await refusal(make(), ...live(...ENABLED, ...CONFIRMED, ...sizing));
    expect([code, sentence]).toEqual([
      2,
      expect.stringMatching(/position_sizing.evaluate_at: decision was expected .*, was "fill"/),
    ]);
  });

  it('needs a clock that is about right', async () => {
    const stage = make();
    stage.core.clockOffsetMs = 120_000;
    const [code, sentence] = await refusal(stage, ...live(...ENABLED, ...CONFIRMED));
    expect(code).toBe(2);
    expect(sentence).toMatch(/^clock: this machine's clock is \d+ ms behind binance's/);
  });
});

describe('one account, one database, one engine', () => {
  it('a database of paper is refused by live, and the other way round', async () => {
    const stage = make();
    await stage.stop(await stage.running('paper'));
    const [code, sentence] = await refusal(stage, ...live(...ENABLED, ...CONFIRMED));
    expect(code).toBe(2);
    expect(sentence).toMatch(/paper/);
    expect(sentence).toMatch(/live/);
    const other = ['--db', stage.directory.at('data/live.db')];
    await stage.stop(await stage.running('live', ...other));
    const [, ...flags] = live(...other);
    expect(await refusal(stage, 'paper', ...flags)).toEqual([2, expect.stringMatching(/live/)]);
  });

  it('a second engine on the database is refused, and named', async () => {
    const stage = make();
    const running = await stage.running('paper');
    const second = await stage.run('paper', ...live().slice(1));
    expect([second.code, refusalOf(second)]).toEqual([
      2,
      expect.stringMatching(
        /^one instance was expected, another one runs: paper trading in data\/quantsage.db, process \d+ on/,
      ),
    ]);
    await stage.stop(running);
  });

  it('a second engine on the account is refused, whatever its database', async () => {
    const stage = make();
    const running = await stage.running('live');
    const elsewhere = ['--db', stage.directory.at('data/other.db')];
    const second = await stage.run(...live(...ENABLED, ...CONFIRMED, ...elsewhere));
    expect([second.code, refusalOf(second)]).toEqual([
      2,
      expect.stringMatching(/another one runs: live trading of binance account 354937868/),
    ]);
    await stage.stop(running);
    await stage.stop(await stage.running('live', '--db', stage.directory.at('data/other.db')));
  });
});

describe('an exchange that is away', () => {
  it.each(['paper', 'live'] as const)('keeps %s from starting, with exit 4', async (mode) => {
    const stage = make();
    stage.core.policy = { draw: () => ({ kind: 'storm', as: 'drop' }) };
    const { code, stderr } = await stage.end(stage.trade(mode));
    expect([code, stderr.split('\n').at(-2)]).toEqual([4, expect.stringMatching(/^error: /)]);
  });

  it.each(['SIGTERM', 'SIGINT'])('can be given up on: %s', async (signal) => {
    const stage = make();
    stage.core.policy = { draw: () => ({ kind: 'storm', as: 'drop' }) };
    const running = stage.trade('paper');
    await stage.until(() => stage.core.requests.length > 1, 'a request');
    const { code, stderr } = await stage.stop(running, signal);
    expect(code).toBe(signal === 'SIGINT' ? 130 : 0);
    expect(stderr).not.toContain('error:');
  });
});
