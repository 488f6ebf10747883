import { describe, expect, it } from 'vitest';
import { createCollectProgress } from '../../../src/cli/collect-progress.ts';
import type { CommandIo } from '../../../src/cli/io.ts';

/** Lines of a pipe; each step is a second, a number of bars and a share. */
function linesOf(steps: readonly (readonly [number, number, number])[]): string {
  let said = '';
  let time = 0;
  const io: CommandIo = {
    stdout: () => undefined,
    stderr: (text) => void (said += text),
    isTerminal: false,
    signal: new AbortController().signal,
    environment: { overrides: {}, noColor: true, secret: () => null, redact: (text) => text },
  };
  const progress = createCollectProgress(io, () => time);
  for (const [second, bars, fraction] of steps) {
    time = second * 1000;
    progress.update({ series: 'coinbase BTC/USD 1h', bars, fraction });
  }
  progress.stop();
  return said;
}

describe('the progress of collect in a pipe', () => {
  it('is a line at the start, one every ten seconds, and one at the end', () => {
    const steps = [
      [1, 300, 0.1],
      [5, 300, 0.2],
      [10.9, 300, 0.3],
      [11, 300, 0.4],
      [20, 300, 0.9],
      [20.5, 100, 1],
    ] as const;
    expect(linesOf(steps)).toBe(
      'coinbase BTC/USD 1h: 10 %, 300 bars, 300 bars/s\n' +
        'coinbase BTC/USD 1h: 40 %, 1,200 bars, 109 bars/s\n' +
        'coinbase BTC/USD 1h: 100 %, 1,600 bars, 78 bars/s\n',
    );
  });

  it('claims no rate where no time has passed', () => {
    expect(linesOf([[0, 300, 1]])).toBe('coinbase BTC/USD 1h: 100 %, 300 bars, 0 bars/s\n');
  });
});
