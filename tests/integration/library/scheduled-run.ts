import { DAY_MS } from '../../../src/core/time.ts';
import { defineStrategy, z, type BacktestOptions, type BarInput } from '../../../src/quantsage.ts';

export const MONDAY = Date.UTC(2024, 0, 1);

/** Buys `quantity` on the bar with index `on` and sells on the bar `off`. */
export const scheduled = defineStrategy({
  id: 'scheduled',
  params: z.object({ on: z.int().default(0), off: z.int().default(2) }),
  create({ params }) {
    let index = -1;
    return {
      onBar(_, { enter, exit }) {
        index += 1;
        if (index === params.on) return enter({ side: 'buy', reason: 'on' });
        return index === params.off ? exit({ reason: 'off' }) : null;
      },
    };
  },
});

/** Days that open where the day before closed, and close at the next of these prices. */
export function days(...closes: readonly number[]): readonly BarInput[] {
  return closes.map((close, index) => {
    const open = closes[index - 1] ?? close;
    return {
      openTime: MONDAY + index * DAY_MS,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volume: 1_000,
    };
  });
}

/** No costs, no limits, half of the money in one position. */
export const PLAIN = {
  portfolio: { initial_capital: 10_000 },
  risk_limits: { enabled: false },
  execution: { max_volume_share: null },
  position_sizing: { method: 'fixed_fraction', fraction: 0.5 },
  transaction_costs: {
    commission: { crypto: { maker: 0, taker: 0 }, venue_fees: 'ignore' },
    slippage: { model: 'fixed_bps', bps: 0 },
  },
} as const;

export const BASIC = {
  strategy: scheduled,
  bars: { 'BTC/USD': days(100, 100, 110, 120, 120) },
  timeframe: '1d',
  config: PLAIN,
} satisfies BacktestOptions;
