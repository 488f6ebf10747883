import type { CommonFlags } from '../flags.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

export const addVerify: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('verify')
      .summary('whether the record of a paper or live run is what was written')
      .description(
        'Read the journal of a paper or live run, every link of which carries the hash of the one ' +
          'before, and name the first that does not hold. Make its orders, trades and positions ' +
          'anew from it and compare; check the database as a whole. Exit 5 where anything differs.',
      )
      .argument('<run>', 'run id, or "last"'),
  ).action(async (run: string, flags: CommonFlags) => {
    const { verifyRun } = await import('../commands/verify-run.ts');
    finish(verifyRun(run, flags, io));
  });
};
