import { checkStrategy as check } from '../../app/check-strategy/check-strategy.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import {
  parseCount,
  parseExchange,
  parseRange,
  parseSymbols,
  parseTimeframe,
  workspaceOptions,
  type CommonFlags,
} from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { createProgress } from '../progress.ts';
import { renderCheck } from '../render/check-table.ts';
import { printJson } from '../render/json.ts';
import { count } from '../render/number-format.ts';

export interface CheckStrategyFlags extends CommonFlags {
  readonly symbols?: string;
  readonly timeframe?: string;
  readonly timerange?: string;
  readonly exchange?: string;
  readonly bars: string;
}

/** Runs of a strategy in which nothing is found. */
const USUAL_RUNS = 14;
/** Fewer cannot be cut and begun later. */
const BARS_MIN = 10;

/** `check-strategy`: exit 0 where nothing is found, 3 where something is. */
export async function checkStrategy(
  strategy: string,
  flags: CheckStrategyFlags,
  io: CommandIo,
): Promise<ExitCode> {
  const { symbols, timeframe, timerange, exchange } = flags;
  const progress = createProgress(io);
  try {
    const report = await check({
      workspace: workspaceOptions(flags, io),
      strategy,
      request: {
        symbols: symbols === undefined ? null : parseSymbols(symbols),
        timeframe: timeframe === undefined ? null : parseTimeframe(timeframe),
        range: parseRange(timerange),
        exchange: exchange === undefined ? null : parseExchange(exchange),
      },
      bars: parseCount('--bars', flags.bars, BARS_MIN),
      signal: io.signal,
      onRun: ({ runs, comparedBars }) =>
        progress.update({ bars: comparedBars, fraction: Math.min(runs / USUAL_RUNS, 1) }),
      onSample: (series) => {
        const bars = series.reduce((sum, each) => sum + each.bars, 0);
        io.stderr(
          `no market data yet: filled the database with the synthetic sample market ` +
            `(${count(bars)} bars); for real candles run "quantsage collect"\n`,
        );
      },
    });
    if (flags.json === true) printJson(io, report);
    else io.stdout(renderCheck(report));
    return report.is_clean ? EXIT_CODES.done : EXIT_CODES.halted;
  } catch (error) {
    if (!io.signal.aborted) throw error;
    io.stderr('interrupted: the check came to no verdict\n');
    return EXIT_CODES.interrupted;
  } finally {
    progress.stop();
  }
}
