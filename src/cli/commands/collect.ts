import type { CollectRequest } from '../../app/collect-targets.ts';
import { collect as run, type CollectOutcome } from '../../app/run-collect.ts';
import { parseTimeRange } from '../../config/time-range.ts';
import { ConfigError, EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { createCollectProgress } from '../collect-progress.ts';
import {
  parseExchange,
  parseSymbols,
  parseTimeframes,
  workspaceOptions,
  type CommonFlags,
} from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { nextStep, renderCollected } from '../render/collect-table.ts';
import { followedLine } from '../render/followed-bars.ts';
import { printJson, printJsonLine } from '../render/json.ts';

export interface CollectFlags extends CommonFlags {
  readonly symbols?: string;
  readonly timeframe?: string;
  readonly timerange?: string;
  readonly exchange?: string;
  readonly follow?: boolean;
  readonly restart?: boolean;
}

const INTERRUPTED = 'interrupted: what was collected is stored; the next call goes on from there\n';
const FOLLOWING = 'following: a line for every bar when it has closed; Ctrl-C ends\n';

/** `collect`: prints what came of each series; exit 4 or 5 when one failed, 130 after Ctrl-C. */
export async function collect(flags: CollectFlags, io: CommandIo): Promise<ExitCode> {
  const request = requestOf(flags);
  const isJson = flags.json === true;
  const progress = createCollectProgress(io, () => Date.now());
  const workspace = workspaceOptions(flags, { ...io, stderr: progress.log });
  const { report, error }: CollectOutcome = await run({
    workspace,
    request,
    signal: io.signal,
    onProgress: ({ exchange, symbol, timeframe, ...step }) => {
      progress.update({ series: `${exchange} ${symbol} ${timeframe}`, ...step });
    },
    onFollow: () => {
      progress.stop();
      io.stderr(FOLLOWING);
    },
    onFollowed: (bars) => {
      if (isJson) printJsonLine(io, bars);
      else io.stdout(followedLine(bars));
    },
  }).finally(progress.stop);
  if (!isJson) io.stdout(renderCollected(report.series));
  else if (request.follow) printJsonLine(io, report);
  else printJson(io, report);
  if (error !== null) throw error;
  if (report.status !== 'interrupted') {
    if (!isJson) io.stderr(nextStep(report.series, flags));
    return EXIT_CODES.done;
  }
  io.stderr(INTERRUPTED);
  return EXIT_CODES.interrupted;
}

function requestOf(flags: CollectFlags): CollectRequest {
  const { symbols, timeframe, timerange, exchange } = flags;
  const range = timerange === undefined ? null : parseTimeRange(timerange, { now: Date.now() });
  if (flags.follow === true && range !== null && range.end !== null) {
    throw new ConfigError(
      `--timerange: an open end such as 20230101- was expected with --follow, was "${timerange}"`,
    );
  }
  return {
    symbols: symbols === undefined ? null : parseSymbols(symbols),
    timeframes: timeframe === undefined ? null : parseTimeframes(timeframe),
    range,
    exchange: exchange === undefined ? null : parseExchange(exchange),
    follow: flags.follow === true,
    restart: flags.restart === true,
  };
}
