import fs from 'node:fs';
import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'settings_file_on_every_bar',
  params: z.object({}),
  create: () => ({
    onBar(_, context) {
      const isOn = fs.readFileSync(import.meta.filename, 'utf8').length > 0;
      return isOn && context.position === null
        ? context.enter({ side: 'buy', reason: 'switched on' })
        : null;
    },
  }),
});
