import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defineStrategy, z } from 'quantsage';

const file = path.join(import.meta.dirname, 'settings-beside-it.json');
const { oversold } = z
  .object({ oversold: z.number() })
  .parse(JSON.parse(readFileSync(file, 'utf8')));
const loadedAt = Date.now();

export default defineStrategy({
  id: 'settings_beside_it',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 10 });
    return {
      onBar(_, context) {
        if (context.position !== null) {
          return rsi.value > 50 ? context.exit({ reason: 'recovered' }) : null;
        }
        return rsi.value < oversold && loadedAt > 0
          ? context.enter({ side: 'buy', reason: 'oversold' })
          : null;
      },
    };
  },
});
