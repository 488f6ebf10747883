import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Timer } from '../../ports/timer.ts';
import type { OperatorCommand } from '../../core/operator.ts';
import type { Engine } from '../wire-engine.ts';
import type { TradingVenue } from './trading-venue.ts';

/** What happens to positions and orders when a session ends in good order. */
export type ExitPolicy = 'cancel_entries' | 'keep' | 'flatten';

interface EndParts {
  readonly policy: ExitPolicy;
  readonly engine: Pick<Engine, 'portfolio' | 'risk'>;
  readonly venue: TradingVenue;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly command: (command: OperatorCommand) => void;
}

/** An orderly end waits so long for answers of the exchange. */
const SETTLE_MS = 15_000;
const FLATTEN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/**
 * Ends a session by policy. Entries have been kept from leaving before; exits still may while open
 * entries are called back, for one of these may fill at the last moment and needs its stop.
 */
export async function endInOrder(parts: EndParts, signal: AbortSignal): Promise<void> {
  const { policy, venue } = parts;
  if (policy === 'flatten') await flatten(parts, signal);
  if (policy !== 'keep') {
    parts.command(ownCommand(parts, 'shutdown', 'the engine ends'));
    await settled(parts, signal);
  }
  venue.stopSending();
  await settled(parts, signal);
}

/**
 * Closes everything and waits until it is closed. The halt that goes with it ends with it: the next
 * session is to trade, unless trading was halted before.
 */
async function flatten(parts: EndParts, signal: AbortSignal): Promise<void> {
  const { engine, command, logger } = parts;
  const wasHalted = engine.risk.halted !== null;
  command(ownCommand(parts, 'flatten', 'the engine ends, and flatten is its policy'));
  const left = () =>
    engine.portfolio.openPositions().filter((each) => !engine.portfolio.isDust(each));
  await alive(parts, { withinMs: FLATTEN_MS, until: () => left().length === 0 }, signal);
  if (left().length > 0) {
    const positions = left().map(({ symbol, quantity }) => `${quantity.toString()} ${symbol}`);
    logger.error({ positions }, 'not everything could be closed in time; the engine stays halted');
    return;
  }
  command(ownCommand(parts, 'shutdown', 'everything is closed'));
  if (!wasHalted) command(ownCommand(parts, 'resume', 'the halt was for the end of this session'));
}

async function settled(parts: EndParts, signal: AbortSignal): Promise<void> {
  const { venue } = parts;
  await alive(parts, { withinMs: SETTLE_MS, until: () => venue.isSettled }, signal);
}

/** Lets the venue live until something holds, for so long at most. */
async function alive(
  { venue, timer, clock }: EndParts,
  wait: { readonly withinMs: number; readonly until: () => boolean },
  signal: AbortSignal,
): Promise<void> {
  const live = new AbortController();
  const either = AbortSignal.any([live.signal, signal]);
  const late = clock.now() + wait.withinMs;
  const loop = Promise.allSettled([venue.run(either).finally(() => live.abort())]);
  while (!wait.until() && !either.aborted && clock.now() < late) {
    await timer.wait(LOOK_EVERY_MS, either);
  }
  live.abort();
  const [result] = await loop;
  if (result.status === 'rejected') throw result.reason;
}

/** What the engine orders itself to do. */
export function ownCommand(
  { clock }: { readonly clock: Clock },
  act: OperatorCommand['act'],
  reason: string,
): OperatorCommand {
  return { act, reason, by: 'engine', at: clock.now() };
}
