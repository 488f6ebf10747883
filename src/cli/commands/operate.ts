import { giveOrder, type OrderOutcome } from '../../app/trading/give-order.ts';
import type { TradingStatus } from '../../app/trading/trading-status.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { ConfigError, EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { plural } from '../render/number-format.ts';

type Act = 'halt' | 'resume' | 'flatten';

const REASON_MAX = 500;

/**
 * `halt`, `resume` and `flatten`: works on a running engine and on one that is still to start, with
 * the database locked and the exchange away. Exit 4 where a running engine did not answer.
 */
export async function operate(
  act: Act,
  reason: string,
  { flags, io }: { readonly flags: CommonFlags; readonly io: CommandIo },
): Promise<ExitCode> {
  refuseEmpty(act, reason);
  const outcome = await giveOrder({
    databasePath: databaseOf(flags, io),
    act,
    reason: reason.trim(),
    signal: io.signal,
    machine: io.machine,
  });
  if (flags.json === true) printJson(io, { act, reason, ...outcome });
  else io.stdout(sentenceOf(act, outcome));
  return outcome.kind === 'silent' ? EXIT_CODES.unavailable : EXIT_CODES.done;
}

/** A broken configuration does not keep a halt away where the database is named. */
function databaseOf(flags: CommonFlags, io: CommandIo): string {
  const options = workspaceOptions(flags, io);
  return options.databasePath ?? openWorkspace(options).databasePath;
}

function refuseEmpty(act: Act, reason: string): void {
  const length = reason.trim().length;
  if (length > 0 && length <= REASON_MAX) return;
  throw new ConfigError(
    `${act}: a reason of 1 to ${REASON_MAX} characters was expected, was ${length}; it goes on record`,
  );
}

const NOBODY: Readonly<Record<Act, string>> = {
  halt: 'no engine runs; the next one starts halted',
  resume: 'no engine runs; the next one starts without this halt',
  flatten: 'no engine runs; the next one starts halted and closes every position',
};

function sentenceOf(act: Act, outcome: OrderOutcome): string {
  if (outcome.kind === 'nobody') return `${NOBODY[act]}${heldText(outcome.status)}\n`;
  if (outcome.kind === 'silent') {
    const stands = act === 'resume' ? 'it will follow once it answers' : `the order stands`;
    return `the engine did not answer; ${stands} (${outcome.haltFile})\n`;
  }
  const { run_id, pid, positions, halt } = outcome.status;
  const engine = `${run_id} (process ${pid})`;
  const held = plural(worthwhile(positions), 'position');
  if (act === 'resume') {
    const state = halt === null ? 'entries may pass again' : `still halted: ${halt.message}`;
    return `${engine} has resumed: ${state}\n`;
  }
  if (act === 'flatten') return `${engine} is halted and closes ${held}\n`;
  return `${engine} is halted: no entries from now on; ${held} open, their exits go on\n`;
}

function heldText(status: Pick<TradingStatus, 'positions'> | null): string {
  const held = status === null ? 0 : worthwhile(status.positions);
  return held === 0 ? '' : `; the last one left ${plural(held, 'position')} open`;
}

/** How many can be sold at all. */
function worthwhile(positions: TradingStatus['positions']): number {
  return positions.filter(({ is_dust }) => !is_dust).length;
}
