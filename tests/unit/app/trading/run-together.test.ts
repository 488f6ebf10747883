import { describe, expect, it } from 'vitest';
import { runTogether } from '../../../../src/app/trading/run-together.ts';

/** Runs until it is told to stop, and then needs a moment. */
function patient(ended: string[], name: string) {
  return {
    run: async (signal: AbortSignal): Promise<void> => {
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.resolve();
      ended.push(name);
    },
  };
}

describe('parts that run together', () => {
  it('end when the signal aborts', async () => {
    const ended: string[] = [];
    const stop = new AbortController();
    const running = runTogether([patient(ended, 'a'), patient(ended, 'b')], stop.signal);
    expect(ended).toEqual([]);
    stop.abort();
    await running;
    expect(ended).toEqual(['a', 'b']);
  });

  it('have all ended before the failure of one is thrown', async () => {
    const ended: string[] = [];
    const failing = { run: () => Promise.reject(new Error('no prices')) };
    const { signal } = new AbortController();
    await expect(runTogether([patient(ended, 'a'), failing], signal)).rejects.toThrow('no prices');
    expect(ended).toEqual(['a']);
  });

  it('throw the first failure of several', async () => {
    const late = {
      run: async (signal: AbortSignal): Promise<void> => {
        await patient([], 'late').run(signal);
        throw new Error('late');
      },
    };
    const failing = { run: () => Promise.reject(new Error('first')) };
    const { signal } = new AbortController();
    await expect(runTogether([late, failing], signal)).rejects.toThrow('first');
  });
});
