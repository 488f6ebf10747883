import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../../src/core/errors.ts';
import type { Quote } from '../../../../src/core/quote.ts';
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/time.ts';
import { QuotePoller } from '../../../../src/data/live/quote-poller.ts';
import { KeptLog } from '../../../support/kept-log.ts';
import { VirtualTime } from '../../../support/virtual-time.ts';

const START = Date.UTC(2024, 0, 1);

/** A venue that quotes what a test says, and a poller that asks every five seconds. */
function stage() {
  const time = new VirtualTime(START);
  const log = new KeptLog();
  const handed: Quote[] = [];
  const asked: { readonly at: number; readonly symbols: readonly string[] }[] = [];
  const world = {
    working: ['BTC/USD'] as readonly string[],
    fault: null as Error | null,
    answer: (symbols: readonly string[]): readonly Quote[] =>
      symbols.map((symbol) => ({ symbol, bid: 100, ask: 101, time: time.time })),
    onQuote: (quote: Quote): void => {
      handed.push(quote);
    },
  };
  const poller = new QuotePoller({
    source: {
      quotes: async (symbols) => {
        asked.push({ at: time.time - START, symbols });
        if (world.fault !== null) throw world.fault;
        return world.answer(symbols);
      },
    },
    symbols: () => world.working,
    everyMs: 5000,
    staleAfterMs: MINUTE_MS,
    clock: time,
    timer: time,
    logger: log,
    onQuote: (quote) => world.onQuote(quote),
  });
  const stop = new AbortController();
  let running: Promise<void> | null = null;
  const pass = (ms: number) => time.pass(time.time + ms, (running ??= poller.run(stop.signal)));
  const end = async () => {
    stop.abort();
    await running;
  };
  return { time, log, handed, asked, world, poller, stop, pass, end };
}

describe('QuotePoller', () => {
  it('asks every five seconds while orders wait', async () => {
    const { asked, handed, pass, end } = stage();
    await pass(12_000);
    await end();
    expect(asked.map(({ at }) => at)).toEqual([0, 5000, 10_000]);
    expect(handed).toHaveLength(3);
  });

  it('asks nothing and wakes never while no order waits', async () => {
    const { asked, world, time, pass, end } = stage();
    await pass(1);
    world.working = [];
    await pass(6000);
    const { waits } = time;
    await pass(24 * HOUR_MS);
    await end();
    expect([asked.length, time.waits]).toEqual([1, waits]);
  });

  it('asks at once when new orders wait', async () => {
    const { asked, world, poller, pass, end } = stage();
    world.working = [];
    await pass(6000);
    world.working = ['ETH/USD', 'ETH/USD'];
    poller.poke();
    await pass(10);
    await end();
    expect(asked).toEqual([{ at: 6000, symbols: ['ETH/USD'] }]);
  });

  it('asks once a second at most, however often it is poked', async () => {
    const { asked, world, poller, pass, end } = stage();
    world.onQuote = () => poller.poke();
    await pass(10_000);
    await end();
    expect(asked.length).toBeLessThanOrEqual(11);
  });

  it('hands on what is new of a symbol alone', async () => {
    const { handed, world, pass, end } = stage();
    const quotes = [
      { symbol: 'BTC/USD', bid: 100, ask: 101, time: START },
      { symbol: 'BTC/USD', bid: 100, ask: 101, time: START },
      { symbol: 'BTC/USD', bid: 99, ask: 101, time: START - 1 },
      { symbol: 'BTC/USD', bid: 99, ask: 101, time: START },
      { symbol: 'DOGE/USD', bid: 1, ask: 2, time: START },
    ];
    world.answer = () => quotes;
    await pass(7000);
    await end();
    expect(handed.map(({ bid, time }) => [bid, time - START])).toEqual([
      [100, 0],
      [99, 0],
      [100, 0],
      [99, 0],
    ]);
  });

  it('ignores unsound quotes and says so once', async () => {
    const { handed, log, world, pass, end } = stage();
    world.answer = () => [{ symbol: 'BTC/USD', bid: 102, ask: 101, time: START }];
    await pass(12_000);
    await end();
    expect(handed).toEqual([]);
    const problem = 'a bid not above the ask 101 was expected, was 102';
    expect(log.warnings).toEqual([{ symbol: 'BTC/USD', problem }]);
  });

  it('ignores quotes whose own time stands still', async () => {
    const { handed, world, pass, end } = stage();
    let bid = 100.9;
    world.answer = () => [{ symbol: 'BTC/USD', bid: (bid -= 0.1), ask: 101, time: START }];
    await pass(3 * MINUTE_MS);
    await end();
    expect(handed.length).toBe(13);
  });

  it('asks a venue that fails less and less often, whoever pokes, and says so once', async () => {
    const { asked, log, world, poller, time, pass, end } = stage();
    world.fault = new ExchangeError('down', { kind: 'unavailable' });
    for (let minute = 0; minute < 10; minute += 1) {
      await pass(MINUTE_MS);
      poller.poke();
    }
    expect(asked.map(({ at }) => at / 1000).slice(0, 6)).toEqual([0, 5, 15, 35, 75, 135]);
    expect(log.warnings).toHaveLength(1);
    world.fault = null;
    await pass(MINUTE_MS);
    const before = asked.length;
    await pass(10_000);
    await end();
    expect(asked.length - before).toBe(2);
    expect(time.pending).toBe(0);
  });

  it('leaves a venue alone for as long as it asks', async () => {
    const { asked, world, pass, end } = stage();
    world.fault = new ExchangeError('ban', { kind: 'rate-limit', retryAfterMs: 10 * MINUTE_MS });
    await pass(10 * MINUTE_MS - 1);
    await end();
    expect(asked).toHaveLength(1);
  });

  it('ends with what the engine threw', async () => {
    const { world, pass } = stage();
    const fault = new Error('the engine stopped');
    world.onQuote = () => {
      throw fault;
    };
    await expect(pass(10_000)).rejects.toBe(fault);
  });

  it('ends when it is interrupted and leaves nothing behind', async () => {
    const { time, stop, pass, end } = stage();
    await pass(7000);
    await end();
    expect(time.pending).toBe(0);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });
});
