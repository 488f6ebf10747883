import { EXPORT_FORMATS, type ExportFormat } from '../../app/bar-file-writer.ts';
import { exportBars as exportFiles, type ExportedFile } from '../../app/export-bars.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { ConfigError, EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { formatTime, timeframeMs } from '../../core/time.ts';
import {
  parseAdjustment,
  parseExchange,
  parseRange,
  parseSymbols,
  parseTimeframe,
  workspaceOptions,
  type CommonFlags,
} from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { createProgress } from '../progress.ts';
import { printJson } from '../render/json.ts';
import { minute, plural } from '../render/number-format.ts';

export interface ExportFlags extends CommonFlags {
  readonly to: string;
  readonly symbols?: string;
  readonly exchange?: string;
  readonly timeframe?: string;
  readonly timerange?: string;
  readonly adjustment: string;
  readonly format?: string;
  readonly force?: boolean;
}

/** `export`: all files or none. */
export async function exportBars(flags: ExportFlags, io: CommandIo): Promise<ExitCode> {
  const { symbols, exchange, timeframe, timerange, format } = flags;
  if (flags.to === '') throw new ConfigError('--to: a file or directory was expected, was ""');
  const request = {
    symbols: symbols === undefined ? null : parseSymbols(symbols),
    exchange: exchange === undefined ? null : parseExchange(exchange),
    timeframe: timeframe === undefined ? null : parseTimeframe(timeframe),
    adjustment: parseAdjustment(flags.adjustment),
    range: parseRange(timerange),
    to: flags.to,
    format: format === undefined ? null : parseFormat(format),
    force: flags.force === true,
    signal: io.signal,
  };
  const workspace = openWorkspace(workspaceOptions(flags, io));
  const progress = createProgress(io);
  try {
    const files = await exportFiles(workspace.storedBars(), {
      ...request,
      onProgress: progress.update,
    }).finally(progress.stop);
    if (flags.json === true) printJson(io, files);
    else io.stdout(files.map(lineOf).join(''));
    return EXIT_CODES.done;
  } finally {
    workspace.close();
  }
}

function parseFormat(text: string): ExportFormat {
  const found = EXPORT_FORMATS.find((each) => each === text);
  if (found !== undefined) return found;
  throw new ConfigError(
    `--format: one of ${EXPORT_FORMATS.join(', ')} was expected, was "${text}"`,
  );
}

function lineOf({ exchange, symbol, timeframe, adjustment, ...rest }: ExportedFile): string {
  const { file, bars, firstOpen, lastOpen, flaggedBars, builtFrom } = rest;
  const prices = adjustment === 'raw' ? '' : ` ${adjustment}`;
  const from = minute(formatTime(firstOpen));
  const to = minute(formatTime(lastOpen + timeframeMs(timeframe)));
  const flagged = flaggedBars === 0 ? '' : `, ${plural(flaggedBars, 'repaired or revised bar')}`;
  const built = builtFrom === null ? '' : `, built from ${builtFrom} bars`;
  const line = `${exchange} ${symbol} ${timeframe}${prices}: ${plural(bars, 'bar')}, ${from} to ${to}`;
  return `${line}${built}${flagged}\n  ${file}\n`;
}
