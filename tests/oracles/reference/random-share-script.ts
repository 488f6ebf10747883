import type { DatedCandle } from './candles.ts';
import { pick, type Random } from './random-script.ts';
import type { ScriptedOrder, ShareScript, ShareStep, Way } from './share-script.ts';

const ENTRIES = [
  ['market'],
  ['limit'],
  ['stop'],
  ['stop-limit'],
  ['stop-trail'],
  ['stop', 'limit'],
  ['stop', 'stop'],
  ['stop-limit', 'limit'],
] as const;

const WAYS_OUT = [
  ['market'],
  ['limit'],
  ['stop'],
  ['stop-limit'],
  ['stop-trail'],
  ['stop', 'limit'],
  ['stop-trail', 'limit'],
  ['stop-limit', 'limit'],
] as const;

/** Bars, and the money of which every entry takes a part. */
interface Basis {
  readonly candles: readonly DatedCandle[];
  readonly cash: number;
}

/** Entries of all kinds, alone and excluding one another, brackets, ways out, moved prices. */
export function randomShareScript(random: Random, { candles, cash }: Basis): ShareScript {
  const script = new Map<number, ShareStep>();
  const density = pick(random, [0.1, 0.25, 0.5]);
  for (const [bar, { close }] of candles.entries()) {
    if (random() < density) script.set(bar, randomStep(random, { bar, close, cash }));
  }
  return script;
}

interface Moment {
  readonly bar: number;
  readonly close: number;
  readonly cash: number;
}

function randomStep(random: Random, moment: Moment): ShareStep {
  const what = random();
  if (what < 0.08) return { do: 'cancel' };
  if (what < 0.16) return { do: 'shift', factor: 0.99 + random() * 0.02 };
  if (what < 0.4) {
    return { do: 'exit', ways: pick(random, WAYS_OUT).map((kind) => wayOut(random, kind, moment)) };
  }
  return { do: 'enter', orders: entries(random, moment) };
}

function lastBar(random: Random, bar: number): number | null {
  return random() < 0.3 ? bar + 1 + Math.floor(random() * 6) : null;
}

/** A limit of a stop-limit lies mostly beyond its stop, sometimes before it. */
const slack = (random: Random) => -0.005 + random() * 0.02;

function wayOut(random: Random, kind: Way['kind'], { bar }: Moment): Way {
  return {
    kind,
    distance: 0.004 + random() * 0.03,
    slack: slack(random),
    by: pick(random, ['amount', 'percent'] as const),
    lastBar: kind === 'market' ? null : lastBar(random, bar),
  };
}

/** Of two stops one is on either side of the market: the range is left upwards or downwards. */
function entries(random: Random, moment: Moment): readonly ScriptedOrder[] {
  const kinds = pick(random, ENTRIES);
  const side = pick(random, ['buy', 'sell'] as const);
  const other = side === 'buy' ? 'sell' : 'buy';
  return kinds.map((kind, index) =>
    entry(random, { kind, side: kinds[1] === 'stop' && index === 1 ? other : side }, moment),
  );
}

function entry(
  random: Random,
  { kind, side }: Pick<ScriptedOrder, 'kind' | 'side'>,
  { bar, close, cash }: Moment,
): ScriptedOrder {
  const up = side === 'buy' ? 1 : -1;
  const distance = 0.004 + random() * 0.03;
  const at = close * (1 + (kind === 'limit' ? -up : up) * distance);
  const isPriced = kind !== 'market' && kind !== 'stop-trail';
  const from = isPriced ? at : close;
  const by = pick(random, ['amount', 'percent'] as const);
  const size = by === 'amount' ? close * distance : distance;
  return {
    side,
    quantity: Math.max(1, Math.floor((cash * (0.05 + random() * 0.25)) / close)),
    kind,
    price: isPriced ? at : null,
    limit: kind === 'stop-limit' ? at * (1 + up * slack(random)) : null,
    trail: kind === 'stop-trail' ? { by, size } : null,
    lastBar: kind === 'market' ? null : lastBar(random, bar),
    stopLoss: sometimes(random, from * (1 - up * (0.02 + random() * 0.06))),
    takeProfit: sometimes(random, from * (1 + up * (0.02 + random() * 0.1))),
  };
}

const sometimes = (random: Random, price: number) => (random() < 0.5 ? price : null);
