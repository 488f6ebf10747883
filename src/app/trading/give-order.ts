import { ControlDirectory } from '../../adapters/files/control-directory.ts';
import type { OperatorCommand } from '../../core/operator.ts';
import { THIS_MACHINE, type Machine } from '../machine.ts';
import { readStatus } from './read-status.ts';
import type { TradingStatus } from './trading-status.ts';

interface Order {
  readonly databasePath: string;
  readonly act: Exclude<OperatorCommand['act'], 'shutdown'>;
  readonly reason: string;
  readonly signal: AbortSignal;
  readonly machine: Machine | undefined;
}

/**
 * What came of an order to an engine: it follows it, none runs (the next one will follow it), or one
 * runs that did not answer in time (the order stands all the same).
 */
export type OrderOutcome =
  | { readonly kind: 'followed'; readonly status: TradingStatus }
  | { readonly kind: 'nobody'; readonly status: TradingStatus | null; readonly haltFile: string }
  | { readonly kind: 'silent'; readonly status: TradingStatus | null; readonly haltFile: string };

const ANSWER_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** Gives an order to the engine of a database, running or not, and waits for its answer. */
export async function giveOrder(order: Order): Promise<OrderOutcome> {
  const { databasePath, act, reason, signal, machine = THIS_MACHINE } = order;
  const control = new ControlDirectory(databasePath);
  const { haltFile } = control;
  const at = machine.clock.now();
  control.give({ act, reason, by: `quantsage ${act}`, at });
  const before = readStatus(databasePath);
  if (!before.isRunning) return { kind: 'nobody', status: before.status, haltFile };
  for (let waited = 0; waited < ANSWER_WITHIN_MS && !signal.aborted; waited += LOOK_EVERY_MS) {
    await machine.timer.wait(LOOK_EVERY_MS, signal);
    if (control.pending().some((each) => each.at === at && each.act === act)) continue;
    const { status } = readStatus(databasePath);
    if (status !== null && Date.parse(status.written_at) >= at) return { kind: 'followed', status };
  }
  return { kind: 'silent', status: readStatus(databasePath).status, haltFile };
}
