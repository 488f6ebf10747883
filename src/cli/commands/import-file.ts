import { homeExchange } from '../../app/home-exchange.ts';
import { identifyFile } from '../../app/identify-file.ts';
import { importFile as importBars, type ImportResult } from '../../app/import-file.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { assetClassOf, ASSET_CLASSES, refuseMeantPair } from '../../core/instrument.ts';
import { formatTime, timeframeMs } from '../../core/time.ts';
import { calendarFor, CALENDARS } from '../../core/trading-calendar.ts';
import {
  parseAdjustment,
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
  readonly symbol?: string;
  readonly timeframe?: string;
  readonly exchange?: string;
  readonly adjustment?: string;
  readonly assetClass?: string;
  readonly calendar?: string;
  readonly maxBadRows: string;
  readonly assumeUtc?: boolean;
}

/** `import FILE`: all rows or none. */
export async function importFile(
  file: string,
  flags: ImportFlags,
  io: CommandIo,
): Promise<ExitCode> {
  const given = {
    exchange: flags.exchange === undefined ? null : parseExchange(flags.exchange),
    symbol: flags.symbol === undefined ? null : parseSymbol('--symbol', flags.symbol),
    timeframe: flags.timeframe === undefined ? null : parseTimeframe(flags.timeframe),
    adjustment: flags.adjustment === undefined ? null : parseAdjustment(flags.adjustment),
  };
  const maxBadRows = parseCount('--max-bad-rows', flags.maxBadRows, 0);
  const workspace = openWorkspace(workspaceOptions(flags, io));
  try {
    const { config } = workspace;
    const { outlierPolicy, outlierSigma, outlierWindow } = config.data;
    const { key, notes } = await identifyFile(file, given, (symbol) =>
      homeExchange(symbol, config),
    );
    // What was once said of a series need not be said with every further file of it.
    const known = flags.calendar ?? workspace.storedBars().findSeries(key)?.calendar;
    const result = await importBars(
      {
        file,
        ...key,
        ...nature(key.symbol, flags.assetClass, known),
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
    const told = withNotes(result, notes);
    if (flags.json === true) printJson(io, told);
    else io.stdout(summaryOf(told));
    return EXIT_CODES.done;
  } finally {
    workspace.close();
  }
}

/** What the file is of, as far as no row says. The parser knows the choices. */
function nature(symbol: string, assetClass: string | undefined, calendar: string | undefined) {
  if (assetClass === undefined) refuseMeantPair(symbol);
  const named = ASSET_CLASSES.find((each) => each === assetClass) ?? assetClassOf(symbol);
  const chosen = CALENDARS.find((each) => each === calendar);
  return { assetClass: named, calendar: chosen ?? calendarFor(named) };
}

/** Notes on which series it is go before those on how its rows were read. */
function withNotes(result: ImportResult, notes: readonly string[]): ImportResult {
  const { summary } = result;
  return { ...result, summary: { ...summary, notes: [...notes, ...summary.notes] } };
}

function summaryOf(result: ImportResult): string {
  const { exchange, symbol, timeframe, adjustment, summary, saved } = result;
  const { rows, badRows, repeatedRows, gaps, missingBars, notes } = summary;
  const from = minute(formatTime(summary.firstOpen));
  const to = minute(formatTime(summary.lastOpen + timeframeMs(timeframe)));
  const prices = adjustment === 'raw' ? '' : ` ${adjustment}`;
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
    `${exchange} ${symbol} ${timeframe}${prices}: ${plural(rows, 'row')}, ${from} to ${to}`,
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
