import { Command, Option } from 'commander';
import type { ExitCode } from '../core/errors.ts';
import { VERSION } from '../app/version.ts';
import type { CommandIo } from './io.ts';
import type { BacktestFlags } from './commands/backtest.ts';
import type { CollectFlags } from './commands/collect.ts';
import type { ExportFlags } from './commands/export-bars.ts';
import type { ImportFlags } from './commands/import-file.ts';
import type { ListRunsFlags } from './commands/list-runs.ts';
import type { VerifyFlags } from './commands/verify-data.ts';
import type { RepairFlags } from './commands/repair-data.ts';
import type { CommonFlags } from './flags.ts';

type Finish = (code: ExitCode) => void;

/** The command tree: names, flags and help. What a command does is loaded when it is called. */
export function createProgram(io: CommandIo, finish: Finish): Command {
  const program = new Command('quantsage')
    .description('A trading engine: the backtest is the live engine.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
    })
    .showSuggestionAfterError(true)
    .helpCommand(true);
  for (const add of [
    addCollect,
    addBacktest,
    addImport,
    addExport,
    addData,
    addStrategies,
    addRuns,
    addConfig,
  ]) {
    add(program, io, finish);
  }
  sayWhereHelpIs(program);
  return program;
}

/** Complaints of the parser name the command whose help to read. */
function sayWhereHelpIs(command: Command, parents = ''): void {
  const name = `${parents}${command.name()}`;
  command.configureOutput({
    outputError: (text, write) => {
      write(`${usageSentence(text, name)}\n`);
    },
  });
  for (const child of command.commands) sayWhereHelpIs(child, `${name} `);
}

function addCollect(program: Command, io: CommandIo, finish: Finish): void {
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
    const { collect } = await import('./commands/collect.ts');
    finish(await collect(flags, io));
  });
}

function addBacktest(program: Command, io: CommandIo, finish: Finish): void {
  withCommon(
    program
      .command('backtest')
      .description('run a strategy over stored bars')
      .requiredOption(
        '--strategy <id>',
        'a strategy of config/strategies, e.g. mean_reversion_crypto',
      )
      .option('--symbols <list>', 'symbols, comma separated (default: those of the strategy)')
      .option('--timeframe <tf>', 'length of a bar, e.g. 1h (default: that of the strategy)')
      .option('--timerange <range>', 'e.g. 20230101-20240101, open ends 20230101- and -20240101')
      .option('--exchange <id>', 'exchange whose bars to use, where several have them')
      .option('--capital <amount>', 'initial capital in quote currency')
      .option('--export <dir>', 'write trades, orders, fills, signals and equity as CSV there'),
  ).action(async (flags: BacktestFlags) => {
    const { backtest } = await import('./commands/backtest.ts');
    finish(await backtest(flags, io));
  });
}

function addImport(program: Command, io: CommandIo, finish: Finish): void {
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
    const { importFile } = await import('./commands/import-file.ts');
    finish(await importFile(file, flags, io));
  });
}

function addExport(program: Command, io: CommandIo, finish: Finish): void {
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
    const { exportBars } = await import('./commands/export-bars.ts');
    finish(await exportBars(flags, io));
  });
}

function addData(program: Command, io: CommandIo, finish: Finish): void {
  const data = program.command('data').description('look after stored market data');
  withCommon(data.command('list').description('series in the database')).action(
    async (flags: CommonFlags) => {
      const { listData } = await import('./commands/list-data.ts');
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
    const { verifyData } = await import('./commands/verify-data.ts');
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
    const { listInstruments } = await import('./commands/list-instruments.ts');
    finish(listInstruments(flags, io));
  });
  withCommon(
    data
      .command('sample')
      .description('fill the database with the synthetic sample market (two years, hourly)'),
  ).action(async (flags: CommonFlags) => {
    const { sampleData } = await import('./commands/sample-data.ts');
    finish(sampleData(flags, io));
  });
}

function addRepair(data: Command, io: CommandIo, finish: Finish): void {
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
    const { repairData } = await import('./commands/repair-data.ts');
    finish(await repairData(flags, io));
  });
}

function addStrategies(program: Command, io: CommandIo, finish: Finish): void {
  const strategies = program.command('strategies').description('what can be run');
  withCommon(
    strategies.command('list').description('configured strategies and their kinds'),
  ).action(async (flags: CommonFlags) => {
    const { listStrategies } = await import('./commands/list-strategies.ts');
    finish(listStrategies(flags, io));
  });
}

function addRuns(program: Command, io: CommandIo, finish: Finish): void {
  const runs = program.command('runs').description('what was run');
  withCommon(
    runs
      .command('list')
      .description('recorded runs, the latest first')
      .option('--limit <n>', 'how many', '20'),
  ).action(async (flags: ListRunsFlags) => {
    const { listRuns } = await import('./commands/list-runs.ts');
    finish(listRuns(flags, io));
  });
  withCommon(
    runs
      .command('show')
      .description('the result of a recorded run')
      .argument('<run>', 'run id, or "last"'),
  ).action(async (run: string, flags: CommonFlags) => {
    const { showRun } = await import('./commands/show-run.ts');
    finish(showRun(run, flags, io));
  });
}

function addConfig(program: Command, io: CommandIo, finish: Finish): void {
  const config = program.command('config').description('configuration');
  withCommon(
    config
      .command('check')
      .description('check every configuration file and print the effective result'),
  ).action(async (flags: CommonFlags) => {
    const { checkConfig } = await import('./commands/check-config.ts');
    finish(checkConfig(flags, io));
  });
}

/** Flags every command has. */
function withCommon(command: Command): Command {
  const collect = (value: string, all: readonly string[] = []) => [...all, value];
  return command
    .option('-c, --config <file>', 'further YAML file (repeatable, later ones win)', collect)
    .option('--set <path=value>', 'one setting, e.g. params.rsi_period=10 (repeatable)', collect)
    .option('--db <file>', 'database file (default: database.path of the configuration)')
    .option('--json', 'print the result as JSON')
    .option('--debug', 'print the stack of an error')
    .option('-v, --verbose', 'log more on stderr');
}

/** The parser's complaint, which may come with a hint on a second line, as one sentence. */
function usageSentence(text: string, command: string): string {
  const [problem = '', hint] = text.trim().split('\n');
  const said = problem.replace('. Expected', ': expected').replace(/\.$/, '');
  if (hint === undefined) return `${said}; see "${command} --help"`;
  return `${said}; ${hint.replace(/^\(Did/, 'did').replace(/\)$/, '')}`;
}
