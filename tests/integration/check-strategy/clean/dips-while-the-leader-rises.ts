import { allOf, defineStrategy, rule, z } from 'quantsage';

export default defineStrategy({
  id: 'dips_while_the_leader_rises',
  params: z.object({ leader: z.string().default('BTC/USD') }),
  informative: ({ leader }) => [leader],
  create({ params, indicators, informative }) {
    const leader = informative.of(params.leader, { history: 3 });
    const trend = leader.indicators.ema({ period: 50 });
    const rsi = indicators.rsi({ period: 14 });
    const entry = allOf([
      rule(
        'leader_rises',
        () => leader.bar?.close ?? Number.NaN,
        '>',
        () => trend.value,
      ),
      rule(
        'leader_rose',
        () => leader.history(3)[0]?.close ?? Number.NaN,
        '>',
        () => trend.value,
      ),
      rule('rsi', () => rsi.value, '<', 45),
    ]);
    const exit = rule('rsi', () => rsi.value, '>', 60);
    return {
      rules: { entry, exit },
      onBar(bar, context) {
        if (context.position !== null) {
          return exit.holds(bar) ? context.exit({ reason: 'recovered', rules: exit }) : null;
        }
        return entry.holds(bar)
          ? context.enter({ side: 'buy', reason: 'dip', rules: entry })
          : null;
      },
    };
  },
});
