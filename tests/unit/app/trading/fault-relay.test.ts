import { describe, expect, it } from 'vitest';
import { FaultRelay } from '../../../../src/app/trading/fault-relay.ts';
import { ConfigError, ExchangeError } from '../../../../src/core/errors.ts';

/** An exchange that fails as it is told to; it keeps a secret of its own, as classes do. */
class Asked {
  readonly exchange = 'scripted';
  readonly watch = null;
  readonly #answer = 42;
  fault: Error | null = null;

  async read(_signal?: AbortSignal): Promise<number> {
    if (this.fault !== null) throw this.fault;
    return this.#answer;
  }

  async place(): Promise<{ readonly kind: string; readonly reason?: string }> {
    if (this.fault === null) return { kind: 'acknowledged' };
    return { kind: 'unknown', reason: this.fault.message };
  }

  plain(): number {
    return this.#answer;
  }
}

const outage = () => new ExchangeError('nobody answers', { kind: 'network' });

function watched() {
  const relay = new FaultRelay();
  const told: string[] = [];
  relay.listen((error) => told.push(error instanceof Error ? error.message : String(error)));
  const asked = new Asked();
  return { asked, through: relay.watching(asked, 'account'), told, relay };
}

const settle = async (work: Promise<unknown>): Promise<void> => {
  await Promise.allSettled([work]);
};

describe('the relay of faults', () => {
  it('changes nothing about what it watches', async () => {
    const { through, asked } = watched();
    expect([through.exchange, through.watch, through.plain()]).toEqual(['scripted', null, 42]);
    expect(await through.read()).toBe(42);
    asked.fault = outage();
    await expect(through.read()).rejects.toBe(asked.fault);
  });

  it('counts an outage once, and the next one anew', async () => {
    const { asked, through, told } = watched();
    asked.fault = outage();
    for (let times = 0; times < 5; times++) await settle(through.read());
    expect(told).toEqual(['nobody answers']);
    asked.fault = null;
    await settle(through.read());
    asked.fault = outage();
    await settle(through.read());
    expect(told).toHaveLength(2);
  });

  it('counts every order without an answer', async () => {
    const { asked, through, told } = watched();
    await settle(through.place());
    asked.fault = outage();
    await settle(through.place());
    await settle(through.place());
    expect(told).toEqual(['nobody answers', 'nobody answers']);
  });

  it.each([
    ['a refusal', new ExchangeError('no such symbol', { kind: 'rejected' })],
    ['a setting', new ConfigError('a symbol was expected')],
    ['a bug', new TypeError('x is undefined')],
  ])('takes %s for no fault of the surroundings', async (_what, error) => {
    const { asked, through, told } = watched();
    asked.fault = error;
    await settle(through.read());
    expect(told).toEqual([]);
  });

  it('does not count what was given up', async () => {
    const { asked, through, told } = watched();
    asked.fault = outage();
    await settle(through.read(AbortSignal.abort()));
    expect(told).toEqual([]);
  });

  it('keeps apart who was asked', async () => {
    const { asked, through, told, relay } = watched();
    const other = relay.watching(asked, 'market');
    asked.fault = outage();
    await settle(through.read());
    await settle(other.read());
    expect(told).toHaveLength(2);
  });
});
