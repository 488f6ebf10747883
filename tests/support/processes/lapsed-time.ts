import type { Clock } from '../../../src/ports/clock.ts';
import { LAPSED_CLOCK } from './lapsed-clock.ts';

/** Time that passes several times as fast, here and in the processes that are told of it. */
export class LapsedTime implements Clock {
  readonly speed: number;
  readonly #start = Date.now();

  constructor(speed: number) {
    this.speed = speed;
  }

  now(): number {
    return Math.floor(this.#start + (Date.now() - this.#start) * this.speed);
  }

  /** Flags of Node for a process that is to live in this time. */
  get flags(): readonly string[] {
    if (this.speed === 1) return [];
    return ['--import', `data:text/javascript,${encodeURIComponent(LAPSED_CLOCK)}`];
  }

  /** Variables of its environment. */
  get variables(): Readonly<Record<string, string>> {
    return { LAPSED_CLOCK: [this.#start, this.#start, this.speed].join(',') };
  }
}
