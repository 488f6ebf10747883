import type { EpochMs } from '../../core/time.ts';
import { isRecord, nameOf } from './alpaca-bars.ts';
import { badAnswer } from './alpaca-faults.ts';
import { timeOf } from './wire-values.ts';

/** What Alpaca's clock says of the stock market. */
export interface MarketSession {
  readonly time: EpochMs;
  readonly isOpen: boolean;
  readonly nextOpen: EpochMs;
  readonly nextClose: EpochMs;
}

/** Throws an `ExchangeError`. */
export function readSession(answer: unknown): MarketSession {
  if (!isRecord(answer)) throw badAnswer('the clock', 'an object', nameOf(answer));
  const isOpen = answer['is_open'];
  if (typeof isOpen !== 'boolean') throw badAnswer('the clock', 'open or not', nameOf(isOpen));
  const [time, nextOpen, nextClose] = ['timestamp', 'next_open', 'next_close'].map((field) => {
    const at = timeOf(answer[field]);
    if (at === null) throw badAnswer('the clock', `a ${field}`, nameOf(answer[field]));
    return at;
  });
  return { time: time ?? NaN, isOpen, nextOpen: nextOpen ?? NaN, nextClose: nextClose ?? NaN };
}
