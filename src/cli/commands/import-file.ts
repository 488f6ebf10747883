import { importFile as importBars, type ImportResult } from '../../app/import-file.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { assetClassOf, ASSET_CLASSES, type AssetClass } from '../../core/instrument.ts';
import { formatTime, timeframeMs } from '../../core/time.ts';
import {
  parseCount,
  parseExchange,
  parseSymbol,
  parseTimeframe,
  workspaceOptions,
  type CommonFlags,
} from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { count, minute, plural } from '../render/number-format.ts';

export interface ImportFlags extends CommonFlags {
  readonly symbol: string;
  readonly timeframe: string;
  readonly exchange?: string;
  readonly assetClass?: string;
  readonly maxBadRows: string;
  readonly assumeUtc?: boolean;
}

/** `import FILE`: all rows or none. */
export async function importFile(
  file: string,
  flags: ImportFlags,
  io: CommandIo,
): Promise<ExitCode> {
  const symbol = parseSymbol('--symbol', flags.symbol);
  const timeframe = parseTimeframe(flags.timeframe);
  const maxBadRows = parseCount('--max-bad-rows', flags.maxBadRows, 0);
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const { exchange, outlierPolicy, outlierSigma, outlierWindow } = workspace.config.data;
    const result = await importBars(
      {
        file,
        exchange: flags.exchange === undefined ? exchange : parseExchange(flags.exchange),
        symbol,
        assetClass: assetClass(flags, symbol),
        timeframe,
        policy: {
          outliers: outlierPolicy,
          outlierMeasure: { sigmas: outlierSigma, window: outlierWindow },
          assumeUtc: flags.assumeUtc === true,
        },
        maxBadRows,
        signal: io.signal,
      },
      () => workspace.bars(),
    );
    if (flags.json === true) printJson(io, result);
    else io.stdout(summaryOf(result));
    return EXIT_CODES.done;
  } finally {
    workspace.close();
  }
}

function assetClass(flags: ImportFlags, symbol: string): AssetClass {
  const named = ASSET_CLASSES.find((each) => each === flags.assetClass);
  return named ?? assetClassOf(symbol);
}

function summaryOf({ exchange, symbol, timeframe, summary, saved }: ImportResult): string {
  const { rows, badRows, repeatedRows, outliers, gaps, missingBars, notes } = summary;
  const from = minute(formatTime(summary.firstOpen));
  const to = minute(formatTime(summary.lastOpen + timeframeMs(timeframe)));
  const facts = [
    `${count(saved.inserted)} new`,
    `${count(saved.unchanged)} unchanged`,
    ...(saved.conflicting > 0 ? [`${count(saved.conflicting)} conflicting (kept as stored)`] : []),
    ...(saved.revised > 0 ? [plural(saved.revised, 'revision') + ' of repaired bars'] : []),
    ...(repeatedRows > 0 ? [plural(repeatedRows, 'repeated row')] : []),
    ...(badRows > 0 ? [`${plural(badRows, 'bad row')} set aside`] : []),
    ...(outliers > 0 ? [`${plural(outliers, 'outlier')} flagged`] : []),
    ...(gaps > 0 ? [`${plural(gaps, 'gap')} (${plural(missingBars, 'bar')} missing)`] : []),
  ];
  const lines = [
    `${exchange} ${symbol} ${timeframe}: ${plural(rows, 'row')}, ${from} to ${to}`,
    `  ${facts.join(', ')}`,
    ...notes.map((note) => `  note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}
