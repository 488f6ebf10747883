import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TradingMode } from '../../../src/app/trading/trade.ts';
import { compileProgram, type CompiledProgram } from '../../support/compiled-program.ts';
import { coinbaseKey } from '../../support/exchange-sim/coinbase-key.ts';
import { CALLS, type Call } from '../../support/exchange-sim/fates.ts';
import type { Credentials } from '../../support/exchange-sim/make-exchange.ts';
import { CanaryWatch, Echo } from '../../support/processes/canaries.ts';
import { HOLD_STRATEGY } from '../../support/processes/hold-strategy.ts';
import { LapsedTime } from '../../support/processes/lapsed-time.ts';
import { TradingStage } from '../../support/processes/trading-stage.ts';

const LAPSED = 60;
const READS: readonly Call[] = ['open', 'trades', 'balances', 'candles', 'quote', 'time', 'order'];
/** What is answered so, and how often, until the next thing is tried. */
const ECHOED = {
  paper: [{ calls: READS, times: 6 }],
  live: [
    { calls: ['place', 'cancel'], times: 2 },
    { calls: READS, times: 9 },
  ],
} as const satisfies Record<TradingMode, readonly { calls: readonly Call[]; times: number }[]>;

/** Keys that look different in each encoding, and one of several lines. */
const KEYS = {
  binance: { apiKey: 'canary+key/binance=0001', secret: 'canary+secret/binance==0002' },
  coinbase: coinbaseKey(),
} as const satisfies Readonly<Record<string, Credentials>>;

let program: CompiledProgram;
const stages: TradingStage[] = [];

beforeAll(() => {
  program = compileProgram();
});

afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()));
});

afterAll(() => program.delete());

interface Scene {
  readonly stage: TradingStage;
  readonly echo: Echo;
  readonly watch: CanaryWatch;
}

async function openScene(venue: keyof typeof KEYS, strategy = HOLD_STRATEGY): Promise<Scene> {
  const credentials: Credentials = KEYS[venue];
  const secrets = { ...credentials };
  const echo = new Echo(secrets);
  const stage = new TradingStage({
    main: program.main,
    time: new LapsedTime(LAPSED),
    venue,
    credentials,
    strategy,
    between: (frontEnd) => echo.between(frontEnd),
  });
  stages.push(stage);
  await stage.open();
  return { stage, echo, watch: new CanaryWatch(secrets) };
}

/** Commands that show what was recorded, and one that asks the exchange. */
const LOOKS = [
  ['status'],
  ['status', '--json'],
  ['runs', 'list', '--json'],
  ['runs', 'show', 'MODE-1', '--json'],
  ['verify', 'MODE-1'],
  ['config', 'check'],
  ['doctor'],
  ['doctor', '--json', '--debug'],
] as const;

describe.each(['binance', 'coinbase'] as const)(
  'keys of %s, which an exchange repeats',
  (venue) => {
    it.each(['paper', 'live'] as const)('are seen nowhere: %s trading', async (mode) => {
      const { stage, echo, watch } = await openScene(venue);
      // Nothing is answered: it does not even start.
      echo.calls = new Set(CALLS);
      const refused = stage.start(mode, '--debug', '--set', 'data.retries=1');
      expect((await refused.ended).code).not.toBe(0);
      watch.lookAt('refused', refused);
      expect(echo.count).toBeGreaterThan(0);

      echo.calls = null;
      stage.move('enter');
      const engine = stage.start(mode, '--debug', '-v');
      await engine.until('ready', () => engine.isReady);
      for (const { calls, times } of ECHOED[mode]) {
        echo.calls = new Set(calls);
        const enough = echo.count + times;
        await engine.until('it was answered so', () => echo.count >= enough);
      }
      for (const args of LOOKS) {
        const asked = args.map((each) => each.replace('MODE', mode));
        watch.lookAt(asked.join(' '), await stage.run(...asked));
      }
      watch.lookInto(stage.folder.path);
      echo.calls = null;
      await engine.end('SIGTERM');
      watch.lookAt('engine', engine);
      watch.lookInto(stage.folder.path);
      expect(watch.seen).toEqual([]);
    });
  },
);

/** Reads the keys where they are, as any code of the user may, and fails with them. */
const READ_KEYS = `
import { readFileSync } from 'node:fs';
const keys = readFileSync('.env', 'utf8').replaceAll('\\\\n', '\\n');
`;

describe('a strategy that fails with the keys in its hands', () => {
  it.each([
    ['throws on a bar', '', 'throw new Error(keys);'],
    ['throws when it is loaded', 'throw new Error(keys);', ''],
    ['throws out of a timer', '', 'setTimeout(() => { throw new Error(keys); }, 0);'],
    ['leaves a promise rejected', '', 'Promise.reject(new Error(keys));'],
  ])('%s, and shows none of them', async (_what, atStart, onBar) => {
    const strategy = HOLD_STRATEGY.replace('\n', `${READ_KEYS}${atStart}\n`).replace(
      'onBar(bar, context) {',
      `onBar(bar, context) {\n${onBar}\n`,
    );
    const { stage, watch } = await openScene('coinbase', strategy);
    stage.move('enter');
    const engine = stage.start('paper', '--debug');
    const isSeen = (): boolean => (engine.status()?.last_bar ?? null) !== null;
    // It may end before anything is seen, and that is as well.
    await engine.until('a bar', isSeen).catch(() => undefined);
    if (!engine.hasEnded) await engine.end('SIGTERM');
    await engine.ended;
    watch.lookAt('engine', engine);
    watch.lookAt('status', await stage.run('status', '--json'));
    watch.lookInto(stage.folder.path);
    expect(watch.seen).toEqual([]);
  });
});
