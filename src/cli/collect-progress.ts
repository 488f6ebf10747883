import { MultiBar, type SingleBar } from 'cli-progress';
import type { CommandIo } from './io.ts';
import { count } from './render/number-format.ts';

/** What is known of a series while it is collected. */
export interface CollectStep {
  /** `coinbase BTC/USD 1h`. */
  readonly series: string;
  /** Bars that came with this page. */
  readonly bars: number;
  /** Share of the time asked for that is done. */
  readonly fraction: number;
}

export interface CollectProgress {
  readonly update: (step: CollectStep) => void;
  /** A line of the log, which must not break a bar. */
  readonly log: (line: string) => void;
  readonly stop: () => void;
}

interface SeriesPace {
  readonly startedAt: number;
  bars: number;
  saidAt: number;
}

const PERMILLE = 1000;
/** All of the line fits into the 80 columns of a plain terminal. */
const BAR_SIZE = 12;
/** In a pipe a line every so often shows that work goes on. */
const LINE_EVERY_MS = 10_000;

/** Bars on a terminal, one a series; in a pipe plain lines: at the start, now and then, at the end. */
export function createCollectProgress(io: CommandIo, now: () => number): CollectProgress {
  return io.isTerminal ? barProgress(io, now) : lineProgress(io, now);
}

function barProgress(io: CommandIo, now: () => number): CollectProgress {
  const bars = new MultiBar({
    format: '{series} {bar} {percentage} % | {eta_formatted} left | {count} bars | {rate} bars/s',
    barsize: BAR_SIZE,
    clearOnComplete: true,
    hideCursor: true,
  });
  const shown = new Map<string, { readonly bar: SingleBar; readonly pace: SeriesPace }>();
  let startsAt = now();
  return {
    update: (step) => {
      const { series, fraction } = step;
      const payload = { series, count: '0', rate: '0' };
      const known = shown.get(series) ?? {
        bar: bars.create(PERMILLE, 0, payload),
        pace: newPace(startsAt),
      };
      startsAt = now();
      shown.set(series, known);
      known.pace.bars += step.bars;
      const rate = count(rateOf(known.pace, now()));
      const facts = { ...payload, count: count(known.pace.bars), rate };
      known.bar.update(Math.floor(fraction * PERMILLE), facts);
    },
    log: (line) => {
      if (shown.size === 0) io.stderr(line);
      else bars.log(line);
    },
    stop: () => {
      bars.stop();
      shown.clear();
    },
  };
}

function lineProgress(io: CommandIo, now: () => number): CollectProgress {
  const paces = new Map<string, SeriesPace>();
  let startsAt = now();
  return {
    update: ({ series, bars, fraction }) => {
      const time = now();
      const known = paces.get(series);
      const pace = known ?? newPace(startsAt);
      startsAt = time;
      paces.set(series, pace);
      pace.bars += bars;
      const isFirst = known === undefined;
      if (!isFirst && fraction < 1 && time - pace.saidAt < LINE_EVERY_MS) return;
      pace.saidAt = time;
      const percent = Math.floor(fraction * 100);
      const rate = count(rateOf(pace, time));
      io.stderr(`${series}: ${percent} %, ${count(pace.bars)} bars, ${rate} bars/s\n`);
    },
    log: io.stderr,
    stop: () => {},
  };
}

/** The first page of a series took from the page before it until now. */
function newPace(time: number): SeriesPace {
  return { startedAt: time, bars: 0, saidAt: time };
}

function rateOf({ startedAt, bars }: SeriesPace, time: number): number {
  const seconds = (time - startedAt) / 1000;
  return seconds > 0 ? bars / seconds : 0;
}
