import type { EquityMark } from '../core/equity.ts';
import type { AnyEvent } from '../core/events.ts';
import type { RunId } from '../core/ids.ts';
import type { Adjustment } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';

export const RUN_STATUSES = ['running', 'completed', 'interrupted', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What is known of a run before its first event. */
export interface RunStart {
  readonly mode: string;
  readonly strategies: readonly StrategyRecord[];
  readonly exchange: string;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  /** Of the prices of stocks; those of crypto are always raw. */
  readonly adjustment: Adjustment;
  readonly start: EpochMs | null;
  readonly end: EpochMs | null;
  readonly initialCapital: string;
  readonly currency: string;
  /** Effective configuration, canonical JSON, and its SHA-256. */
  readonly config: string;
  readonly configHash: string;
  readonly version: string;
  /** Wall-clock time of the start: for people, never part of a hash. */
  readonly startedAt: EpochMs;
}

/** A strategy as it ran: its parameters are part of the record. */
export interface StrategyRecord {
  readonly id: string;
  readonly kind: string;
  /** Canonical JSON. */
  readonly params: string;
  readonly symbols: readonly string[];
  readonly allowShort: boolean;
  /** Null for a strategy that came with the program. */
  readonly source: StrategySource | null;
}

/** A user's own file that a strategy was loaded from, and the SHA-256 of what it held. */
export interface StrategySource {
  /** Absolute path. */
  readonly file: string;
  readonly sha256: string;
}

/** What is known of a run after its last event. */
export interface RunEnd {
  readonly status: Exclude<RunStatus, 'running'>;
  readonly finishedAt: EpochMs;
  readonly resultHash: string | null;
  readonly dataFingerprint: string | null;
  readonly bars: number;
  readonly finalEquity: number | null;
  /** Metric name to value; null where a metric is undefined. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** The whole result as `backtest --json` prints it. */
  readonly report: string | null;
  readonly error: string | null;
}

/** A point of the equity curve, as it is kept. */
export type EquityPoint = Omit<EquityMark, 'peak'>;

/** Takes down one run while it happens. */
export interface RunRecorder {
  readonly runId: RunId;
  /** Decision events of the run; bars are not recorded, they are in the bar store. */
  record(event: AnyEvent): void;
  recordEquity(point: EquityPoint): void;
  finish(end: RunEnd): void;
}

/** The last process that took part in a run that outlives its processes. */
export interface LastSession {
  /** From 1: so many took part. */
  readonly number: number;
  readonly startedAt: EpochMs;
  /** Null while it runs, and for ever where it died. */
  readonly endedAt: EpochMs | null;
  readonly outcome: string | null;
}

/** A run as it stands now. One that stays `running` for ever belongs to a process that died, or goes on later. */
export interface RunSummary
  extends Omit<RunStart, 'strategies' | 'config'>, Omit<RunEnd, 'status' | 'finishedAt'> {
  readonly runId: RunId;
  readonly strategyIds: readonly string[];
  readonly status: RunStatus;
  /** Null until it has ended. */
  readonly finishedAt: EpochMs | null;
  /** Null for a run of one process. */
  readonly lastSession: LastSession | null;
}

export interface RunStore {
  begin(start: RunStart): RunRecorder;
  list(): readonly RunSummary[];
  find(runId: string): RunSummary | null;
}
