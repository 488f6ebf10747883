import { formatTime } from '../../core/time.ts';
import type { Series } from '../../ports/bar-store.ts';
import { EMPTY_BARS } from '../empty-stores.ts';
import { planBacktest, seriesQuery, type BacktestRequest } from '../plan-backtest.ts';
import { wantsSampleMarket } from '../sample-data.ts';
import { selectSeries } from '../select-series.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from '../workspace.ts';
import { examine, type Examination } from './examine.ts';
import { inOrder, type Finding } from './findings.ts';
import { Laboratory } from './laboratory.ts';
import { namedStrategy } from './named-strategy.ts';
import { periodTimes, prepareMarket, type PreparedMarket } from './prepared-market.ts';
import { TrialPool } from './trial-pool.ts';

interface CheckCommand {
  readonly workspace: WorkspaceOptions;
  /** An id of `config/strategies`, or the path of a file of the user's own. */
  readonly strategy: string;
  readonly request: BacktestRequest;
  /** The last bars of the range to run over. */
  readonly bars: number;
  readonly signal: AbortSignal;
  /** Told after every run, with the bars that were compared so far. */
  readonly onRun: (progress: { readonly runs: number; readonly comparedBars: number }) => void;
  readonly onSample: (series: readonly Series[]) => void;
}

/** The verdict on a strategy, as `check-strategy --json` prints it. */
export interface CheckReport {
  readonly strategy: string;
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** Those it looks at and does not trade. */
  readonly informative_symbols: readonly string[];
  readonly timeframe: string;
  readonly start: string;
  readonly end: string;
  /** Times at which bars of the period open. */
  readonly bars: number;
  readonly warmup_bars: number;
  /** Processes in which the strategy was run. */
  readonly runs: number;
  /** Bars on which the decisions of two runs were compared. */
  readonly compared_bars: number;
  /** Bars with a decision. */
  readonly decisions: number;
  readonly is_clean: boolean;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** Fewer decisions show little. */
const DECISIONS_MIN = 10;

/** Looks for look-ahead, repainting and whatever else makes a strategy's backtest untrue. */
export async function checkStrategy(command: CheckCommand): Promise<CheckReport> {
  const workspace = openWorkspace(command.workspace);
  try {
    const { market, strategy } = await prepare(workspace, command);
    const pool = new TrialPool(command.signal);
    const { configFiles, settings, environment } = command.workspace;
    const lab: Laboratory = new Laboratory({
      subject: {
        configFiles,
        settings,
        databasePath: workspace.databasePath,
        overrides: environment.overrides,
        strategy: command.strategy,
      },
      market,
      pool,
      onTrial: () => command.onRun({ runs: lab.trials, comparedBars: lab.comparedBars }),
    });
    const examination = await examine(lab, workspace.databasePath);
    return reportOf(strategy, lab, examination);
  } finally {
    workspace.close();
  }
}

async function prepare(
  workspace: Workspace,
  { strategy: named, request, bars, onSample }: CheckCommand,
) {
  const strategy = await namedStrategy(workspace, named);
  const input = { config: workspace.config, strategies: [strategy], request };
  const query = seriesQuery(input);
  // Says what is missing before a database is made that could hold nothing of it.
  const isHopeless = !workspace.hasDatabase() && !wantsSampleMarket(EMPTY_BARS, query);
  if (isHopeless) selectSeries(EMPTY_BARS, query);
  const plan = planBacktest({ ...input, store: workspace.bars(), onSample });
  return { strategy: strategy.id, market: prepareMarket(plan, workspace.bars(), bars) };
}

function reportOf(strategy: string, lab: Laboratory, examination: Examination): CheckReport {
  const { market } = lab;
  const [first] = market.series;
  const bars = periodTimes(market).length;
  const findings = inOrder(examination.findings);
  return {
    strategy,
    exchange: first?.series.exchange ?? '',
    symbols: market.symbols,
    informative_symbols: market.series
      .map(({ series }) => series.symbol)
      .filter((symbol) => !market.symbols.includes(symbol)),
    timeframe: first?.series.timeframe ?? '',
    start: formatTime(market.start),
    end: formatTime(market.end),
    bars,
    warmup_bars: market.warmupBars,
    runs: lab.trials,
    compared_bars: lab.comparedBars,
    decisions: examination.decisions,
    is_clean: findings.length === 0,
    findings,
    notes: [...(findings.length === 0 ? scarcity(examination, market) : []), ...examination.notes],
  };
}

/** Said where there was too little to judge by. */
function scarcity(
  { asked, decisions }: Examination,
  { warmupBars }: PreparedMarket,
): readonly string[] {
  if (asked === 0) {
    return [`it was never asked: it needs ${warmupBars} bars of warm-up, and there are no more`];
  }
  if (decisions >= DECISIONS_MIN) return [];
  const said = decisions === 1 ? '1 decision' : `${decisions} decisions`;
  return [`${said} on ${asked} bars: a leak that shows only when it decides may have gone unseen`];
}
