import { defineStrategy, z } from 'quantsage';
import type { Bar, Decision, Entry, Exit, OpenOrder, OrderWish, StrategyContext } from 'quantsage';

const kind = z.enum(['market', 'limit', 'stop', 'stop-limit', 'stop-trail']);
const price = z.number().gt(0);
const side = z.enum(['buy', 'sell']);
/** Close of the last bar that an order may fill in, UTC milliseconds. */
const end = z.int().nullable();

const trail = z.object({ by: z.enum(['amount', 'percent']), size: z.number().gt(0) });
const order = z.object({
  side,
  kind,
  quantity: z.number().gt(0),
  price: price.nullable(),
  limit: price.nullable(),
  trail: trail.nullable(),
  end,
  stopLoss: price.nullable(),
  takeProfit: price.nullable(),
});
const way = z.object({
  kind,
  distance: z.number().gt(0),
  slack: z.number(),
  by: z.enum(['amount', 'percent']),
  end,
});

const bar = z.int().min(0);
const step = z.discriminatedUnion('do', [
  z.object({ bar, do: z.literal('enter'), orders: z.array(order).min(1) }),
  z.object({ bar, do: z.literal('exit'), ways: z.array(way).min(1) }),
  z.object({ bar, do: z.literal('cancel') }),
  z.object({ bar, do: z.literal('shift'), factor: price }),
]);

type Order = z.infer<typeof order>;
type Way = z.infer<typeof way>;
type Priced = Pick<Order, 'kind' | 'price' | 'limit' | 'trail' | 'end'>;

function wish({ kind: type, price: at, limit, trail: follows, end: expiresAt }: Priced): OrderWish {
  const time = expiresAt === null ? {} : ({ timeInForce: 'gtd', expiresAt } as const);
  if (type === 'limit' && at !== null) return { type: 'limit', limitPrice: at, ...time };
  if (type === 'stop' && at !== null) return { type: 'stop', stopPrice: at, ...time };
  if (type === 'stop-limit' && at !== null && limit !== null) {
    return { type: 'stop_limit', stopPrice: at, limitPrice: limit, ...time };
  }
  if (type === 'stop-trail' && follows !== null) {
    const { by, size } = follows;
    const behind =
      by === 'amount'
        ? ({ kind: 'distance', distance: size } as const)
        : ({ kind: 'fraction', fraction: size } as const);
    return { type: 'trailing_stop', trail: behind, ...time };
  }
  return { type: 'market' };
}

const level = (at: number | null) => (at === null ? null : ({ kind: 'price', price: at } as const));

function entry(wanted: Order, group: string | null): Entry {
  return {
    side: wanted.side,
    quantity: wanted.quantity,
    order: wish(wanted),
    ...(group === null ? {} : { oneCancelsOther: group }),
    protection: { stopLoss: level(wanted.stopLoss), takeProfit: level(wanted.takeProfit) },
    reason: 'as written',
  };
}

/** `sign` is 1 for a long position, −1 for a short one. */
function exit(
  { kind: type, distance, slack, by, end: last }: Way,
  close: number,
  sign: 1 | -1,
): Exit {
  const stop = close * (1 - sign * distance);
  const ordered = wish({
    kind: type,
    price: type === 'limit' ? close * (1 + sign * distance) : stop,
    limit: stop * (1 - sign * slack),
    trail: { by, size: by === 'amount' ? close * distance : distance },
    end: last,
  });
  return { order: ordered, reason: 'as written' };
}

function shift(waiting: OpenOrder, factor: number, context: StrategyContext): Decision {
  const reason = 'as written';
  switch (waiting.type) {
    case 'limit':
      return context.replace(waiting, {
        limitPrice: waiting.limitPrice.toNumber() * factor,
        reason,
      });
    case 'stop':
      return context.replace(waiting, { stopPrice: waiting.stopPrice.toNumber() * factor, reason });
    case 'stop_limit':
      return context.replace(waiting, {
        stopPrice: waiting.stopPrice.toNumber() * factor,
        limitPrice: waiting.limitPrice.toNumber() * factor,
        reason,
      });
    case 'market':
    case 'trailing_stop':
      return null;
  }
}

function act(wanted: z.infer<typeof step>, { close }: Bar, context: StrategyContext): Decision[] {
  const { position, orders } = context;
  const takenBack = () => orders.map((each) => context.cancel(each, { reason: 'as written' }));
  switch (wanted.do) {
    case 'enter': {
      if (position !== null || orders.length > 0) return [];
      const group = wanted.orders.length > 1 ? `of bar ${wanted.bar}` : null;
      return wanted.orders.map((each) => context.enter(entry(each, group)));
    }
    case 'exit': {
      if (position === null) return [];
      const sign = position.side === 'long' ? 1 : -1;
      return [...takenBack(), ...wanted.ways.map((each) => context.exit(exit(each, close, sign)))];
    }
    case 'cancel':
      return takenBack();
    case 'shift':
      return orders.map((each) => shift(each, wanted.factor, context));
  }
}

/** Does on each bar what was written down for it beforehand, where it can be done. */
export default defineStrategy({
  id: 'share_orders',
  description: 'Follows a script of orders for fixed numbers of shares',
  params: z.object({ steps: z.array(step) }),
  create({ params }) {
    const steps = new Map(params.steps.map((each) => [each.bar, each]));
    let number = -1;
    return {
      onBar(candle, context) {
        const wanted = steps.get(++number);
        return wanted === undefined
          ? null
          : act(wanted, candle, context).flatMap((each) => each ?? []);
      },
    };
  },
});
