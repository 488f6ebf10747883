import type { CommonFlags } from '../flags.ts';
import type { StatusFlags } from '../commands/status.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

const ORDERS = [
  {
    act: 'halt',
    description:
      'no entries from now on; open entries are cancelled, positions keep their exits. Survives ' +
      'restarts, until "resume"',
  },
  { act: 'resume', description: 'end a halt of any kind; a loss that led to it is accepted' },
  { act: 'flatten', description: 'halt, and close every position at the market' },
] as const;

export const addControl: AddCommand = (program, io, finish) => {
  for (const { act, description } of ORDERS) {
    withCommon(
      program
        .command(act)
        .description(description)
        .argument('<reason>', 'why, for the record, e.g. "exchange announced maintenance"'),
    ).action(async (reason: string, flags: CommonFlags) => {
      const { operate } = await import('../commands/operate.ts');
      finish(await operate(act, reason, { flags, io }));
    });
  }
  withCommon(
    program
      .command('status')
      .description('what the engine of a database does: account, positions, orders, halts')
      .option('--watch', 'again each second, until interrupted'),
  ).action(async (flags: StatusFlags) => {
    const { status } = await import('../commands/status.ts');
    finish(await status(flags, io));
  });
};
