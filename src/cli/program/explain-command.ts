import type { ExplainFlags } from '../commands/explain.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

export const addExplain: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('explain')
      .description(
        'why a recorded run traded, or did not: every condition, every risk check, and the way ' +
          'of the orders, for one bar',
      )
      .argument('<run>', 'run id, or "last"')
      .requiredOption(
        '--at <time>',
        'an instant of the bar, from its open to before its close, UTC: 2024-03-05T14:00, ' +
          '2024-03-05, or seconds or milliseconds since 1970',
      )
      .option('--symbol <symbol>', 'one symbol of the run (default: all)')
      .option('--strategy <id>', 'one strategy of the run (default: all)'),
  ).action(async (run: string, flags: ExplainFlags) => {
    const { explain } = await import('../commands/explain.ts');
    finish(await explain(run, flags, io));
  });
};
