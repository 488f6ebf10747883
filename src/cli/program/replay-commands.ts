import type { CommonFlags } from '../flags.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

export const addReplay: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('replay')
      .summary('whether the journal of a paper or live run leads to the same orders again')
      .description(
        'Feed what a paper or live run took from outside (bars, prices, answers of the exchange, ' +
          'commands) through the same engine again, session by session: every event and the state ' +
          'at the end must come out as recorded. Names the first event that does not. Exit 5 where ' +
          'anything differs.',
      )
      .argument('<run>', 'run id, or "last"'),
  ).action(async (run: string, flags: CommonFlags) => {
    const { replay } = await import('../commands/replay.ts');
    finish(await replay(run, flags, io));
  });
};

export const addParity: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('parity')
      .summary('what a paper or live run did otherwise than its backtest, and why')
      .description(
        'Run the backtest of a paper or live run over the window that it recorded, step by step ' +
          'from the state the run was in, and name every difference with its cause (missing data, ' +
          'signal, refusal, price, fee, latency) and what it cost; a positive cost is a loss. Then ' +
          'the whole: what the run made, what an undisturbed backtest would have made, and how the ' +
          'costs add up to it.',
      )
      .argument('<run>', 'run id, or "last"'),
  ).action(async (run: string, flags: CommonFlags) => {
    const { parity } = await import('../commands/parity.ts');
    finish(await parity(run, flags, io));
  });
};
