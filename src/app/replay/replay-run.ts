import { ReplayClock } from '../../adapters/system/replay-clock.ts';
import type { AnyEvent } from '../../core/events.ts';
import { assetClassOf, type SymbolName } from '../../core/instrument.ts';
import type { BarStore, SeriesKey } from '../../ports/bar-store.ts';
import type { JournalArchive, RunSession } from '../../ports/lasting-run.ts';
import type { RunArchive } from '../../ports/run-archive.ts';
import type { Venue } from '../../ports/venue.ts';
import { sharedParts } from '../engine-terms.ts';
import { readSessionState, readWarmUp, writeSessionState } from '../trading/session-state.ts';
import type { WarmUpSpan } from '../trading/warm-up-record.ts';
import { wireEngine } from '../wire-engine.ts';
import { EventComparison, type FirstDifference } from './compare-events.ts';
import { JournalFeed } from './feed-journal.ts';
import { sessionTerms, type SessionTerms } from './session-terms.ts';
import { warmUpSlices, type WarmUpVerdict } from './warm-up-bars.ts';

/** What came of feeding one session's inputs through the wiring again. */
export interface ReplayedSession {
  readonly session: number;
  readonly version: string;
  /** Events that came out the same, and orders among them. */
  readonly events: number;
  readonly orders: number;
  readonly warmUp: WarmUpVerdict;
  readonly difference: FirstDifference | null;
  /** Whether the engine ended in the state on record; null where none is. */
  readonly isStateSame: boolean | null;
}

/** A venue as the session had it: made of what it began with. */
interface ReplayedVenue {
  readonly venue: Venue;
  readonly state: () => unknown;
}

interface ReplaySources {
  readonly runId: string;
  readonly journal: Pick<JournalArchive, 'sessions' | 'events'>;
  readonly archive: Pick<RunArchive, 'strategies'>;
  readonly store: Pick<BarStore, 'instruments' | 'pages' | 'findSeries'>;
  readonly makeVenue: (terms: SessionTerms, restored: unknown) => ReplayedVenue;
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

async function replaySession(
  session: RunSession,
  next: RunSession | null,
  sources: ReplaySources,
): Promise<ReplayedSession> {
  const terms = await sessionTerms(session, sources);
  const restored = session.startState === null ? null : readSessionState(session.startState);
  const clock = new ReplayClock(0);
  const { venue, state } = sources.makeVenue(terms, restored?.venue ?? null);
  const engine = wireEngine({
    ...sharedParts(terms, clock),
    feed: NO_FEED,
    venue,
    clock,
    intake: null,
    restored: restored?.engine ?? null,
  });
  const warmUp = warmUpSlices(spansOf(session), {
    store: sources.store,
    seriesOf: (symbol) => sources.store.findSeries(keyOf(symbol, terms)),
    timeframe: terms.timeframe,
  });
  for (const slice of warmUp.slices) engine.sink.warmUp(slice);
  const comparison = new EventComparison();
  engine.bus.tap((event) => {
    comparison.replayed(event);
    return undefined;
  });
  const feed = new JournalFeed(engine, (time) => clock.advance(time));
  for (const event of eventsOf(session, next, sources)) {
    comparison.recorded(event);
    feed.take(event);
    if (comparison.difference !== null) break;
  }
  comparison.finish();
  return {
    session: session.number,
    version: session.version,
    events: comparison.compared,
    orders: comparison.orders,
    warmUp: warmUp.verdict,
    difference: comparison.difference,
    isStateSame:
      next?.startState === null || next === null
        ? null
        : next.startState === writeSessionState({ engine: engine.snapshot(), venue: state() }),
  };
}

function* eventsOf(
  session: RunSession,
  next: RunSession | null,
  { runId, journal }: ReplaySources,
): Iterable<AnyEvent> {
  for (const event of journal.events(runId, session.firstSeq)) {
    if (next !== null && event.seq >= next.firstSeq) return;
    yield event;
  }
}

function keyOf(symbol: SymbolName, { exchange, timeframe, config }: SessionTerms): SeriesKey {
  const isStock = assetClassOf(symbol) === 'stock';
  return { exchange, symbol, timeframe, adjustment: isStock ? config.data.adjustment : 'raw' };
}

function spansOf({ warmUp }: RunSession): readonly WarmUpSpan[] {
  return warmUp === null ? [] : readWarmUp(warmUp);
}
