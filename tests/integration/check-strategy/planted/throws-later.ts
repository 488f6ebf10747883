import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'throws_later',
  params: z.object({}),
  create: () => ({
    onBar(bar) {
      if (bar.openTime >= Date.UTC(2024, 11, 7)) throw new RangeError('no more');
      return null;
    },
  }),
});
