import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'local_language',
  params: z.object({}),
  create: () => ({
    onBar(bar, context) {
      if (context.position !== null) return context.exit({ reason: 'enough' });
      // Groups of digits are apart by a comma here, by something else there.
      const isRound = bar.close.toLocaleString().replaceAll(',', '').endsWith('5');
      return isRound ? context.enter({ side: 'buy', reason: 'a round price' }) : null;
    },
  }),
});
