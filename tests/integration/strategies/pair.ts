import { allOf, defineStrategy, rule, z } from 'quantsage';

/** Buys what has fallen behind a leader that rises; the leader is looked at and not traded. */
export default defineStrategy({
  id: 'pair',
  description: 'Buys what lags behind a rising leader.',
  params: z.object({
    leader: z.string().default('BTC/USD'),
    period: z.int().min(2).default(30),
    lag: z.number().default(0.01),
  }),
  informative: ({ leader }) => [leader],
  create({ params, indicators, informative }) {
    const own = indicators.sma({ period: params.period });
    const leader = informative.of(params.leader, { history: 2 });
    const leading = leader.indicators.sma({ period: params.period });
    const lead = () => leader.bar.close / leading.value - 1;
    const entry = allOf([
      rule('leader_rises', lead, '>', 0),
      rule('lags_behind', (bar) => lead() - (bar.close / own.value - 1), '>', params.lag),
    ]);
    const exit = rule('caught_up', (bar) => lead() - (bar.close / own.value - 1), '<', 0);
    return {
      rules: { entry, exit },
      onBar(bar, context) {
        if (leader.bar.closeTime !== bar.closeTime) return null;
        if (leader.history(2).at(-1) !== leader.bar) throw new Error('the last bar comes last');
        if (context.position !== null) {
          return exit.holds(bar) ? context.exit({ reason: 'caught up', rules: exit }) : null;
        }
        return entry.holds(bar)
          ? context.enter({ side: 'buy', reason: 'lags behind', rules: entry })
          : null;
      },
    };
  },
});
