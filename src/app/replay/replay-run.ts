import { ReplayClock } from '../../adapters/system/replay-clock.ts';
import type { Decimal } from '../../core/decimal.ts';
import { DataError, QuantSageError } from '../../core/errors.ts';
import type { AnyEvent } from '../../core/events.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { BarStore } from '../../ports/bar-store.ts';
import type { JournalArchive, RunSession } from '../../ports/lasting-run.ts';
import type { RunArchive } from '../../ports/run-archive.ts';
import { sharedParts } from '../engine-terms.ts';
import { seriesKeyOf } from '../series-key.ts';
import { wireEngine } from '../wire-engine.ts';
import { EventComparison, type FirstDifference } from './compare-events.ts';
import { JournalFeed } from './feed-journal.ts';
import { recordedVenue } from './recorded-venue.ts';
import { sessionTerms, type SessionTerms } from './session-terms.ts';
import { readSessionState, readWarmUp } from '../trading/session-state.ts';
import { isSameState } from './same-state.ts';
import { warmUpSlices, type WarmUpBars } from './warm-up-bars.ts';

/** What came of feeding one session's inputs through the wiring again. */
export interface ReplayedSession {
  readonly session: number;
  /** Of the program that recorded it. */
  readonly version: string;
  /** Events that came out the same, and orders among them. */
  readonly events: number;
  readonly orders: number;
  /** Symbols whose bars of the warm-up are no longer those the session saw. */
  readonly changedWarmUp: readonly SymbolName[];
  readonly difference: FirstDifference | null;
  /** What kept it from being replayed, or stopped it; null where nothing did. */
  readonly problem: string | null;
  /** Whether the engine ended in the state on record; null where it did not get so far. */
  readonly isStateSame: boolean | null;
}

export interface ReplaySources {
  readonly runId: string;
  readonly mode: string;
  /** Cash that the run began with. */
  readonly initialCapital: Decimal;
  readonly journal: Pick<JournalArchive, 'sessions' | 'events' | 'state'>;
  readonly archive: Pick<RunArchive, 'strategies'>;
  readonly store: Pick<BarStore, 'instruments' | 'pages' | 'findSeries'>;
}

const NO_FEED = { run: async (): Promise<void> => undefined };

/**
 * Feeds what a paper or live run took from outside through the same wiring again, session by session:
 * signals, orders and states must come out as they are on record.
 */
export async function replayRun(sources: ReplaySources): Promise<readonly ReplayedSession[]> {
  const sessions = sources.journal.sessions(sources.runId);
  const replayed: ReplayedSession[] = [];
  for (const [index, session] of sessions.entries()) {
    replayed.push(await replaySession(session, sessions[index + 1] ?? null, sources));
  }
  return replayed;
}

/** Whether a session came out as it is on record, to its last state. */
export function isReplayed({ difference, problem, isStateSame }: ReplayedSession): boolean {
  return difference === null && problem === null && isStateSame !== false;
}

async function replaySession(
  session: RunSession,
  next: RunSession | null,
  sources: ReplaySources,
): Promise<ReplayedSession> {
  const comparison = new EventComparison();
  const told = { session: session.number, version: session.version };
  try {
    const terms = await sessionTerms(session, sources);
    const warmUp = sessionWarmUp(session, terms, sources);
    const end = feed(session, next, { terms, warmUp, comparison, sources });
    const problem = end.problem;
    return {
      ...told,
      events: comparison.compared,
      orders: comparison.orders,
      changedWarmUp: warmUp.changed,
      difference: comparison.difference,
      problem: comparison.difference === null ? problem : null,
      isStateSame: comparison.difference === null && problem === null ? end.isStateSame : null,
    };
  } catch (error) {
    // What a session needs is gone or was changed: that is what a replay is there to tell.
    if (!(error instanceof DataError)) throw error;
    const none = { events: 0, orders: 0, changedWarmUp: [], difference: null, isStateSame: null };
    return { ...told, ...none, problem: error.message };
  }
}

interface Replay {
  readonly terms: SessionTerms;
  readonly warmUp: WarmUpBars;
  readonly comparison: EventComparison;
  readonly sources: ReplaySources;
}

interface ReplayEnd {
  readonly problem: string | null;
  readonly isStateSame: boolean | null;
}

function feed(session: RunSession, next: RunSession | null, replay: Replay): ReplayEnd {
  const { comparison, sources } = replay;
  const { engine, clock, venueState } = engineOf(session, replay);
  const inputs = new JournalFeed(engine, (time) => clock.advance(time));
  let last = session.firstSeq - 1;
  try {
    for (const event of eventsOf(session, next, sources)) {
      last = event.seq;
      comparison.recorded(event);
      inputs.take(event);
      if (comparison.difference !== null) break;
    }
  } catch (error) {
    // A journal that was changed leads to what no engine does; a bug is told in the same words.
    const message = error instanceof QuantSageError ? error.message : String(error);
    return { problem: `after event ${last}: ${message}`, isStateSame: null };
  }
  comparison.finish();
  const recorded = readSessionState(stateAfter(next, sources));
  if (recorded === null) return { problem: null, isStateSame: null };
  const replayed = { engine: engine.snapshot(), venue: venueState() };
  return { problem: null, isStateSame: isSameState(recorded, replayed) };
}

/** An engine as the session began with, whose every event is compared. */
function engineOf(session: RunSession, { terms, warmUp, comparison, sources }: Replay) {
  const restored = readSessionState(session.startState);
  const clock = new ReplayClock(0);
  const { venue, state } = recordedVenue(sources.mode, terms, restored?.venue ?? null);
  const engine = wireEngine({
    ...sharedParts(terms, clock),
    feed: NO_FEED,
    venue,
    clock,
    intake: null,
    restored: restored?.engine ?? null,
  });
  for (const slice of warmUp.slices) engine.sink.warmUp(slice);
  engine.bus.tap((event) => {
    comparison.replayed(event);
    return undefined;
  });
  return { engine, clock, venueState: state };
}

/** What a session left: what the next one began with, or for the last one what is stored. */
function stateAfter(next: RunSession | null, { journal, runId }: ReplaySources): string | null {
  return next === null ? (journal.state(runId)?.state ?? null) : next.startState;
}

/** The bars a session was warmed up with, as the database has them by now. */
export function sessionWarmUp(
  { warmUp }: Pick<RunSession, 'warmUp'>,
  terms: SessionTerms,
  { store }: Pick<ReplaySources, 'store'>,
): WarmUpBars {
  return warmUpSlices(readWarmUp(warmUp), {
    store,
    seriesOf: (symbol) => store.findSeries(seriesKeyOf(symbol, terms)),
    timeframe: terms.timeframe,
  });
}

/** The events of one session, in order. */
export function* eventsOf(
  session: RunSession,
  next: RunSession | null,
  { runId, journal }: Pick<ReplaySources, 'runId' | 'journal'>,
): Iterable<AnyEvent> {
  for (const event of journal.events(runId, session.firstSeq)) {
    if (next !== null && event.seq >= next.firstSeq) return;
    yield event;
  }
}
