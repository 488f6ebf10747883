import type { Bar } from '../../core/bar.ts';
import type { Condition } from '../../core/condition.ts';
import { formatTime } from '../../core/time.ts';
import type { RecordedSignal, RunArchive } from '../../ports/run-archive.ts';
import type { Explanation, HostedStrategy, Readiness } from '../../strategies/strategy-runner.ts';
import { disagreement, type Disagreement } from './recorded-numbers.ts';
import type { RemadeStrategy } from './recorded-strategy.ts';
import { explainedRule, rulesAsked, type ExplainedRule } from './rule-verdicts.ts';
import type { RunReplay } from './run-replay.ts';
import { explainedSignal, type ExplainedSignal } from './signal-story.ts';
import { Standing, type HeldPosition, type OpenOrderThen } from './standing.ts';

/** Why a strategy did, or did not do, something about a symbol on a bar. */
export interface StrategyExplanation {
  readonly strategy: string;
  readonly kind: string;
  readonly symbol: string;
  /** The answer in a sentence. */
  readonly verdict: string;
  /** How far its indicators were; null where it could not be made again. */
  readonly warmup: Warmup | null;
  readonly position: HeldPosition | null;
  readonly openOrders: readonly OpenOrderThen[];
  /** Null where they cannot be computed again. */
  readonly rules: readonly ExplainedRule[] | null;
  /** Whether the numbers agree with the record, or why there are none. */
  readonly rulesNote: string;
  readonly signals: readonly ExplainedSignal[];
}

interface Warmup {
  readonly isWarm: boolean;
  readonly barsSeen: number;
  readonly barsNeeded: number;
  /** Open time of the first bar it decided on, where that is later. */
  readonly decidesFrom: string | null;
}

export interface Subject {
  readonly archive: RunArchive;
  readonly run: string;
  readonly replay: RunReplay;
  readonly strategy: RemadeStrategy;
  readonly bar: Bar;
  /** Look at the nearest signal too where the bar has none to compare with. */
  readonly comparesNearest: boolean;
  /** Whether the bars are those of the run; null where that is not known. */
  readonly isSameData: boolean | null;
}

export async function explainStrategy(subject: Subject): Promise<StrategyExplanation> {
  const { archive, run, strategy, bar } = subject;
  const { id, kind } = strategy.record;
  const business = { strategy: id, symbol: bar.symbol };
  const standing = new Standing(archive, run, bar);
  const recorded = archive.signalsOn(run, business, bar.openTime);
  const remade = await remadeRules(subject, recorded);
  const position = standing.position(business);
  const signals = recorded.map((signal) => explainedSignal(archive, run, signal));
  const told = { ...business, kind, ...remade, position, signals };
  return {
    ...told,
    verdict: verdictOf(told, strategy.hosted?.allowShort ?? true),
    openOrders: standing.openOrders(business),
  };
}

type RemadeRules = Pick<StrategyExplanation, 'rules' | 'rulesNote' | 'warmup'>;

async function remadeRules(
  subject: Subject,
  recorded: readonly RecordedSignal[],
): Promise<RemadeRules> {
  const { strategy, replay, bar } = subject;
  const { hosted } = strategy;
  if (hosted === null) {
    const rulesNote = `from the record alone: ${strategy.problem ?? 'the strategy is not there'}`;
    return { rules: null, rulesNote, warmup: null };
  }
  const witnesses = witnessesOf(subject, recorded);
  let wrong: Disagreement | null = null;
  // Indicators of the user's own may need more bars than they say.
  for (const isWhole of [false, true]) {
    const moment = await replay.moment(bar.openTime, isWhole);
    const explanations = moment.explain(hosted.id, bar);
    const readiness = moment.readinessOf(hosted.id, bar.symbol);
    const warmup = readiness === null ? null : await warmupOf(subject, hosted, readiness);
    if (explanations.length === 0) return { rules: [], rulesNote: NO_RULES, warmup };
    wrong = await firstDisagreement(subject, { hosted, witnesses, isWhole });
    if (wrong !== null) continue;
    const rulesNote = agreementNote(bar, witnesses, isWhole);
    return { rules: explanations.map(explainedRule), rulesNote, warmup };
  }
  return { rules: null, rulesNote: disagreementNote(wrong, subject), warmup: null };
}

const NO_RULES = 'the strategy names no rules; what its signals recorded is all there is';

/** Recorded signals to hold the recomputed numbers against. */
function witnessesOf(
  { archive, run, strategy, bar, comparesNearest }: Subject,
  recorded: readonly RecordedSignal[],
): readonly RecordedSignal[] {
  const own = recorded.filter(({ conditions }) => conditions.length > 0);
  if (own.length > 0 || !comparesNearest) return own;
  const business = { strategy: strategy.record.id, symbol: bar.symbol };
  const nearest = archive.nearestSignal(run, business, bar.openTime);
  return nearest === null ? [] : [nearest];
}

interface Comparison {
  readonly hosted: HostedStrategy;
  readonly witnesses: readonly RecordedSignal[];
  readonly isWhole: boolean;
}

async function firstDisagreement(
  { replay, bar }: Subject,
  { hosted, witnesses, isWhole }: Comparison,
): Promise<Disagreement | null> {
  for (const { barOpenTime, conditions } of witnesses) {
    const moment = await replay.moment(barOpenTime, isWhole);
    const then = moment.barOf(bar.symbol);
    const wrong =
      then === null
        ? missing(conditions)
        : disagreement(conditions, conditionsOf(moment.explain(hosted.id, then)));
    if (wrong !== null) return wrong;
  }
  return null;
}

function conditionsOf(explanations: readonly Explanation[]): readonly Condition[] {
  return explanations.flatMap(({ conditions }) => conditions);
}

/** The bar of a signal is no longer there: all numbers about it are gone with it. */
function missing([first]: readonly Condition[]): Disagreement | null {
  if (first === undefined) return null;
  return { name: first.name, recorded: first, recomputed: { ...first, value: Number.NaN } };
}

function agreementNote(bar: Bar, witnesses: readonly RecordedSignal[], isWhole: boolean): string {
  const [first] = witnesses;
  const from = isWhole ? 'computed again from all bars of the run' : 'computed again';
  if (first === undefined) return `${from}; no signal was recorded to compare them with`;
  if (first.barOpenTime === bar.openTime) {
    return `${from}; they are what the signal recorded, to the last bit`;
  }
  const then = formatTime(first.barOpenTime);
  return `${from}; on the bar of the nearest signal, ${then}, they are what it recorded`;
}

function disagreementNote(wrong: Disagreement | null, { isSameData }: Subject): string {
  if (wrong === null) return 'they cannot be computed again';
  const { name, recorded, recomputed } = wrong;
  const why =
    isSameData === null
      ? 'the data or the program may have changed since'
      : isSameData
        ? 'the data are those of the run, so the strategy or the program changed since, ' +
          'or it decides by more than bars'
        : 'the data changed since the run (their fingerprints differ)';
  return (
    `they cannot be computed again: ${name} was recorded as ` +
    `${recorded.value} ${recorded.comparison} ${recorded.threshold}, ` +
    `is ${recomputed.value} ${recomputed.comparison} ${recomputed.threshold} now; ${why}`
  );
}

async function warmupOf(
  { replay, bar }: Subject,
  hosted: HostedStrategy,
  { isWarm, barsSeen, warmupBars }: Readiness,
): Promise<Warmup> {
  const first = isWarm ? null : await replay.firstDecision(hosted, bar.symbol);
  const decidesFrom = first === null ? null : formatTime(first);
  return { isWarm, barsSeen, barsNeeded: warmupBars, decidesFrom };
}

type Told = Pick<
  StrategyExplanation,
  'rules' | 'rulesNote' | 'warmup' | 'position' | 'signals' | 'strategy'
>;

function verdictOf({ rules, warmup, position, signals }: Told, allowShort: boolean): string {
  if (signals.length > 0) {
    return signals
      .map(({ intent, side, reason, sentence }) => {
        const what = side === null ? intent : `${intent} ${side}`;
        return `signal to ${what} (${reason}): ${sentence}`;
      })
      .join('; ');
  }
  if (warmup?.isWarm === false) return coldSentence(warmup);
  if (rules === null || rules.length === 0) return 'no signal was raised';
  const asked = rulesAsked(rules, position?.side ?? null);
  const sentences = asked.map(({ rule, holds, sentence }) => {
    if (!holds) return sentence;
    const isShort = rule.split('_').includes('short') && position === null;
    return isShort && !allowShort ? `${sentence}, but allow_short is off` : sentence;
  });
  return `no signal: ${sentences.join('; ')}`;
}

function coldSentence({ barsSeen, barsNeeded, decidesFrom }: Warmup): string {
  const since =
    decidesFrom === null ? 'it never decided in this run' : `it decided from ${decidesFrom} on`;
  return `no decision: its indicators were warming up (${barsSeen} of ${barsNeeded} bars); ${since}`;
}
