import { defineStrategy, z } from 'quantsage';
import type { Bar } from 'quantsage';

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a bar after another: with the way from that one's close. */
function trueRange({ high, low }: Bar, before: Bar): number {
  return Math.max(high, before.close) - Math.min(low, before.close);
}

/**
 * Enters at given bars when flat; after every bar it moves the stop-loss of what it holds to so many
 * mean true ranges from the close, and never back.
 */
export default defineStrategy({
  id: 'atr_trailing',
  description: 'Trails a stop-loss by the mean true range',
  params: z.object({
    entries: z.array(
      z.object({
        openTime: z.int().describe('Of the bar on whose close it is decided, UTC milliseconds'),
        side: z.enum(['buy', 'sell']),
        quantity: z.number().gt(0),
      }),
    ),
    period: z.int().min(1).default(14),
    multiple: z.number().gt(0).default(3),
  }),
  create({ params }) {
    const entries = new Map(params.entries.map((each) => [each.openTime, each]));
    return {
      history: params.period + 1,
      onBar(bar, { enter, history, orders, position, protect }) {
        const entry = entries.get(bar.openTime);
        if (position === null) {
          if (entry === undefined || orders.length > 0) return null;
          return enter({ side: entry.side, quantity: entry.quantity, reason: 'its time' });
        }
        const bars = history(params.period + 1);
        const ranges = bars.slice(1).map((each, index) => trueRange(each, bars[index] ?? each));
        const distance = params.multiple * mean(ranges);
        const stop = orders.find(({ role }) => role === 'stop-loss');
        const current = stop?.type === 'stop' ? stop.stopPrice.toNumber() : null;
        const price =
          position.side === 'long'
            ? Math.max(current ?? -Infinity, bar.close - distance)
            : Math.min(current ?? Infinity, bar.close + distance);
        return protect({ stopLoss: { kind: 'price', price }, reason: 'the stop follows' });
      },
    };
  },
});
