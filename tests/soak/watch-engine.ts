import { setTimeout as wait } from 'node:timers/promises';
import type { TradingStatus } from '../../src/app/trading/trading-status.ts';
import { databaseFigures } from '../support/processes/database-figures.ts';
import type { TradingProcess } from '../support/processes/trading-process.ts';
import type { TradingStage } from '../support/processes/trading-stage.ts';
import { slopeOf, useOf } from './process-use.ts';

interface WatchOptions {
  readonly stage: TradingStage;
  /** Of this machine's clock. */
  readonly minutes: number;
  readonly speed: number;
  readonly tell: (line: string) => void;
}

const MINUTE_MS = 60_000;
const EVERY_MS = 1_000;
/** Of the exchange's time after a close: what the engine does with a bar is over by then. */
const BUSY_MS = 15_000;
/** A heap grows until it is first cleaned up. */
const SETTLING_SHARE = 0.4;
const SLOPE_MOST = 6;
const IDLE_MOST = 0.05;

interface Sample {
  /** Minutes since the start. */
  readonly at: number;
  readonly rss: number;
  readonly cpu: number;
  /** By the exchange's clock, since the last close. */
  readonly sinceClose: number;
}

/** As `quantsage status --json` prints it. */
interface Seen {
  readonly is_running: boolean;
  readonly status: TradingStatus;
}

/** Lets an engine trade for a while; prints what it used and gives all that was wrong. */
export async function watchEngine({
  stage,
  minutes,
  speed,
  tell,
}: WatchOptions): Promise<readonly string[]> {
  const faults: string[] = [];
  const engine = stage.start('paper');
  await engine.until('ready', () => engine.isReady);
  const samples: Sample[] = [];
  const begun = performance.now();
  let looks = 0;
  while (performance.now() - begun < minutes * MINUTE_MS) {
    // In for two bars, out for two.
    stage.move(Math.floor(stage.core.now() / (2 * MINUTE_MS)) % 2 === 0 ? 'enter' : 'exit');
    await wait(EVERY_MS);
    if (engine.hasEnded) return ['the engine ended'];
    samples.push(sampleOf(engine, stage, begun));
    if (samples.length % 10 !== 0) continue;
    looks += 1;
    faults.push(...(await lookedAt(engine, stage)));
  }
  const status = engine.status();
  tell(`bars until ${status?.last_bar}, ${status?.fills} fills, ${status?.last_seq} events`);
  tell(`status compared ${looks} times with the database and the exchange`);
  if ((status?.fills ?? 0) === 0) faults.push('nothing was traded');
  faults.push(...useFaults(samples, { speed, tell }));
  const { code } = await engine.end('SIGTERM');
  if (code !== 0) faults.push(`SIGTERM ended it with ${code}`);
  return faults;
}

function sampleOf(engine: TradingProcess, stage: TradingStage, begun: number): Sample {
  const use = useOf(engine.child.pid ?? 0);
  const at = (performance.now() - begun) / MINUTE_MS;
  return { at, ...use, sinceClose: stage.core.now() % MINUTE_MS };
}

function useFaults(
  samples: readonly Sample[],
  { speed, tell }: Pick<WatchOptions, 'speed' | 'tell'>,
): readonly string[] {
  const settled = samples.slice(Math.floor(samples.length * SETTLING_SHARE));
  const slope = slopeOf(settled.map(({ at, rss }) => [at, rss]));
  const memory = settled.map(({ rss }) => rss);
  const [least, most] = [Math.min(...memory), Math.max(...memory)];
  const idle = samples.slice(1).flatMap((sample, index) => {
    const before = samples[index];
    if (before === undefined || before.sinceClose < BUSY_MS) return [];
    if (sample.sinceClose < before.sinceClose) return [];
    return [{ cpu: sample.cpu - before.cpu, minutes: sample.at - before.at }];
  });
  const seconds = idle.reduce((sum, each) => sum + each.minutes * 60, 0);
  const share = idle.reduce((sum, each) => sum + each.cpu, 0) / seconds;
  const whole = (samples.at(-1)?.cpu ?? 0) - (samples[0]?.cpu ?? 0);
  tell(`memory ${least.toFixed(1)} to ${most.toFixed(1)} MiB, slope ${slope.toFixed(2)} MiB/min`);
  tell(
    `processor ${whole.toFixed(2)} s in all; between bars ${(share * 100).toFixed(2)} % ` +
      `over ${seconds.toFixed(0)} s`,
  );
  return [
    ...(slope / speed <= SLOPE_MOST ? [] : [`memory rises by ${slope.toFixed(2)} MiB/min`]),
    ...(seconds === 0 || share / speed <= IDLE_MOST
      ? []
      : [`${(share * 100).toFixed(1)} % of a processor between bars`]),
  ];
}

/** Compares what `quantsage status --json` says with the books of others. */
async function lookedAt(engine: TradingProcess, stage: TradingStage): Promise<readonly string[]> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { stdout } = await stage.run('status', '--json');
    const seen = JSON.parse(stdout) as Seen;
    const figures = databaseFigures(stage.folder.database, seen.status.run_id);
    // Both are of the same moment, or nothing can be said.
    if (figures.lastSeq !== seen.status.last_seq) continue;
    return differences(seen, { engine, figures, stage });
  }
  return ['status and database were never of the same moment'];
}

function differences(
  { is_running: isRunning, status }: Seen,
  {
    engine,
    figures,
    stage,
  }: {
    readonly engine: TradingProcess;
    readonly figures: ReturnType<typeof databaseFigures>;
    readonly stage: TradingStage;
  },
): readonly string[] {
  const held = status.positions.map(({ symbol, quantity }) => [symbol, quantity].join(' '));
  const prices = status.positions.map(({ symbol, price }) => [symbol, price].join(' '));
  const closes = status.positions.map(({ symbol }) => {
    return [symbol, closeBefore(stage, symbol, Date.parse(status.last_bar ?? ''))].join(' ');
  });
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['it runs', isRunning, true],
    ['process', status.pid, engine.child.pid],
    ['cash', status.cash, figures.cash],
    ['positions', held, Object.entries(figures.positions).map((each) => each.join(' '))],
    ['orders', status.orders.map(({ id }) => id).sort(), figures.openOrders],
    ['prices', prices, closes],
  ];
  return pairs.flatMap(([what, shown, real]) => {
    const [one, other] = [JSON.stringify(shown), JSON.stringify(real)];
    return one === other ? [] : [`status says of ${what} ${one}, there is ${other}`];
  });
}

/** The exchange's own close of the bar that ended then. */
function closeBefore(stage: TradingStage, symbol: string, end: number): number {
  const [candle] = stage.core.market(symbol).candles('1m', end - MINUTE_MS, end);
  return Number(candle?.close ?? 0n) / 1e18;
}
