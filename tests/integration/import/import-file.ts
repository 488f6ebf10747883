import { openBarFile } from '../../../src/app/bar-file-reader.ts';
import { assetClassOf } from '../../../src/core/instrument.ts';
import type { Timeframe } from '../../../src/core/time.ts';
import type { PreparedImport } from '../../../src/data/import-bars.ts';
import { prepareImport } from '../../../src/data/import-bars.ts';

export interface FileToImport {
  readonly path: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly maxBadRows?: number;
}

/** Reads and prepares a file the way `import` does, without storing anything. */
export async function importFile(file: FileToImport): Promise<PreparedImport> {
  return prepareImport({
    ...(await openBarFile(file.path)),
    source: file.path,
    symbol: file.symbol,
    assetClass: assetClassOf(file.symbol),
    timeframe: file.timeframe,
    policy: { outliers: 'keep', assumeUtc: false },
    maxBadRows: file.maxBadRows ?? 0,
  });
}
