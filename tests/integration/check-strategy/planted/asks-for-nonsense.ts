import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'asks_for_nonsense',
  params: z.object({}),
  create: () => ({
    onBar: (bar, context) =>
      bar.openTime >= Date.UTC(2024, 11, 7)
        ? context.enter({ side: 'buy', reason: 'sure', confidence: Number.NaN })
        : null,
  }),
});
