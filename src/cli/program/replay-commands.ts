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
