import { Option } from 'commander';
import type { BacktestFlags } from '../commands/backtest.ts';
import type { NewStrategyFlags } from '../commands/new-strategy.ts';
import type { ListRunsFlags } from '../commands/list-runs.ts';
import type { CommonFlags } from '../flags.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

export const addBacktest: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('backtest')
      .summary('run strategies over stored bars')
      .description(
        'Run one strategy, or several on one account, over stored bars.\n\nOf several, each has its ' +
          'own parameters, symbols and positions; cash and risk limits they share. Settings of one ' +
          'begin with its id: --set my_strategy.params.period=20.',
      )
      .option(
        '--strategy <list>',
        'ids of config/strategies, e.g. mean_reversion_crypto, or files of your own, e.g. ' +
          './my_strategy.ts, comma separated (default: portfolio.strategies of the configuration)',
      )
      .option('--symbols <list>', 'symbols, comma separated (default: those of the strategy)')
      .option('--timeframe <tf>', 'length of a bar, e.g. 1h (default: that of the strategy)')
      .option('--timerange <range>', 'e.g. 20230101-20240101, open ends 20230101- and -20240101')
      .option('--exchange <id>', 'exchange whose bars to use, where several have them')
      .option('--capital <amount>', 'initial capital in quote currency')
      .option('--no-risk-limits', 'switch every risk limit off, for research; reports say so')
      .option(
        '--fills <scenario>',
        'the same orders filled otherwise: optimistic, base, pessimistic, or all side by side ' +
          '(default: base)',
      )
      .option('--export <dir>', 'write trades, orders, fills, signals and equity as CSV there'),
  ).action(async (flags: BacktestFlags) => {
    const { backtest } = await import('../commands/backtest.ts');
    finish(await backtest(flags, io));
  });
};

export const addRuns: AddCommand = (program, io, finish) => {
  const runs = program.command('runs').description('what was run');
  withCommon(
    runs
      .command('list')
      .description('recorded runs, the latest first')
      .option('--limit <n>', 'how many', '20'),
  ).action(async (flags: ListRunsFlags) => {
    const { listRuns } = await import('../commands/list-runs.ts');
    finish(listRuns(flags, io));
  });
  withCommon(
    runs
      .command('show')
      .description('the result of a recorded run')
      .argument('<run>', 'run id, or "last"'),
  ).action(async (run: string, flags: CommonFlags) => {
    const { showRun } = await import('../commands/show-run.ts');
    finish(showRun(run, flags, io));
  });
};

export const addStrategies: AddCommand = (program, io, finish) => {
  const strategies = program.command('strategies').description('what can be run');
  withCommon(
    strategies.command('list').description('configured strategies and their kinds'),
  ).action(async (flags: CommonFlags) => {
    const { listStrategies } = await import('../commands/list-strategies.ts');
    finish(listStrategies(flags, io));
  });
  withCommon(
    strategies
      .command('new')
      .description('write a strategy of your own to begin with: <name>.ts, which runs at once')
      .argument('<name>', 'its id and the name of the file, e.g. my_strategy')
      .addOption(
        new Option('--kind <kind>', 'decides on each symbol by itself, or ranks all together')
          .choices(['single', 'cross_sectional'])
          .default('single'),
      ),
  ).action(async (name: string, flags: NewStrategyFlags) => {
    const { newStrategy } = await import('../commands/new-strategy.ts');
    finish(newStrategy(name, flags, io));
  });
};

export const addConfig: AddCommand = (program, io, finish) => {
  const config = program.command('config').description('configuration');
  withCommon(
    config
      .command('check')
      .description('check every configuration file and print the effective result'),
  ).action(async (flags: CommonFlags) => {
    const { checkConfig } = await import('../commands/check-config.ts');
    finish(checkConfig(flags, io));
  });
};
