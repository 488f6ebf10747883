import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'timer_in_create',
  params: z.object({}),
  create() {
    let ticks = 0;
    setInterval(() => ticks++, 1).unref();
    return {
      onBar: (_, context) =>
        context.position === null && ticks < 5
          ? context.enter({ side: 'buy', reason: 'early' })
          : null,
    };
  },
});
