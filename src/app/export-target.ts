import { accessSync, constants, statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { exportedName } from '../data/file-names.ts';
import type { Series } from '../ports/bar-store.ts';
import { EXPORT_FORMATS, type ExportFormat } from './bar-file-writer.ts';
import { makeOutputDirectory, reasonOf } from './output-directory.ts';

/** Where one series goes. */
export interface FilePlan {
  readonly file: string;
  readonly format: ExportFormat;
}

interface Target {
  readonly to: string;
  readonly format: ExportFormat | null;
  readonly force: boolean;
}

const DIRECTORY_FORMAT: ExportFormat = 'csv.gz';

/**
 * A file for each series: the one that is named, or one in the directory that is named, which is
 * made if need be. Throws a `ConfigError` for a file that is there, unless it is to be replaced.
 */
export function planFiles(series: readonly Series[], target: Target): readonly FilePlan[] {
  const plans = isDirectory(target.to) ? inDirectory(series, target) : [oneFile(series, target)];
  for (const { file } of plans) checkFile(file, target.force);
  return plans;
}

/** Turns what the file system throws while a file is written into one sentence. */
export async function namingTarget<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    throw unwritable(file, reason, error);
  }
}

/** What is there as one, ends like one, or has no ending at all. */
function isDirectory(to: string): boolean {
  const there = stats(to);
  if (there !== null) return there.isDirectory();
  return /[/\\]$/.test(to) || path.extname(to) === '';
}

function inDirectory(series: readonly Series[], target: Target): readonly FilePlan[] {
  makeOutputDirectory('--to', target.to);
  const format = target.format ?? DIRECTORY_FORMAT;
  return series.map((each) => ({
    file: path.join(target.to, `${exportedName(each)}.${format}`),
    format,
  }));
}

function oneFile(series: readonly Series[], { to, format }: Target): FilePlan {
  if (series.length > 1) {
    const names = series.map(({ exchange, symbol, timeframe }) =>
      [exchange, symbol, timeframe].join(' '),
    );
    throw new ConfigError(
      `--to: a directory was expected for ${series.length} series (${names.join(', ')}), was the file ` +
        `"${to}"; name a directory, or choose one with --symbols, --exchange and --timeframe`,
    );
  }
  const named = EXPORT_FORMATS.find((each) => to.toLowerCase().endsWith(`.${each}`));
  const chosen = format ?? named;
  if (chosen !== undefined) return { file: to, format: chosen };
  throw new ConfigError(
    `--to: a name that ends in .${EXPORT_FORMATS.join(', .')} was expected, was "${to}"; ` +
      'end it so, or say --format',
  );
}

function checkFile(file: string, force: boolean): void {
  const there = stats(file);
  if (there === null) {
    const folder = path.dirname(file);
    if (stats(folder)?.isDirectory() !== true) throw unwritable(file, `there is no "${folder}"`);
    return;
  }
  if (!there.isFile()) throw unwritable(file, 'it is no regular file');
  if (!force) throw unwritable(file, 'it is there already; replace it with --force');
  try {
    accessSync(file, constants.W_OK);
  } catch (error) {
    throw unwritable(file, reasonOf(error) ?? 'it cannot be replaced', error);
  }
}

function stats(file: string): Stats | null {
  try {
    return statSync(file, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    throw unwritable(file, reasonOf(error) ?? 'it cannot be looked at', error);
  }
}

function unwritable(file: string, reason: string, cause?: unknown): ConfigError {
  return new ConfigError(
    `--to: a file that can be written was expected, was "${file}": ${reason}; nothing was exported`,
    { cause },
  );
}
