import { DataError } from '../core/errors.ts';
import { fromExactJson, toExactJson } from '../core/exact-json.ts';
import type { GateChange } from '../core/operator.ts';
import type { ExecutorSnapshot } from '../execution/executor.ts';
import type { PortfolioSnapshot } from '../portfolio/portfolio-snapshot.ts';
import type { RiskSnapshot } from '../risk/risk-manager.ts';

/** Rises when a snapshot of before can no longer be gone on from. */
export const SNAPSHOT_VERSION = 1;

/**
 * All that an engine holds between two inputs, but for what bars alone tell (strategies, indicators,
 * correlations: they warm up again) and for what its venue holds.
 */
export interface EngineSnapshot {
  readonly version: typeof SNAPSHOT_VERSION;
  /** Number of the last event. */
  readonly seq: number;
  /** The gates that are closed. */
  readonly gates: readonly GateChange[];
  readonly executor: ExecutorSnapshot;
  readonly portfolio: PortfolioSnapshot;
  readonly risk: RiskSnapshot;
}

export function writeEngineSnapshot(snapshot: EngineSnapshot): string {
  return toExactJson(snapshot);
}

/**
 * Reads what `writeEngineSnapshot` wrote. Whoever keeps the text vouches for it by a hash; looked at
 * here is only whether this program can go on from it. Throws a `DataError` where it cannot.
 */
export function readEngineSnapshot(text: string): EngineSnapshot {
  return engineSnapshotOf(fromExactJson(text));
}

/** The same of a value that stood within another. */
export function engineSnapshotOf(value: unknown): EngineSnapshot {
  const found = isRecord(value) ? value : {};
  const { version } = found;
  if (version !== SNAPSHOT_VERSION) {
    throw new DataError(
      `engine state: version "${SNAPSHOT_VERSION}" was expected, was "${String(version)}"; ` +
        'go on with the program that stored it, or begin a new run',
    );
  }
  if (isSnapshot(found)) return found;
  throw new DataError(
    `engine state: seq, gates, ${PARTS.join(', ')} were expected, ` +
      `was "${Object.keys(found).join(', ')}"; restore the database from its backup`,
  );
}

const PARTS = ['executor', 'portfolio', 'risk'] as const;

function isSnapshot(found: object): found is EngineSnapshot {
  const { seq, gates, ...parts }: Partial<Record<keyof EngineSnapshot, unknown>> = found;
  return (
    Number.isSafeInteger(seq) &&
    Array.isArray(gates) &&
    PARTS.every((part) => isRecord(parts[part]))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
