import {
  listRepairs,
  REPAIR_METHODS,
  repairData as repair,
  undoRepair,
  type RepairMethod,
  type RepairRequest,
} from '../../app/run-repair.ts';
import { ConfigError, EXIT_CODES, type ExitCode } from '../../core/errors.ts';
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
import { printJson } from '../render/json.ts';
import { renderBatches, renderRepair, renderUndone } from '../render/repair-table.ts';

export interface RepairFlags extends CommonFlags {
  readonly method?: string;
  readonly list?: boolean;
  readonly undo?: string;
  readonly symbols?: string;
  readonly timeframe?: string;
  readonly timerange?: string;
  readonly exchange?: string;
  readonly maxGap?: string;
  readonly dryRun?: boolean;
}

/** Of bars that stand still, until told otherwise: a day of hours. */
const MAX_GAP_BARS = 24;

const INTERRUPTED = 'interrupted: series that are not listed are as they were\n';

/** `data repair`: one of repairing by a method, listing what was repaired, and undoing it. */
export async function repairData(flags: RepairFlags, io: CommandIo): Promise<ExitCode> {
  refuseMixture(flags);
  if (flags.undo !== undefined) return undo(flags, flags.undo, io);
  if (flags.list === true) return list(flags, io);
  const request = requestOf(flags);
  const { report, error } = await repair(workspaceOptions(flags, io), request, io.signal);
  if (error !== null && report.series.length === 0) throw error;
  if (flags.json === true) printJson(io, report);
  else io.stdout(renderRepair(report));
  if (error !== null) throw error;
  if (!io.signal.aborted) return EXIT_CODES.done;
  io.stderr(INTERRUPTED);
  return EXIT_CODES.interrupted;
}

function undo(flags: RepairFlags, text: string, io: CommandIo): ExitCode {
  const id = parseCount('--undo', text, 1);
  const batch = undoRepair(workspaceOptions(flags, io), id);
  if (flags.json === true) printJson(io, batch);
  else io.stdout(renderUndone(batch));
  return EXIT_CODES.done;
}

function list(flags: RepairFlags, io: CommandIo): ExitCode {
  const batches = listRepairs(workspaceOptions(flags, io));
  if (flags.json === true) printJson(io, batches);
  else io.stdout(renderBatches(batches));
  return EXIT_CODES.done;
}

function requestOf(flags: RepairFlags): RepairRequest {
  const { symbols, timeframe, timerange, exchange, maxGap } = flags;
  const method = parseMethod(flags.method ?? '');
  if (maxGap !== undefined && method !== 'flat') {
    throw new ConfigError(`--max-gap: it was expected with --method flat, was with ${method}`);
  }
  return {
    method,
    filter: {
      symbols: symbols === undefined ? null : parseSymbols(symbols),
      timeframe: timeframe === undefined ? null : parseTimeframe(timeframe),
      exchange: exchange === undefined ? null : parseExchange(exchange),
    },
    range: parseRange(timerange),
    maxGapBars: maxGap === undefined ? MAX_GAP_BARS : parseCount('--max-gap', maxGap, 1),
    isDryRun: flags.dryRun === true,
  };
}

function parseMethod(text: string): RepairMethod {
  const method = REPAIR_METHODS.find((each) => each === text);
  if (method !== undefined) return method;
  throw new ConfigError(
    `--method: one of ${REPAIR_METHODS.join(', ')} was expected, was "${text}"`,
  );
}

/** Flags that only make sense with a method. */
const METHOD_FLAGS = {
  '--symbols': 'symbols',
  '--timeframe': 'timeframe',
  '--timerange': 'timerange',
  '--exchange': 'exchange',
  '--max-gap': 'maxGap',
  '--dry-run': 'dryRun',
} as const;

function refuseMixture(flags: RepairFlags): void {
  const acts = [
    ...(flags.method === undefined ? [] : ['--method']),
    ...(flags.list === true ? ['--list'] : []),
    ...(flags.undo === undefined ? [] : ['--undo']),
  ];
  const wanted = 'one of --method, --list and --undo was expected, was';
  if (acts.length === 0) {
    throw new ConfigError(
      `${wanted} none; begin with "quantsage data repair --method refetch --dry-run"`,
    );
  }
  if (acts.length > 1) throw new ConfigError(`${wanted} ${acts.join(' and ')}`);
  if (flags.method !== undefined) return;
  const stray = Object.entries(METHOD_FLAGS).find(([, name]) => flags[name] !== undefined);
  if (stray === undefined) return;
  throw new ConfigError(`${stray[0]}: it was expected with --method, was with ${acts.join('')}`);
}
