import type { Slice } from '../../core/bar.ts';
import type { EpochMs } from '../../core/time.ts';
import type { RunSession } from '../../ports/lasting-run.ts';
import { eventsOf, sessionWarmUp, type ReplaySources } from '../replay/replay-run.ts';
import { sessionTerms, type SessionTerms } from '../replay/session-terms.ts';
import { storedState } from '../trading/session-state.ts';
import { BarDifferences } from './bar-differences.ts';
import { FreeBacktest } from './free-backtest.ts';
import { marketSlices, type MarketSlice } from './market-slices.ts';
import { orderFates } from './order-fates.ts';
import { causeTotals, delayOf, paritySum, type ParityReport } from './parity-report.ts';
import { ParityTally } from './parity-tally.ts';
import { recordedInputs, type RecordedInput } from './recorded-inputs.ts';
import { SessionParity } from './session-parity.ts';
import { pricedTrades, type TradedAccount } from './priced-trades.ts';
import { TradeResults } from './trade-results.ts';
import { StepParity } from './step-parity.ts';

export interface ParitySources extends ReplaySources {
  readonly currency: string;
}

/** One session of a run, and what a backtest of it has to go by. */
interface PreparedSession {
  readonly session: RunSession;
  readonly terms: SessionTerms;
  readonly inputs: readonly RecordedInput[];
  readonly warmUp: readonly Slice[];
  readonly hasChangedWarmUp: boolean;
  readonly market: readonly MarketSlice[];
}

/**
 * Runs the backtest of a paper or live run over the window that it recorded, and names every
 * difference with its cause.
 *
 * Differences must not cascade: one worse price would change equity, hence every later size. So the
 * backtest is asked step by step, each time in the state that the run was in by its own record. At
 * each close its strategies decide on the bars of the database, with the run's positions and orders
 * before them; then its venue takes the run's open orders through the next bar. What differs is told
 * once, and the next step begins with the run as it was. Next to that, a backtest that nobody sets
 * right runs from the start to the end: what it made is compared with what the run made.
 *
 * Whether bars are to blame for a decision or a fill is tried, not guessed: they are where the bars
 * that the run saw lead to what the run did.
 *
 * Throws a `DataError` where the record does not lead to itself again, or a strategy is not what it was.
 */
export async function runParity(sources: ParitySources): Promise<ParityReport> {
  const sessions = await prepared(sources);
  const inputs = sessions.flatMap((each) => each.inputs);
  const tally = new ParityTally();
  const bars = new BarDifferences();
  for (const each of sessions) bars.add(each.market, each.inputs);
  const steps = new StepParity({ fates: orderFates(inputs), bars, tally });
  const free = new FreeBacktest();
  const trades = new TradeResults();
  let account: SessionParity['account'] | null = null;
  for (const { session, ...each } of sessions) {
    const restored = storedState(session.startState);
    const kept = { mode: sources.mode, restored, bars, steps, tally, trades };
    const parity = new SessionParity({ ...each, ...kept });
    parity.run();
    free.run(each);
    if (each.inputs.some(({ slice }) => slice !== null)) account = parity.account;
  }
  steps.end();
  const ends =
    account === null || free.account === null
      ? null
      : { run: { account, trades }, backtest: { account: free.account, trades: free.trades } };
  return reportOf(sources, { sessions, inputs, tally, bars, ends });
}

interface Found {
  readonly sessions: readonly PreparedSession[];
  readonly inputs: readonly RecordedInput[];
  readonly tally: ParityTally;
  readonly bars: BarDifferences;
  /** Null where nothing was traded. */
  readonly ends: Readonly<Record<'run' | 'backtest', TradedAccount>> | null;
}

function reportOf(sources: ParitySources, found: Found): ParityReport {
  const { sessions, inputs, tally, bars, ends } = found;
  const closes = inputs.flatMap(({ slice }) => slice?.closeTime ?? []);
  const { runId, mode, currency, initialCapital: start } = sources;
  const inOrder = tally.differences.toSorted((one, other) => one.time - other.time);
  const differences = ends === null ? inOrder : pricedTrades(inOrder, ends);
  return {
    runId,
    mode,
    currency,
    sessions: sessions.length,
    from: closes[0] ?? null,
    to: closes.at(-1) ?? null,
    decisions: tally.decisions,
    orders: countOf(inputs, 'order.approved'),
    fills: countOf(inputs, 'order.filled'),
    unjudgedFills: tally.unjudged,
    differences,
    causes: causeTotals(differences),
    bars: bars.all(),
    delayMs: delayOf(tally),
    sum: ends === null ? null : paritySum(start, ends, differences),
    notes: notesOf(sessions),
  };
}

async function prepared(sources: ParitySources): Promise<readonly PreparedSession[]> {
  const { journal, runId, store } = sources;
  const sessions = journal.sessions(runId);
  const ready: PreparedSession[] = [];
  let last: EpochMs | null = null;
  for (const [index, session] of sessions.entries()) {
    const terms = await sessionTerms(session, sources);
    const events = eventsOf(session, sessions[index + 1] ?? null, sources);
    const inputs = [...recordedInputs(events)];
    const warmUp = sessionWarmUp(session, terms, sources);
    const closes = inputs.flatMap(({ slice }) => slice?.closeTime ?? []);
    const [first] = closes;
    const to = closes.at(-1);
    const span = first === undefined || to === undefined ? null : { from: last ?? first, to };
    ready.push({
      session,
      terms,
      inputs,
      warmUp: warmUp.slices,
      hasChangedWarmUp: warmUp.changed.length > 0,
      market: span === null ? [] : slicesAfter(last, marketSlices(span, terms, store)),
    });
    last = to ?? last;
  }
  return ready;
}

/** What closed by the end of an earlier session is of that one. */
function slicesAfter(last: EpochMs | null, slices: readonly MarketSlice[]): readonly MarketSlice[] {
  return last === null ? slices : slices.filter(({ closeTime }) => closeTime > last);
}

function countOf(
  inputs: readonly RecordedInput[],
  type: 'order.approved' | 'order.filled',
): number {
  return inputs.reduce(
    (total, { events }) => total + events.filter((event) => event.type === type).length,
    0,
  );
}

function notesOf(sessions: readonly PreparedSession[]): readonly string[] {
  const changed = sessions.filter(({ hasChangedWarmUp }) => hasChangedWarmUp);
  if (changed.length === 0) return [];
  const numbers = changed.map(({ session }) => session.number).join(', ');
  return [
    `the bars that session ${numbers} was warmed up with have changed since: what its strategies ` +
      'decided then may be told as a difference of signals',
  ];
}
