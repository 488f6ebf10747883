import type { AccountUpdate, ExchangeAccount } from '../../../src/ports/exchange-account.ts';
import {
  inProcessStream,
  type StreamOptions,
} from '../../support/exchange-sim/in-process-stream.ts';
import type { Lifeline } from './lifeline.ts';

interface WorldStream extends Pick<StreamOptions, 'core' | 'time'> {
  readonly chance: () => StreamOptions['chance'];
  readonly lifeline: Lifeline;
  /** Share of updates that go wrong at present. */
  readonly faults: () => number;
}

/** Updates of an account by themselves, with what goes wrong on streams, until the process is gone. */
export function worldStream(options: WorldStream): NonNullable<ExchangeAccount['watch']> {
  const { core, time, chance, lifeline, faults } = options;
  return (on, signal) => {
    const share = faults();
    const shares = { doubles: share, losses: share, breaks: share / 2 };
    const watch = inProcessStream({ core, time, chance: chance(), ...shares });
    // Alpaca's own tells of orders alone: executions are read, and have another id there.
    const update = lifeline.ifAlive((each: AccountUpdate) => {
      if (each.kind === 'order') on.update(each);
    });
    return watch({ ready: lifeline.ifAlive(on.ready), update }, signal);
  };
}
