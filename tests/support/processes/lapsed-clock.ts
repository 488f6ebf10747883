/**
 * Loaded into a process before its program, it lets time pass several times as fast there: a minute of
 * candles or of evidence is over within seconds. Every process, and whoever serves it, reckons the time
 * from this machine's clock in the same way, so that all agree on it.
 */
export const LAPSED_CLOCK = `
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const [start, base, speed] = process.env.LAPSED_CLOCK.split(',').map(Number);
const RealDate = Date;
const realNow = Date.now.bind(Date);
const realSteady = performance.now.bind(performance);
const now = () => Math.floor(base + (realNow() - start) * speed);

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }

  static now() {
    return now();
  }
};
performance.now = () => realSteady() * speed;

const { setTimeout: wait } = timers;
timers.setTimeout = (ms, value, options) => wait(ms / speed, value, options);
syncBuiltinESMExports();

const { setTimeout: once, setInterval: often } = globalThis;
globalThis.setTimeout = (run, ms = 0, ...args) => once(run, ms / speed, ...args);
globalThis.setInterval = (run, ms = 0, ...args) => often(run, ms / speed, ...args);
`;
