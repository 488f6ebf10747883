import { SAMPLE_EXCHANGE } from '../data/sample-market.ts';
import {
  backtestReport,
  type BacktestFacts,
  type BacktestReport,
} from '../reporting/backtest-report.ts';
import { compareFills } from '../reporting/fill-comparison.ts';
import { MARGIN_CALL } from '../risk/checks/margin-call.ts';
import { appliedFees, feeNotes } from './applied-fees.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import { sha256 } from './content-hash.ts';
import {
  overdraftLabels,
  scenarioLabels,
  type FillLedger,
  type FillLedgers,
} from './fill-ledgers.ts';
import { firstDecision, runNotes } from './run-notes.ts';
import type { LedgerObserver, RunObserver } from './run-observer.ts';
import { strategyShares } from './strategy-shares.ts';
import { VERSION } from './version.ts';
import type { Engine } from './wire-engine.ts';

type MeasuredFacts = Pick<
  BacktestFacts,
  | 'runId'
  | 'dataFingerprint'
  | 'bars'
  | 'barsPerSecond'
  | 'dataQuality'
  | 'files'
  | 'status'
  | 'end'
  | 'tradingStarts'
  | 'labels'
>;

/** What part of the plan the run came to cover, and what to say of it. */
export function coverage(
  plan: BacktestPlan,
  { portfolio, risk, strategies }: Engine,
  { isInterrupted, notes }: { readonly isInterrupted: boolean; readonly notes: readonly string[] },
): Pick<BacktestFacts, 'status' | 'end' | 'tradingStarts' | 'labels'> {
  const lastClose = portfolio.finalMark()?.time ?? null;
  const readiness = strategies.readiness();
  const marginCall = risk.halted?.check === MARGIN_CALL ? risk.halted : null;
  return {
    status: isInterrupted ? 'interrupted' : 'completed',
    end: isInterrupted ? (lastClose ?? plan.start) : plan.end,
    tradingStarts: firstDecision(readiness),
    labels: [
      ...plan.labels,
      ...feeNotes(plan),
      ...notes,
      ...runNotes(plan, { readiness, isInterrupted, lastClose, marginCall }),
    ],
  };
}

interface RunBooks extends Pick<FillLedgers, 'all' | 'shown'> {
  readonly observer: RunObserver;
  readonly portfolio: Engine['portfolio'];
}

export interface ComposedReports {
  /** Of the run itself. */
  readonly base: BacktestReport;
  /** What the user asked for. */
  readonly shown: BacktestReport;
}

/** The report of a run, and the one to show: about other fills, or compared with them. */
export function composeReports(
  plan: BacktestPlan,
  { observer, portfolio, all, shown }: RunBooks,
  measured: MeasuredFacts,
): ComposedReports {
  const resultHash = observer.hash.digest();
  const reportOf = (ledger: FillLedger | null, labels: readonly string[]) =>
    composeReport(plan, ledger?.observer ?? observer, {
      ...measured,
      strategies: strategyShares(plan, portfolio, ledger?.run ?? null),
      resultHash,
      fillScenario: ledger?.scenario ?? 'base',
      labels: [...labels, ...measured.labels],
    });
  const base = reportOf(null, all.flatMap(overdraftLabels));
  if (shown !== null) return { base, shown: reportOf(shown, scenarioLabels(shown, plan)) };
  const [optimistic, pessimistic] = all.map((ledger) => reportOf(ledger, []));
  if (optimistic === undefined || pessimistic === undefined) return { base, shown: base };
  return { base, shown: { ...base, fills: compareFills({ optimistic, base, pessimistic }) } };
}

function composeReport(
  plan: BacktestPlan,
  { curve, roundTrips, statistics }: LedgerObserver,
  measured: MeasuredFacts & Pick<BacktestFacts, 'strategies' | 'resultHash' | 'fillScenario'>,
): BacktestReport {
  return backtestReport(
    {
      ...measured,
      configHash: sha256(plan.config),
      version: VERSION,
      strategy: plan.strategyName,
      exchange: plan.exchange,
      symbols: plan.series.map(({ symbol }) => symbol),
      informativeSymbols: plan.informative.map(({ symbol }) => symbol),
      assetClasses: plan.series.map(({ assetClass }) => assetClass),
      timeframe: plan.timeframe,
      builtFrom: builtFrom(plan),
      start: plan.start,
      fees: appliedFees(plan),
      syntheticData: plan.exchange === SAMPLE_EXCHANGE,
    },
    { curve, trades: roundTrips.rows, statistics },
  );
}

function builtFrom({ series, informative }: BacktestPlan): BacktestReport['built_from'] {
  return Object.fromEntries(
    [...series, ...informative].flatMap(({ symbol, builtFrom }) =>
      builtFrom === null ? [] : [[symbol, builtFrom.timeframe]],
    ),
  );
}
