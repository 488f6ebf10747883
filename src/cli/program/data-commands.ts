import { Option } from 'commander';
import type { RepairFlags } from '../commands/repair-data.ts';
import type { VerifyFlags } from '../commands/verify-data.ts';
import type { CommonFlags } from '../flags.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

const addRepair: AddCommand = (data, io, finish) => {
  withCommon(
    data
      .command('repair')
      .description('fill gaps, or put revised values in; every bar it makes is marked')
      .addOption(
        new Option('--method <method>', 'where the values come from').choices([
          'refetch',
          'flat',
          'finer',
          'revision',
        ]),
      )
      .option('--symbols <list>', 'only these symbols, comma separated')
      .option('--exchange <id>', 'only bars of this exchange')
      .option('--timeframe <tf>', 'only bars of this length, e.g. 1h')
      .option('--timerange <range>', 'only bars that open in it, e.g. 20230101-20240101')
      .option('--max-gap <bars>', 'flat: longest gap to fill (default: 24)')
      .option('--dry-run', 'say what would be done, and do nothing')
      .option('--list', 'list the repairs made so far')
      .option('--undo <batch>', 'take a repair back'),
  ).action(async (flags: RepairFlags) => {
    const { repairData } = await import('../commands/repair-data.ts');
    finish(await repairData(flags, io));
  });
};

export const addData: AddCommand = (program, io, finish) => {
  const data = program.command('data').description('look after stored market data');
  withCommon(data.command('list').description('series in the database')).action(
    async (flags: CommonFlags) => {
      const { listData } = await import('../commands/list-data.ts');
      finish(listData(flags, io));
    },
  );
  withCommon(
    data
      .command('verify')
      .summary('check every stored series: gaps, broken bars, bad prints, outages')
      .description(
        'Check every stored series: what is missing, twice there, broken, a bad print, an outage; ' +
          'and what is worth knowing: large moves, splits, repairs.\n\nExit code 5 where a stored ' +
          'bar breaks a rule that backtests rely on; real data have defects of other kinds, which ' +
          '--strict does not accept either.',
      )
      .option('--symbols <list>', 'only these symbols, comma separated')
      .option('--timeframe <tf>', 'only bars of this length, e.g. 1h')
      .option('--exchange <id>', 'only bars of this exchange')
      .option('--strict', 'exit 5 for a defect of any kind, not for broken bars alone'),
  ).action(async (flags: VerifyFlags) => {
    const { verifyData } = await import('../commands/verify-data.ts');
    finish(verifyData(flags, io));
  });
  addRepair(data, io, finish);
  withCommon(
    data
      .command('instruments')
      .description('price and quantity steps, minima and fees, with the times they hold from')
      .option('--symbols <list>', 'only these symbols, comma separated')
      .option('--exchange <id>', 'only of this exchange'),
  ).action(async (flags: CommonFlags) => {
    const { listInstruments } = await import('../commands/list-instruments.ts');
    finish(listInstruments(flags, io));
  });
  withCommon(
    data
      .command('sample')
      .description('fill the database with the synthetic sample market (two years, hourly)'),
  ).action(async (flags: CommonFlags) => {
    const { sampleData } = await import('../commands/sample-data.ts');
    finish(sampleData(flags, io));
  });
};
