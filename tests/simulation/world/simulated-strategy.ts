import * as z from 'zod';
import type { Bar } from '../../../src/core/bar.ts';
import type { ProtectiveLevel, StopLevel } from '../../../src/core/protection.ts';
import type { Signal } from '../../../src/core/signal.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import type { OrderWish, StrategyContext } from '../../../src/strategies/strategy.ts';
import { SeededChance } from '../../support/exchange-sim/seeded-chance.ts';

/**
 * Wishes at random, by seed, symbol and time alone: what it decides on a bar does not depend on which
 * process asks.
 */
export const SIMULATED_STRATEGY = defineStrategy({
  id: 'simulated',
  params: z.object({ seed: z.number(), until: z.number(), activity: z.number() }),
  create: ({ params: { seed, until, activity } }) => ({
    onBar: (bar, context) => {
      if (bar.closeTime > until) return null;
      const chance = new SeededChance(mixed(seed, bar));
      if (!chance.hits(activity)) return null;
      return wishesOf(chance, bar, context);
    },
  }),
});

function mixed(seed: number, { symbol, openTime }: Bar): number {
  let hash = Math.imul(seed, 0x9e3779b1) ^ (openTime / 60_000);
  for (const letter of symbol) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return hash;
}

function wishesOf(chance: SeededChance, bar: Bar, context: StrategyContext): readonly Signal[] {
  const order = context.orders.at(-1);
  if (order !== undefined && chance.hits(0.4)) {
    if (chance.hits(0.5)) return [context.cancel(order, { reason: 'wished' })];
    const away = order.side === 'buy' ? 1 : -1;
    const limitPrice = bar.close * (1 - away * fraction(chance, 1, 40));
    const stopPrice = bar.close * (1 + away * fraction(chance, 1, 60));
    return [context.replace(order, { reason: 'wished', limitPrice, stopPrice })];
  }
  if (context.position === null) return [entry(chance, bar, context)];
  const { quantity } = context.position;
  const part = chance.hits(0.3) ? { quantity: quantity.toNumber() / 2 } : {};
  switch (chance.between(0, 4)) {
    case 0:
      return [context.exit({ reason: 'wished', ...part })];
    case 1:
      return [context.exit({ reason: 'wished', ...part, order: wish(chance, bar, 'sell') })];
    case 2:
      return [
        context.protect({ reason: 'wished', stopLoss: stop(chance), takeProfit: target(chance) }),
      ];
    case 3:
      return [context.exit({ reason: 'turned' }), entry(chance, bar, context)];
    default:
      return [entry(chance, bar, context)];
  }
}

function entry(chance: SeededChance, bar: Bar, context: StrategyContext): Signal {
  return context.enter({
    side: 'buy',
    reason: 'wished',
    order: wish(chance, bar, 'buy'),
    ...(chance.hits(0.2) ? { oneCancelsOther: 'one' } : {}),
    protection: { stopLoss: stop(chance), takeProfit: target(chance) },
  });
}

function wish(chance: SeededChance, bar: Bar, side: 'buy' | 'sell'): OrderWish {
  const away = side === 'buy' ? 1 : -1;
  const limitPrice = bar.close * (1 - away * fraction(chance, -5, 40));
  const stopPrice = bar.close * (1 + away * fraction(chance, 1, 40));
  const kind = chance.between(0, 6);
  if (kind <= 2) return { type: 'market' };
  if (kind <= 4) {
    return { type: 'limit', limitPrice, timeInForce: chance.pick(['gtc', 'ioc', 'fok', 'day']) };
  }
  if (kind === 5) return { type: 'stop', stopPrice };
  return { type: 'stop_limit', stopPrice, limitPrice: stopPrice * (1 + away * 0.002) };
}

/** Ten thousandths. */
function fraction(chance: SeededChance, least: number, most: number): number {
  return chance.between(least, most) / 10_000;
}

function stop(chance: SeededChance): StopLevel | null {
  const size = fraction(chance, 20, 150);
  switch (chance.between(0, 3)) {
    case 0:
      return null;
    case 1:
      return { kind: 'trailing_fraction', fraction: size };
    default:
      return { kind: 'fraction', fraction: size };
  }
}

function target(chance: SeededChance): ProtectiveLevel | null {
  if (chance.hits(0.4)) return null;
  return { kind: 'fraction', fraction: fraction(chance, 20, 150) };
}
