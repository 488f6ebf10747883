import type { CheckStrategyFlags } from '../commands/check-strategy.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

export const addCheckStrategy: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('check-strategy')
      .summary('look for look-ahead, repainting and hidden state in a strategy')
      .description(
        'Run a strategy over the same bars this way and that, each time in a process of its own, ' +
          'and compare its decisions: with the future cut off or replaced, begun later, its symbols ' +
          'alone and in another order, run twice, in another time zone. Clock, chance, files, ' +
          'network and environment are watched while it decides.\n\nExit code 3 where anything is ' +
          'found.',
      )
      .argument(
        '<file|id>',
        'a file of your own, e.g. ./my_strategy.ts, or an id of config/strategies',
      )
      .option('--symbols <list>', 'symbols, comma separated (default: those of the strategy)')
      .option('--timeframe <tf>', 'length of a bar, e.g. 1h (default: that of the strategy)')
      .option('--timerange <range>', 'e.g. 20230101-20240101, open ends 20230101- and -20240101')
      .option('--exchange <id>', 'exchange whose bars to use, where several have them')
      .option('--bars <n>', 'run over the last bars of the range', '5000'),
  ).action(async (strategy: string, flags: CheckStrategyFlags) => {
    const { checkStrategy } = await import('../commands/check-strategy.ts');
    finish(await checkStrategy(strategy, flags, io));
  });
};
