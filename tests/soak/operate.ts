import type { TradingProcess } from '../support/processes/trading-process.ts';
import type { TradingStage } from '../support/processes/trading-stage.ts';
import { databaseFigures } from '../support/processes/database-figures.ts';

interface OperateOptions {
  readonly stage: TradingStage;
  readonly tell: (line: string) => void;
}

const MINUTE_MS = 60_000;
const BARS_WITHIN_MS = 200_000;
const HALT_WITHIN_MS = 1_000;
const HALTS = 5;

/** Halts, flattens, resumes and restarts an engine; prints how long that took and gives what was wrong. */
export async function operate({ stage, tell }: OperateOptions): Promise<readonly string[]> {
  const faults: string[] = [];
  let engine = await started(stage);
  const times: number[] = [];
  for (let halt = 0; halt < HALTS; halt++) {
    times.push(await haltTime(stage, engine));
    await stage.run('resume', 'and on');
  }
  const worst = Math.max(...times);
  tell(`halt, from the start of the command: ${times.map((ms) => Math.round(ms)).join(', ')} ms`);
  if (worst > HALT_WITHIN_MS) faults.push(`a halt took ${Math.round(worst)} ms`);

  await stage.run('flatten', 'out before the test of the brakes');
  await engine.until('flat', () => engine.status()?.positions.length === 0, BARS_WITHIN_MS);
  const { last_seq: seq = 0, run_id: run = '' } = engine.status() ?? {};
  stage.move('enter');
  await nextBar(stage, engine);
  const entries = databaseFigures(stage.folder.database, run).approvedAfter(seq, 'entry');
  tell(`entries let pass while halted, at prices that ask for them: ${entries}`);
  if (entries > 0) faults.push(`${entries} entries passed while halted`);

  const before = engine.status();
  await engine.end('SIGTERM');
  engine = await started(stage);
  const after = engine.status();
  for (const what of ['cash', 'positions', 'orders', 'peak_equity', 'halt'] as const) {
    const [old, now] = [JSON.stringify(before?.[what]), JSON.stringify(after?.[what])];
    if (old !== now) faults.push(`a restart made ${what} ${now} of ${old}`);
  }
  tell('restarted: cash, positions, orders, peak and halt compared');
  await stage.run('resume', 'the brakes hold');
  const isIn = (): boolean => engine.status()?.positions.length === 2;
  await engine.until('in again', isIn, BARS_WITHIN_MS);
  await engine.end('SIGINT');
  const verified = await stage.run('verify', run);
  tell(verified.stdout.trimEnd());
  if ((await verified.ended).code !== 0) faults.push('the journal does not verify');
  return faults;
}

/** Milliseconds from the start of the command until the engine shows that it lets no entry pass. */
async function haltTime(stage: TradingStage, engine: TradingProcess): Promise<number> {
  const begun = performance.now();
  const command = stage.run('halt', 'a test of the brakes');
  await engine.until('the halt', () => (engine.status()?.halt ?? null) !== null);
  const took = performance.now() - begun;
  await command;
  return took;
}

async function nextBar(stage: TradingStage, engine: TradingProcess): Promise<void> {
  const close = (Math.floor(stage.core.now() / MINUTE_MS) + 1) * MINUTE_MS;
  const isSeen = (): boolean => Date.parse(engine.status()?.last_bar ?? '1970') >= close;
  await engine.until('a bar', isSeen, BARS_WITHIN_MS);
}

async function started(stage: TradingStage): Promise<TradingProcess> {
  const engine = stage.start('paper');
  await engine.until('ready', () => engine.isReady);
  return engine;
}
