import type { Logger } from '../../ports/logger.ts';
import type { Timer } from '../../ports/timer.ts';
import type { Engine } from '../wire-engine.ts';
import type { ExitPolicy } from './orderly-end.ts';
import type { TradingVenue } from './trading-venue.ts';

interface Leaving {
  readonly policy: ExitPolicy;
  readonly engine: Pick<Engine, 'portfolio'>;
  readonly venue: TradingVenue;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** So long a stopped engine tries to call its entries back. */
const WITHIN_MS = 10_000;

/** An engine that hears nothing more calls its entries back, and says what it leaves behind. */
export async function leaveBehind({
  policy,
  engine,
  venue,
  timer,
  logger,
}: Leaving): Promise<void> {
  const [late, done] = [new AbortController(), new AbortController()];
  void timer.wait(WITHIN_MS, done.signal).then(() => late.abort());
  const orders = await venue.abandon(policy === 'keep', late.signal);
  done.abort();
  const positions = engine.portfolio.openPositions().map(({ quantity, symbol, side }) => {
    return `a ${side} position of ${quantity.toString()} ${symbol}`;
  });
  for (const what of [...orders, ...positions]) {
    logger.error({ what }, 'the engine has stopped, and leaves behind');
  }
}
