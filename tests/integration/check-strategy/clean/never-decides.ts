import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'never_decides',
  params: z.object({}),
  create: () => ({ onBar: () => null }),
});
