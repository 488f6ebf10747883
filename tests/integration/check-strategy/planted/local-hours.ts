import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'local_hours',
  params: z.object({}),
  create: () => ({
    onBar(bar, context) {
      const hour = new Date(bar.openTime).getHours();
      if (context.position !== null) {
        return hour === 20 ? context.exit({ reason: 'evening' }) : null;
      }
      return hour === 8 ? context.enter({ side: 'buy', reason: 'morning' }) : null;
    },
  }),
});
