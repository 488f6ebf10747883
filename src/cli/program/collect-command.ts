import type { CollectFlags } from '../commands/collect.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

export const addCollect: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('collect')
      .description('fetch candles of an exchange into the database: what is new, or a range')
      .option('--symbols <list>', 'symbols, comma separated (default: data.symbols)')
      .option('--timeframe <list>', 'lengths of a bar, e.g. 1m,1h (default: data.timeframe)')
      .option(
        '--timerange <range>',
        'fetch what nobody was asked for yet there, e.g. 20230101-20240101',
      )
      .option(
        '--exchange <id>',
        'where from (default: data.exchange for crypto, data.stock_exchange for stocks)',
      )
      .option('--follow', 'go on with every new bar until interrupted')
      .option('--restart', 'delete what is stored of the series and collect it again'),
  ).action(async (flags: CollectFlags) => {
    const { collect } = await import('../commands/collect.ts');
    finish(await collect(flags, io));
  });
};
