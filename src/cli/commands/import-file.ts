import { importFile as importBars, type ImportResult } from '../../app/import-file.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import {
  ADJUSTMENTS,
  assetClassOf,
  ASSET_CLASSES,
  type AssetClass,
} from '../../core/instrument.ts';
import { formatTime, timeframeMs } from '../../core/time.ts';
import { calendarFor, CALENDARS } from '../../core/trading-calendar.ts';
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
  readonly calendar?: string;
  readonly adjustment?: string;
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
        ...nature(flags, symbol),
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

/** What the file is of, as far as no row says. The parser knows the choices. */
function nature(flags: ImportFlags, symbol: string) {
  const named = ASSET_CLASSES.find((each) => each === flags.assetClass);
  const assetClass: AssetClass = named ?? assetClassOf(symbol);
  return {
    assetClass,
    calendar: CALENDARS.find((each) => each === flags.calendar) ?? calendarFor(assetClass),
    adjustment: ADJUSTMENTS.find((each) => each === flags.adjustment) ?? 'raw',
  };
}

function summaryOf({ exchange, symbol, timeframe, summary, saved }: ImportResult): string {
  const { rows, badRows, repeatedRows, gaps, missingBars, notes } = summary;
  const from = minute(formatTime(summary.firstOpen));
  const to = minute(formatTime(summary.lastOpen + timeframeMs(timeframe)));
  const facts = [
    `${count(saved.inserted)} new`,
    `${count(saved.unchanged)} unchanged`,
    ...(saved.conflicting > 0 ? [`${count(saved.conflicting)} conflicting (kept as stored)`] : []),
    ...(saved.revised > 0 ? [plural(saved.revised, 'revision') + ' of repaired bars'] : []),
    ...(repeatedRows > 0 ? [plural(repeatedRows, 'repeated row')] : []),
    ...(badRows > 0 ? [`${plural(badRows, 'bad row')} set aside`] : []),
    ...outlierFacts(summary),
    ...(gaps > 0 ? [`${plural(gaps, 'gap')} (${plural(missingBars, 'bar')} missing)`] : []),
  ];
  const lines = [
    `${exchange} ${symbol} ${timeframe}: ${plural(rows, 'row')}, ${from} to ${to}`,
    `  ${facts.join(', ')}`,
    ...notes.map((note) => `  note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

function outlierFacts({ outliers, badPrints, splits }: ImportResult['summary']): readonly string[] {
  const bad = badPrints === 0 ? '' : ` (${plural(badPrints, 'bad print')})`;
  return [
    ...(outliers > 0 ? [`${plural(outliers, 'outlier')} flagged${bad}`] : []),
    ...(splits > 0 ? [`${plural(splits, 'split')} found`] : []),
  ];
}
