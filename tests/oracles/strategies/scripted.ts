import { defineStrategy, z } from 'quantsage';
import type { Bar, Decision, StrategyContext } from 'quantsage';

const price = z.number().gt(0);

const step = z.discriminatedUnion('do', [
  z.object({
    bar: z.int().min(0),
    do: z.literal('enter'),
    side: z.enum(['buy', 'sell']),
    order: z.enum(['market', 'limit', 'stop']),
    price: price.nullable(),
    quantity: z.number().gt(0).nullable(),
    stopLoss: price.nullable(),
    takeProfit: price.nullable(),
  }),
  z.object({ bar: z.int().min(0), do: z.literal('close') }),
  z.object({ bar: z.int().min(0), do: z.literal('cancel') }),
  z.object({ bar: z.int().min(0), do: z.literal('move-stop'), distance: price }),
]);

type Entry = Extract<z.infer<typeof step>, { do: 'enter' }>;

function pricing({ order, price }: Entry) {
  if (order === 'limit' && price !== null) return { type: 'limit', limitPrice: price } as const;
  if (order === 'stop' && price !== null) return { type: 'stop', stopPrice: price } as const;
  return { type: 'market' } as const;
}

const level = (at: number | null) => (at === null ? null : ({ kind: 'price', price: at } as const));

function enter(wanted: Entry, context: StrategyContext) {
  return context.enter({
    side: wanted.side,
    order: pricing(wanted),
    ...(wanted.quantity === null ? {} : { quantity: wanted.quantity }),
    reason: 'as written',
    protection: { stopLoss: level(wanted.stopLoss), takeProfit: level(wanted.takeProfit) },
  });
}

function isFree(
  { side }: Entry,
  { position, orders }: StrategyContext,
  reverses: boolean,
): boolean {
  if (orders.some(({ role }) => role === 'entry')) return false;
  return position === null || (reverses && position.side !== (side === 'buy' ? 'long' : 'short'));
}

function act(
  wanted: z.infer<typeof step>,
  { close }: Bar,
  context: StrategyContext,
  reverses: boolean,
): Decision {
  const entries = context.orders.filter(({ role }) => role === 'entry');
  const held = context.position?.side ?? null;
  switch (wanted.do) {
    case 'close':
      return held === null ? null : context.exit({ reason: 'as written' });
    case 'cancel':
      return entries.map((order) => context.cancel(order, { reason: 'as written' }));
    case 'move-stop':
      if (held === null) return null;
      return context.protect({
        stopLoss: level(close * (1 + (held === 'long' ? -1 : 1) * wanted.distance)),
        reason: 'as written',
      });
    case 'enter':
      return isFree(wanted, context, reverses) ? enter(wanted, context) : null;
  }
}

/** Does on each bar what was written down for it beforehand, where it can be done. */
export default defineStrategy({
  id: 'scripted',
  params: z.object({
    steps: z.array(step),
    reverses: z.boolean().default(true).describe('Whether an entry turns the position round'),
  }),
  create({ params }) {
    const steps = new Map(params.steps.map((each) => [each.bar, each]));
    let bar = -1;
    return {
      onBar(candle, context) {
        const wanted = steps.get(++bar);
        return wanted === undefined ? null : act(wanted, candle, context, params.reverses);
      },
    };
  },
});
