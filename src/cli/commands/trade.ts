import { trade as run, type TradingMode } from '../../app/trading/trade.ts';
import type { Happening } from '../../app/trading/narrator.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import {
  parseCapital,
  parseExchange,
  parseSymbols,
  parseTimeframe,
  workspaceOptions,
  type CommonFlags,
} from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJsonLine } from '../render/json.ts';
import { renderStart } from '../render/start-report.ts';

export interface TradeFlags extends CommonFlags {
  readonly strategy?: string;
  readonly symbols?: string;
  readonly timeframe?: string;
  readonly exchange?: string;
  readonly capital?: string;
  readonly newRun?: boolean;
  readonly confirmLive?: string;
}

/**
 * `paper` and `live`: first who trades what, then a line for each thing that happens, until somebody
 * ends it. Exit 0 after an orderly end by SIGTERM, 130 after Ctrl-C, 3 where the engine stopped itself.
 */
export async function trade(
  mode: TradingMode,
  flags: TradeFlags,
  io: CommandIo,
): Promise<ExitCode> {
  const { symbols, timeframe, exchange, capital, set = [] } = flags;
  const isJson = flags.json === true;
  const money = capital === undefined ? [] : [`portfolio.initial_capital=${parseCapital(capital)}`];
  await run({
    mode,
    workspace: workspaceOptions({ ...flags, set: [...set, ...money] }, io),
    strategy: flags.strategy ?? null,
    request: {
      symbols: symbols === undefined ? null : parseSymbols(symbols),
      timeframe: timeframe === undefined ? null : parseTimeframe(timeframe),
      exchange: exchange === undefined ? null : parseExchange(exchange),
    },
    isNew: flags.newRun === true,
    confirmed: flags.confirmLive ?? null,
    signal: io.signal,
    onStart: (report) => {
      if (isJson) printJsonLine(io, { event: 'started', ...report });
      else io.stdout(`${renderStart(report)}\n`);
    },
    onHappening: (happening) => {
      if (isJson) printJsonLine(io, happening);
      else io.stdout(happeningLine(happening));
    },
  });
  io.stderr('ended in good order; start it again to go on\n');
  return io.signal.reason === 'SIGINT' ? EXIT_CODES.interrupted : EXIT_CODES.done;
}

function happeningLine({ time, symbol, text }: Happening): string {
  return `${time.slice(0, 19).replace('T', ' ')}  ${(symbol ?? '').padEnd(10)}  ${text}\n`;
}
