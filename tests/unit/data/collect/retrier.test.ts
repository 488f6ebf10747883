import { describe, expect, it } from 'vitest';
import { ConfigError, EXCHANGE_FAULTS, ExchangeError } from '../../../../src/core/errors.ts';
import { Retrier } from '../../../../src/data/collect/retrier.ts';
import { RETRY_WAITS } from '../../../../src/data/retry-policy.ts';
import { KeptLog } from '../../../support/kept-log.ts';
import { ManualClock, ManualTimer } from '../../../support/manual-time.ts';

const DOWN = new ExchangeError('x is down', { kind: 'unavailable' });

function retrier(retries = 3) {
  const clock = new ManualClock(Date.UTC(2024, 0, 1));
  const timer = new ManualTimer(clock);
  const policy = { ...RETRY_WAITS, retries };
  const logger = new KeptLog();
  return { timer, retrier: new Retrier({ policy, timer, clock, random: () => 0.5, logger }) };
}

/** Fails so many times, then gives the number of tries. */
function failing(times: number, error: Error = DOWN) {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= times) throw error;
    return tries;
  };
}

const OPEN = new AbortController().signal;

describe('Retrier', () => {
  it('asks again until there is an answer, waiting longer each time', async () => {
    const { timer, retrier: patient } = retrier();
    expect(await patient.call(failing(3), OPEN)).toBe(4);
    expect(timer.waits).toEqual([500, 1000, 2000]);
    expect(patient.retries).toBe(3);
  });

  it('throws the last fault after the last try and says how many there were', async () => {
    const { retrier: patient } = retrier(2);
    const error = await patient.call(failing(9), OPEN).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExchangeError);
    expect(error).toMatchObject({
      message: 'x is down; gave up after 3 tries',
      kind: 'unavailable',
      cause: DOWN,
    });
  });

  it('does not wait for the end of a ban but names it', async () => {
    const { timer, retrier: patient } = retrier();
    const ban = new ExchangeError('x banned us', { kind: 'rate-limit', retryAfterMs: 3_600_000 });
    await expect(patient.call(failing(9, ban), OPEN)).rejects.toThrow(
      'x banned us; it wants to be left alone until 2024-01-01T01:00:00Z',
    );
    expect(timer.waits).toEqual([]);
  });

  it('asks again after faults that may pass by themselves, and after no others', async () => {
    const asked = [];
    for (const kind of EXCHANGE_FAULTS) {
      const { retrier: patient } = retrier();
      const outcome = patient.call(failing(1, new ExchangeError('x', { kind })), OPEN);
      asked.push(
        await outcome.then(
          () => kind,
          () => null,
        ),
      );
    }
    expect(asked).toEqual([
      'network',
      'timeout',
      'rate-limit',
      'unavailable',
      'bad-response',
      null,
      null,
    ]);
  });

  it.each([
    ['a refusal', new ExchangeError('no such key', { kind: 'auth' })],
    ['a wrong setting', new ConfigError('no such symbol')],
    ['a bug', new TypeError('undefined')],
  ])('does not ask again after %s', async (_, error) => {
    const { timer, retrier: patient } = retrier();
    await expect(patient.call(failing(1, error), OPEN)).rejects.toBe(error);
    expect(timer.waits).toEqual([]);
  });

  it('asks no more once the signal has aborted during a wait', async () => {
    const { timer, retrier: patient } = retrier();
    const abort = new AbortController();
    timer.meanwhile = () => abort.abort();
    await expect(patient.call(failing(1), abort.signal)).rejects.toBe(DOWN);
    expect(timer.waits).toHaveLength(1);
  });
});
