import { Option } from 'commander';
import type { ExportFlags } from '../commands/export-bars.ts';
import type { ImportFlags } from '../commands/import-file.ts';
import { withCommon, type AddCommand } from './command-parts.ts';

export const addImport: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('import')
      .description('read candles from a file into the database')
      .argument(
        '<file>',
        'CSV with a header line or freqtrade JSON (both may be gzipped), Feather or Parquet',
      )
      .option('--symbol <symbol>', 'e.g. BTC/USD or AAPL (default: that of the file or its name)')
      .option(
        '--timeframe <tf>',
        'length of a bar, e.g. 1h (default: that of the file or its name)',
      )
      .option(
        '--exchange <id>',
        'where the candles were traded (default: that of the file or its name, else that of the configuration)',
      )
      .option(
        '--adjustment <kind>',
        'what was done to prices: raw, split, dividend or all (default: raw)',
      )
      .addOption(
        new Option('--asset-class <class>', 'default: from the shape of the symbol').choices([
          'crypto',
          'stock',
        ]),
      )
      .addOption(
        new Option(
          '--calendar <id>',
          'when it trades (default: as stored, else crypto always, stocks us)',
        ).choices(['always', 'us', 'unknown']),
      )
      .option('--max-bad-rows <n>', 'rows that may be bad; they are set aside, not imported', '0')
      .option('--assume-utc', 'read times without a zone as UTC'),
  ).action(async (file: string, flags: ImportFlags) => {
    const { importFile } = await import('../commands/import-file.ts');
    finish(await importFile(file, flags, io));
  });
};

export const addExport: AddCommand = (program, io, finish) => {
  withCommon(
    program
      .command('export')
      .description('write stored candles to files that import reads back to the last digit')
      .requiredOption('--to <path>', 'a file for one series, or a directory')
      .option('--symbols <list>', 'only these symbols, comma separated')
      .option('--exchange <id>', 'only candles of this exchange')
      .option(
        '--timeframe <tf>',
        'candles of this length, e.g. 1h; built from shorter ones if need be',
      )
      .option('--timerange <range>', 'e.g. 20230101-20240101, open ends 20230101- and -20240101')
      .option('--adjustment <kind>', 'prices as raw, split, dividend or all', 'raw')
      .option(
        '--format <format>',
        'csv, csv.gz or parquet (default: that of the name; csv.gz in a directory)',
      )
      .option('--force', 'replace files that are there'),
  ).action(async (flags: ExportFlags) => {
    const { exportBars } = await import('../commands/export-bars.ts');
    finish(await exportBars(flags, io));
  });
};
