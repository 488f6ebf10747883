import type { Bar } from '../../../src/core/bar.ts';
import type { GateChange, OperatorCommand } from '../../../src/core/operator.ts';
import type { Quote } from '../../../src/core/quote.ts';
import type { EpochMs } from '../../../src/core/time.ts';
import { sliceOf } from '../bars.ts';
import type { Scene } from './trading-stage.ts';

/** Seconds after its close at which a bar is there. */
const GRACE_MS = 5_000;

export function warmUp(...bars: readonly Bar[]): Scene {
  return ({ sink }) => {
    for (const bar of bars) sink.warmUp(sliceOf(bar));
  };
}

/** One slice of bars that close together. */
export function trade(...bars: readonly Bar[]): Scene {
  return ({ sink, at }) => {
    const slice = sliceOf(...bars);
    at(slice.closeTime + GRACE_MS);
    sink.trade(slice);
  };
}

export function catchUp(...bars: readonly Bar[]): Scene {
  return ({ sink, at }) => {
    const slice = sliceOf(...bars);
    at(slice.closeTime + GRACE_MS);
    sink.catchUp(slice);
  };
}

/** A price, which enters only where it moves something, as in paper trading. */
export function quote(told: Quote): Scene {
  return ({ engine, links, at }) => {
    at(told.time);
    links.intake.enter(() => engine.quote(told));
  };
}

export function command(act: OperatorCommand['act'], time: EpochMs): Scene {
  return ({ engine, links, at }) => {
    at(time);
    links.intake.enter(() =>
      engine.control.command({ act, reason: 'a test', by: 'test', at: time }),
    );
  };
}

export function gate(change: GateChange, time: EpochMs): Scene {
  return ({ links, at }) => {
    at(time);
    links.onGate(change);
  };
}
