import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'counts_bars',
  params: z.object({}),
  create() {
    let bars = 0;
    return {
      onBar(_, context) {
        bars++;
        if (context.position !== null) return context.exit({ reason: 'one bar is enough' });
        return bars % 48 === 0 ? context.enter({ side: 'buy', reason: 'it is time' }) : null;
      },
    };
  },
});
