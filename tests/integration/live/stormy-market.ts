import { ExchangeError } from '../../../src/core/errors.ts';
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../../src/core/time.ts';
import type { SourceBar } from '../../../src/ports/bar-source.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { hour, hourly } from '../collect/listed-venue.ts';
import type { FeedStage } from './feed-stage.ts';

export interface Storm {
  readonly seed: number;
  readonly symbols: readonly string[];
  /** Hours it rages in. */
  readonly from: number;
  readonly to: number;
}

/**
 * Fills a venue with bars and everything that goes wrong with them: hours without trades, bars that
 * appear late, forming candles, revisions, pages out of order with bars twice, slow answers, outages,
 * streams that break, a clock of this machine that is set. From the last hour on all is well.
 */
export function unleash(stage: FeedStage, storm: Storm): void {
  const random = seededRandom(storm.seed);
  const rate = (share: number) => random() < share;
  for (const symbol of storm.symbols) publishAll(stage, symbol, storm, random);
  const rages = () => stage.time.time < hour(storm.to);
  const outages = Array.from({ length: 4 }, () => {
    const start = hour(storm.from) + random() * (storm.to - storm.from) * HOUR_MS;
    const victim = rate(0.5) ? null : storm.symbols[Math.floor(random() * storm.symbols.length)];
    return { start, end: start + random() * 4 * HOUR_MS, victim };
  });
  stage.market.fault = (symbol) => {
    const { time } = stage.time;
    const isOut = outages.some(
      ({ start, end, victim }) => time >= start && time < end && (victim ?? symbol) === symbol,
    );
    if (!rages() || !(isOut || rate(0.05))) return null;
    return new ExchangeError('the venue is away', { kind: rate(0.5) ? 'timeout' : 'unavailable' });
  };
  stage.market.latencyMs = () =>
    2 * Math.floor(rages() && rate(0.1) ? random() * 15_000 : 10 + random() * 250);
  stage.market.distort = (bars) => {
    if (!rages() || rate(0.6)) return bars;
    const doubled = bars.flatMap((bar) => (rate(0.2) ? [bar, bar] : [bar]));
    return rate(0.5) ? doubled.toReversed() : doubled;
  };
  for (let index = 0; index < 3; index += 1) {
    const at = Math.floor(hour(storm.from) + random() * (storm.to - storm.from) * HOUR_MS);
    const error = Math.floor((random() - 0.5) * 18 * MINUTE_MS);
    stage.time.at(at, () => (stage.time.clockErrorMs = error));
  }
  stage.time.at(hour(storm.to), () => (stage.time.clockErrorMs = 0));
  if (rate(0.5)) streamAll(stage, storm, random);
}

function publishAll(
  stage: FeedStage,
  symbol: string,
  { from, to }: Storm,
  random: () => number,
): void {
  for (let index = from - 100; index < to + 10; index += 1) {
    const isStormy = index >= from && index < to;
    if (isStormy && random() < 0.1) continue;
    const bar = hourly(index);
    const closes = hour(index + 1);
    const at = closes + (isStormy ? delayMs(random) : 0);
    const forming = { ...bar, close: bar.low, volume: 1 };
    if (isStormy && random() < 0.15) {
      const later = { ...bar, volume: bar.volume + 1 };
      stage.market.publish({ symbol, bar, at, revised: { at: at + MINUTE_MS, bar: later } });
    } else if (at === closes) {
      const revised = { at: closes, bar };
      stage.market.publish({ symbol, bar: forming, at: bar.openTime, revised });
    } else stage.market.publish({ symbol, bar, at });
  }
}

/** Mostly none, sometimes seconds, seldom minutes or hours. */
function delayMs(random: () => number): number {
  const kind = random();
  if (kind < 0.6) return 0;
  if (kind < 0.85) return Math.floor(random() * 30_000);
  return Math.floor(random() * (kind < 0.95 ? 10 * MINUTE_MS : 5 * HOUR_MS));
}

function streamAll(stage: FeedStage, { symbols, from, to }: Storm, random: () => number): void {
  stage.market.stream();
  const say = (symbol: string, bar: SourceBar, at: EpochMs) =>
    stage.time.at(Math.floor(at), () => stage.market.say(symbol, bar));
  for (const symbol of symbols) {
    for (let index = from; index < to; index += 1) {
      if (random() < 0.3) continue;
      const bar = hourly(index);
      say(symbol, { ...bar, close: bar.low }, bar.openTime + random() * 12_000);
      say(symbol, bar, hour(index + 1) - random() * 1000);
      if (random() < 0.1)
        stage.time.at(bar.openTime + Math.floor(random() * HOUR_MS), () => cut(stage));
    }
  }
}

function cut({ market }: FeedStage): void {
  for (const watcher of market.watchers) {
    watcher.cut(new ExchangeError('the stream broke', { kind: 'network' }));
  }
}
