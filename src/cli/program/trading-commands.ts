import type { Command } from 'commander';
import type { TradeFlags } from '../commands/trade.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

/** Flags of both ways to trade in real time. */
function withTrading(command: Command): Command {
  return withCommon(
    command
      .option(
        '--strategy <list>',
        'ids of config/strategies, or files of your own, comma separated (default: ' +
          'portfolio.strategies of the configuration)',
      )
      .option('--symbols <list>', 'symbols, comma separated (default: those of the strategy)')
      .option('--timeframe <tf>', 'length of a bar, e.g. 1h (default: that of the strategy)')
      .option(
        '--exchange <id>',
        'where to trade (default: data.exchange for crypto, data.stock_exchange for stocks)',
      )
      .option('--new-run', 'begin a run of its own instead of going on with the last one'),
  );
}

export const addTrading: AddCommand = (program, io, finish) => {
  withTrading(
    program
      .command('paper')
      .summary('trade simulated money at live prices')
      .description(
        'Trade simulated money at live prices until interrupted.\n\nStopped and started again it goes ' +
          'on with the same cash, positions, orders and halts. "quantsage status", "halt", "resume" ' +
          'and "flatten" reach it from another terminal.',
      )
      .option('--capital <amount>', 'cash at the start of a new run, in quote currency'),
  ).action(async (flags: TradeFlags) => {
    const { trade } = await import('../commands/trade.ts');
    finish(await trade('paper', flags, io));
  });
  withTrading(
    program
      .command('live')
      .summary('trade real money')
      .description(
        'Trade real money until interrupted.\n\nIt needs live.enabled: true in the configuration and ' +
          'the account confirmed by its id; "quantsage doctor" looks at everything else without ' +
          'trading.',
      )
      .option('--confirm-live <account>', 'the id of the account that is to be traded'),
  ).action(async (flags: TradeFlags) => {
    const { trade } = await import('../commands/trade.ts');
    finish(await trade('live', flags, io));
  });
};
