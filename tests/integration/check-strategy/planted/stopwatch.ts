import { performance } from 'node:perf_hooks';
import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'stopwatch',
  params: z.object({}),
  create: () => {
    const since = performance.now();
    return {
      onBar: (_, context) =>
        since > 0 && context.position === null
          ? context.enter({ side: 'buy', reason: 'as ever' })
          : null,
    };
  },
});
