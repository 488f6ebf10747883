import { GzipStream } from '../adapters/files/gzip-stream.ts';
import { UnpublishedFile } from '../adapters/files/unpublished-file.ts';
import { barHeader, barLines } from '../data/bar-lines.ts';
import { TRAVELLING_FLAGS } from '../data/flag-text.ts';
import type { BarFileWriter } from '../ports/bar-file.ts';
import type { BarPage, SeriesKey } from '../ports/bar-store.ts';
import { VERSION } from './version.ts';

export const EXPORT_FORMATS = ['csv', 'csv.gz', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

interface BarFileOptions {
  readonly path: string;
  readonly format: ExportFormat;
  readonly key: SeriesKey;
  readonly hasFlags: boolean;
  readonly replace: boolean;
}

/** What turns pages into the bytes of a format. */
interface Encoder {
  write(page: BarPage): Promise<void>;
  finish(): Promise<void>;
}

/** Begins a file of bars; nothing of it is seen under its name before `publish`. */
export async function createBarFile(options: BarFileOptions): Promise<BarFileWriter> {
  const file = await UnpublishedFile.create(options.path, options);
  const encoder = await createEncoder(options, (bytes) => file.write(bytes)).catch(
    async (error: unknown) => {
      await file.discard();
      throw error;
    },
  );
  return {
    write: (page) => encoder.write(page),
    finish: async () => {
      await encoder.finish();
      await file.finish();
    },
    publish: () => file.publish(),
    discard: () => file.discard(),
  };
}

type WriteBytes = (bytes: Uint8Array) => Promise<void>;

async function createEncoder(options: BarFileOptions, write: WriteBytes): Promise<Encoder> {
  const { hasFlags } = options;
  switch (options.format) {
    case 'csv':
      return csvEncoder(hasFlags, write, () => Promise.resolve());
    case 'csv.gz': {
      const gzip = new GzipStream(write);
      return csvEncoder(
        hasFlags,
        (bytes) => gzip.write(bytes),
        () => gzip.finish(),
      );
    }
    case 'parquet': {
      const { ParquetBarWriter } = await import('../adapters/parquet/parquet-bar-writer.ts');
      return new ParquetBarWriter(write, {
        hasFlags,
        flags: (bits) => bits & TRAVELLING_FLAGS,
        notes: notesOf(options),
        createdBy: `quantsage version ${VERSION}`,
      });
    }
  }
}

async function csvEncoder(
  hasFlags: boolean,
  write: WriteBytes,
  finish: () => Promise<void>,
): Promise<Encoder> {
  await write(Buffer.from(barHeader(hasFlags)));
  return { write: (page) => write(Buffer.from(barLines(page, hasFlags))), finish };
}

/** What an import of the file, or a reader of its footer, should know of the bars. */
function notesOf({ key, hasFlags }: BarFileOptions): ReadonlyMap<string, string> {
  return new Map([
    ['exchange', key.exchange],
    ['symbol', key.symbol],
    ['timeframe', key.timeframe],
    ['adjustment', key.adjustment],
    ['quantsage_version', VERSION],
    ...(hasFlags ? [['flags', 'repaired=2,revised=4'] as const] : []),
  ]);
}
