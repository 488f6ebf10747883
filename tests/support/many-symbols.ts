import * as z from 'zod';
import type { Signal } from '../../src/core/signal.ts';
import { defineStrategy } from '../../src/strategies/define-strategy.ts';
import { allOf, rule } from '../../src/strategies/rule.ts';

/** Holds the symbol that has risen most since some bars ago, ranked anew on every bar. */
export const ranking = defineStrategy({
  id: 'ranking',
  params: z.strictObject({ period: z.int().default(24) }),
  createForAll({ params, symbols, of }) {
    const rises = new Map(
      symbols.map((symbol) => [symbol, of(symbol).indicators.zScore({ period: params.period })]),
    );
    const score = (symbol: string) => rises.get(symbol)?.value ?? Number.NaN;
    return {
      onBars(bars, contexts) {
        const ranked = [...bars.keys()].toSorted((one, other) => score(other) - score(one));
        return ranked.flatMap((symbol, rank): Signal[] => {
          const { position, enter, exit } = contexts.of(symbol);
          const isBest = rank === 0 && score(symbol) > 0.5;
          if (isBest === (position !== null)) return [];
          if (!isBest) return [exit({ reason: 'overtaken' })];
          const protection = { stopLoss: { kind: 'fraction', fraction: 0.02 } } as const;
          return [enter({ side: 'buy', reason: `${score(symbol)}`, protection })];
        });
      },
    };
  },
});

/** Buys dips while a leader that it does not trade is above its mean. */
export const follower = defineStrategy({
  id: 'follower',
  params: z.strictObject({ leader: z.string().default('BTC/USD'), period: z.int().default(20) }),
  informative: ({ leader }) => [leader],
  create({ params, indicators, informative }) {
    const dip = indicators.zScore({ period: params.period });
    const leader = informative.of(params.leader, { history: 2 });
    const mean = leader.indicators.ema({ period: params.period });
    const leading = () => leader.bar?.close ?? Number.NaN;
    const before = () => leader.history(2)[0]?.close ?? Number.NaN;
    const rules = {
      entry: allOf([
        rule('leader_up', leading, '>', () => mean.value),
        rule('leader_rising', leading, '>', before),
        rule('dip', () => dip.value, '<', 0),
      ]),
      exit: rule('leader_down', leading, '<', () => mean.value),
    };
    return {
      rules,
      onBar(bar, context) {
        if (context.position !== null) {
          return rules.exit.holds(bar)
            ? context.exit({ reason: 'leader turned', rules: rules.exit })
            : null;
        }
        return rules.entry.holds(bar)
          ? context.enter({ side: 'buy', reason: 'dip behind a leader', rules: rules.entry })
          : null;
      },
    };
  },
});
