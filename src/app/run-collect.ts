import { SYSTEM_TIMER } from '../adapters/system/system-timer.ts';
import { isCutShort, type QuantSageError } from '../core/errors.ts';
import type { BarSource } from '../ports/bar-source.ts';
import type { BarRow, SeriesKey } from '../ports/bar-store.ts';
import { openBarSource } from './bar-sources.ts';
import type { CollectedSeries, CollectReport } from './collect-report.ts';
import { collectTargets, type CollectRequest } from './collect-targets.ts';
import { venueParts } from './venue-parts.ts';
import { VenueSession } from './venue-session.ts';
import { openWorkspace, type WorkspaceOptions } from './workspace.ts';

export interface CollectOptions {
  readonly workspace: WorkspaceOptions;
  readonly request: CollectRequest;
  /** Ends the run after the page in hand. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CollectProgress) => void;
  /** The past is stored; from here on the present is followed. */
  readonly onFollow: () => void;
  readonly onFollowed: (bars: FollowedBars) => void;
}

/** One page of one series, and how far that brings it. */
export interface CollectProgress extends SeriesKey {
  /** Bars of the page. */
  readonly bars: number;
  /** Share of the time asked for that is done. */
  readonly fraction: number;
}

/** Bars that came while following, as a line of `collect --follow --json` has them. */
export interface FollowedBars extends SeriesKey {
  readonly inserted: number;
  readonly revised: number;
  /** The latest of them; null where all were set aside. */
  readonly last: BarRow | null;
}

export interface CollectOutcome {
  readonly report: CollectReport;
  /** What ended a series early; null when nothing did. */
  readonly error: QuantSageError | null;
}

/**
 * Fetches what is missing of the series asked for. Throws where nothing could be begun: wrong
 * settings, an unknown symbol, no exchange that can be reached. What else goes wrong is part of the
 * outcome, as is everything that was saved before.
 */
export async function collect(options: CollectOptions): Promise<CollectOutcome> {
  const { environment } = options.workspace;
  const workspace = openWorkspace(options.workspace);
  const sources: BarSource[] = [];
  try {
    const { config } = workspace;
    const settings = { config, environment, streaming: options.request.follow };
    const sessions: VenueSession[] = [];
    for (const { exchange, targets } of collectTargets(options.request, config)) {
      const source = await openBarSource(exchange, settings);
      sources.push(source);
      sessions.push(
        new VenueSession({
          venue: venueParts(workspace, source),
          targets,
          request: options.request,
          store: workspace.bars(),
          timer: SYSTEM_TIMER,
          logger: workspace.logger,
          onPage: ({ key, page, fraction }) => {
            const bars = page.inserted + page.unchanged + page.revised;
            options.onProgress({ ...key, bars, fraction });
          },
          onFollowed: (key, { inserted, revised, last }) => {
            options.onFollowed({ ...key, inserted, revised, last });
          },
        }),
      );
    }
    return await runSessions(sessions, options);
  } finally {
    await Promise.allSettled(sources.map(async (source) => source.close()));
    workspace.close();
  }
}

async function runSessions(
  sessions: readonly VenueSession[],
  { request, signal, onFollow }: CollectOptions,
): Promise<CollectOutcome> {
  try {
    // All of them before the first bar: a mistyped symbol is to be known at once.
    await all(sessions, async (session) => session.prepare(signal));
  } catch (error) {
    if (!isCutShort(error, signal)) throw error;
  }
  const [first] = sessions;
  if (first?.error && sessions.every(({ error }) => error !== null)) throw first.error;
  await all(sessions, async (session) => session.collect(signal));
  if (request.follow && sessions.every(({ error }) => error === null) && !signal.aborted) {
    onFollow();
    await followAll(sessions, signal);
  }
  const error = sessions.map((session) => session.error).find((each) => each !== null) ?? null;
  const series = sessions.flatMap((session) => session.report(signal));
  const report = { status: statusOf(series), series, error: error?.message ?? null };
  return { report, error };
}

/** A venue that is lost for good ends the run: who follows two wants to know when it is only one. */
async function followAll(sessions: readonly VenueSession[], signal: AbortSignal): Promise<void> {
  const lost = new AbortController();
  const either = AbortSignal.any([signal, lost.signal]);
  await all(sessions, async (session) => {
    try {
      await session.follow(either);
    } finally {
      lost.abort();
    }
  });
}

/** Waits for all of them before it throws what one threw: none may go on behind our back. */
async function all<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (const result of await Promise.allSettled(items.map(act))) {
    if (result.status === 'rejected') throw result.reason;
  }
}

function statusOf(series: readonly CollectedSeries[]): CollectReport['status'] {
  const statuses = new Set(series.map(({ status }) => status));
  if (statuses.has('failed') || statuses.has('skipped')) return 'failed';
  return statuses.has('interrupted') ? 'interrupted' : 'completed';
}
