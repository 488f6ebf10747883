import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'leaves',
  params: z.object({}),
  create: () => ({
    onBar: () => process.exit(7),
  }),
});
