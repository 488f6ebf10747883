import { defineStrategy, rule, z } from 'quantsage';

export default defineStrategy({
  id: 'counting_rule',
  params: z.object({}),
  create() {
    let asked = 0;
    const entry = rule('every_hundredth', () => ++asked % 100, '<=', 0);
    return {
      rules: { entry },
      onBar(bar, context) {
        if (context.position !== null) return context.exit({ reason: 'enough' });
        return entry.holds(bar) ? context.enter({ side: 'buy', reason: 'it is time' }) : null;
      },
    };
  },
});
