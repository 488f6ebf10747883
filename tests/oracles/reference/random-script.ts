import type { Candle, Script, Step, Terms } from './script.ts';

/** Uniform in [0, 1). */
export type Random = () => number;

export const pick = <T>(random: Random, list: readonly T[]): T => {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new Error('a list with something in it was expected');
  return chosen;
};

const cents = (price: number) => Math.round(price * 100) / 100;

/** Costs, margin and sizing drawn at random, in digits that people write. */
export function randomTerms(random: Random): Terms {
  const sizedAt = pick(random, ['fill', 'fill', 'fill', 'decision', 'percent'] as const);
  const atFill = sizedAt === 'fill';
  const opposite = atFill ? pick(random, ['reverse', 'ignore'] as const) : 'ignore';
  // Where an entry follows an exit, the engine takes the buffer of the equity before that exit.
  const hasBuffer = sizedAt !== 'percent' && opposite === 'ignore';
  return {
    cash: pick(random, [10_000, 50_000, 1_000_000]),
    fixedFee: atFill ? pick(random, [0, 0, 1, 5]) : 0,
    feeRate: pick(random, [0, 0.0005, 0.001, 0.002]),
    spread: atFill ? pick(random, [0, 0, 0.0002, 0.001]) : 0,
    margin: pick(random, [1, 1, 0.5, 0.25]),
    fraction: atFill ? pick(random, [0.999, 0.5, 0.25]) : pick(random, [0.95, 0.5]),
    sizedAt,
    cashBuffer: hasBuffer ? pick(random, [0, 0, 0.05]) : 0,
    fillAt: pick(random, ['next_open', 'next_open', 'close']),
    opposite,
  };
}

/** A script over candles: entries of all kinds with and without a bracket, exits, moved stops. */
export function randomScript(random: Random, candles: readonly Candle[], terms: Terms): Script {
  const script = new Map<number, Step>();
  const density = pick(random, [0.02, 0.1, 0.3]);
  // The last two bars stay empty: an entry there would be closed by nothing but the end.
  for (let index = 0; index < candles.length - 2; index++) {
    const candle = candles[index];
    if (candle === undefined || random() >= density) continue;
    script.set(index, randomStep(random, candle, terms));
  }
  return script;
}

function randomStep(random: Random, { close }: Candle, terms: Terms): Step {
  const what = random();
  if (what < 0.15) return { do: 'close' };
  if (what < 0.22) return { do: 'cancel' };
  if (what < 0.3) return { do: 'move-stop', distance: 0.005 + random() * 0.06 };
  return randomEntry(random, close, terms);
}

/**
 * Left out are limit entries that pay a spread (they would fill beyond their limit) and stop entries
 * of accounts that trade at the close (they would fill at their price where the bar opens beyond).
 */
function randomEntry(random: Random, close: number, terms: Terms): Step {
  const { spread, fillAt } = terms;
  const side = pick(random, ['buy', 'sell'] as const);
  const up = side === 'buy' ? 1 : -1;
  const drawn = pick(random, ['market', 'market', 'limit', 'stop'] as const);
  const isLeftOut = drawn === 'limit' ? spread > 0 : drawn === 'stop' && fillAt === 'close';
  const order = isLeftOut ? 'market' : drawn;
  const distance = 0.005 + random() * 0.03;
  const price =
    order === 'market' ? null : cents(close * (1 + (order === 'limit' ? -up : up) * distance));
  const from = price ?? close;
  const hasStop = random() < 0.5;
  // A stop entry beyond its target in the same bar is the one case that the other program treats
  // as certain: left out, it has a rule of its own.
  const hasTarget = order !== 'stop' && random() < 0.5;
  return {
    do: 'enter',
    side,
    order,
    price,
    quantity: random() < 0.5 ? randomQuantity(random, close, terms) : null,
    stopLoss: hasStop ? cents(from * (1 - up * (0.02 + random() * 0.08))) : null,
    takeProfit: hasTarget ? cents(from * (1 + up * (0.02 + random() * 0.15))) : null,
  };
}

/** Mostly well within the account's means, sometimes about as much as they are. */
function randomQuantity(random: Random, close: number, { cash, margin }: Terms): number {
  const most = random() < 0.2 ? 1.1 / margin : 0.4;
  return Math.max(1, Math.floor((cash * (0.05 + random() * most)) / close));
}
