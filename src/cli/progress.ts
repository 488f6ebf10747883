import { SingleBar } from 'cli-progress';
import type { CommandIo } from './io.ts';

export interface Progress {
  readonly update: (progress: { readonly bars: number; readonly fraction: number }) => void;
  readonly stop: () => void;
}

const PERCENT = 100;

/** A bar on a terminal, nothing in a pipe: short work needs no lines there. */
export function createProgress(io: CommandIo): Progress {
  if (!io.isTerminal) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: '{bar} {percentage} % | {bars} bars | {eta_formatted} left',
    clearOnComplete: true,
    hideCursor: true,
  });
  let started = false;
  return {
    update: ({ bars, fraction }) => {
      if (!started) bar.start(PERCENT, 0, { bars });
      started = true;
      bar.update(Math.floor(fraction * PERCENT), { bars });
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
}
