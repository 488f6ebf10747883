import { backtest as run } from '../../app/backtest.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import {
  parseCapital,
  parseExchange,
  parseFills,
  parseRange,
  parseSymbols,
  parseTimeframe,
  workspaceOptions,
  type CommonFlags,
} from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { createProgress } from '../progress.ts';
import { INTERRUPTED, renderBacktest } from '../render/backtest-table.ts';
import { printJson } from '../render/json.ts';
import { count } from '../render/number-format.ts';

export interface BacktestFlags extends CommonFlags {
  readonly strategy?: string;
  readonly symbols?: string;
  readonly timeframe?: string;
  readonly timerange?: string;
  readonly exchange?: string;
  readonly capital?: string;
  readonly export?: string;
  /** False where `--no-risk-limits` was given. */
  readonly riskLimits?: boolean;
  readonly fills?: string;
}

/** `backtest`: prints the result; exit 130 when it was interrupted. */
export async function backtest(flags: BacktestFlags, io: CommandIo): Promise<ExitCode> {
  const { symbols, timeframe, timerange, exchange } = flags;
  const progress = createProgress(io);
  const { report } = await run({
    workspace: workspaceOptions(withShortNames(flags), io),
    strategy: flags.strategy ?? null,
    request: {
      symbols: symbols === undefined ? null : parseSymbols(symbols),
      timeframe: timeframe === undefined ? null : parseTimeframe(timeframe),
      range: parseRange(timerange),
      exchange: exchange === undefined ? null : parseExchange(exchange),
    },
    exportDirectory: flags.export ?? null,
    fills: parseFills(flags.fills),
    signal: io.signal,
    onProgress: progress.update,
    onSample: (series) => {
      const bars = series.reduce((sum, each) => sum + each.bars, 0);
      io.stderr(
        `no market data yet: filled the database with the synthetic sample market ` +
          `(${count(bars)} bars); for real candles run "quantsage collect"\n`,
      );
    },
  }).finally(progress.stop);
  if (flags.json === true) printJson(io, report);
  else io.stdout(renderBacktest(report));
  if (report.status === 'completed') return EXIT_CODES.done;
  io.stderr(INTERRUPTED);
  return EXIT_CODES.interrupted;
}

/** Short names for settings, and so part of the configuration's hash like any other. */
function withShortNames(flags: BacktestFlags): BacktestFlags {
  const { capital, riskLimits = true, set = [] } = flags;
  const settings = [
    ...(capital === undefined ? [] : [`portfolio.initial_capital=${parseCapital(capital)}`]),
    ...(riskLimits ? [] : ['risk_limits.enabled=false']),
  ];
  return settings.length === 0 ? flags : { ...flags, set: [...set, ...settings] };
}
