import { describe, expect, it } from 'vitest';
import { MIGRATIONS, schemaVersion } from '../../../src/adapters/sqlite/migrations.ts';
import { ADJUSTMENTS, ASSET_CLASSES } from '../../../src/core/instrument.ts';
import { LIQUIDITY } from '../../../src/core/fill.ts';
import { ORDER_ROLES, ORDER_STATES, SIDES } from '../../../src/core/order.ts';
import { POSITION_SIDES } from '../../../src/core/position.ts';
import { BREACH_POLICIES, RISK_LAYERS } from '../../../src/core/risk.ts';
import { IGNORE_REASONS, SIGNAL_INTENTS } from '../../../src/core/signal.ts';
import { TIMEFRAMES } from '../../../src/core/time.ts';
import { CALENDARS } from '../../../src/core/trading-calendar.ts';
import { REPAIR_METHODS } from '../../../src/ports/repair-store.ts';
import { VENUE_ORDER_STAGES } from '../../../src/ports/venue-ledger.ts';
import { RUN_STATUSES } from '../../../src/ports/run-store.ts';
import { connect } from './fixtures.ts';

/** The words a column's CHECK lists now, as IN or as a chain of OR; once for each table that has it. */
function listedFor(column: string): readonly string[] {
  const pattern = new RegExp(`CHECK \\(${column} (?:IN|=)[^;]*?\\)(?=[,\\s)])`, 'g');
  const statements = connect()
    .prepare<[], string>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name')
    .pluck()
    .all();
  return statements.flatMap((sql) =>
    [...sql.matchAll(pattern)].map(([check]) =>
      [...check.matchAll(/'([^']+)'/g)].map(([, word]) => word).join(' '),
    ),
  );
}

describe('the schema', () => {
  it('is reached by numbered steps, each recorded', () => {
    const database = connect();
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, at) => at + 1));
    expect(schemaVersion(database)).toBe(MIGRATIONS.length);
    expect(database.prepare('SELECT version, name FROM schema_migrations').all()).toEqual(
      MIGRATIONS.map(({ version, name }) => ({ version, name })),
    );
  });

  it('has every table of the design, all of them STRICT', () => {
    const tables = connect()
      .prepare<[], { name: string; strict: number }>(
        `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
         AND name NOT LIKE 'sqlite%' ORDER BY name`,
      )
      .all();
    expect(tables.map(({ name }) => name)).toEqual([
      'bar_blocks',
      'bar_revisions',
      'covered_spans',
      'data_issues',
      'database_owner',
      'engine_state',
      'equity',
      'events',
      'instruments',
      'market_data',
      'orders',
      'performance_metrics',
      'positions',
      'repair_batches',
      'repaired_bars',
      'risk_checks',
      'risk_events',
      'runs',
      'schema_migrations',
      'series',
      'sessions',
      'signals',
      'strategies',
      'trades',
      'venue_orders',
      'venue_trades',
    ]);
    expect(tables.every(({ strict }) => strict === 1)).toBe(true);
  });

  it.each([
    ['asset_class', ASSET_CLASSES],
    ['adjustment', ADJUSTMENTS],
    ['calendar', CALENDARS],
    ['method', REPAIR_METHODS],
    ['timeframe', TIMEFRAMES],
    ['role', ORDER_ROLES],
    ['liquidity', LIQUIDITY],
    ['layer', RISK_LAYERS],
    ['on_breach', BREACH_POLICIES],
    ['status', RUN_STATUSES],
    ['outcome', ['pending', 'ordered', 'done', ...IGNORE_REASONS]],
    ['intent', SIGNAL_INTENTS],
    ['stage', VENUE_ORDER_STAGES],
  ])('lists for %s the words that the engine knows', (column, words) => {
    const lists = listedFor(column);
    expect(lists.length).toBeGreaterThan(0);
    expect(new Set(lists)).toEqual(new Set([words.join(' ')]));
  });

  it('lists the words of orders and of positions apart where they share a name', () => {
    expect(listedFor('side')).toEqual([
      SIDES.join(' '),
      POSITION_SIDES.join(' '),
      SIDES.join(' '),
      SIDES.join(' '),
    ]);
    expect(listedFor('state')).toEqual([ORDER_STATES.join(' '), 'open closed']);
  });

  it('refuses a bar of a series that does not exist', () => {
    const insert = connect().prepare('INSERT INTO market_data VALUES (9, 0, 1, 1, 1, 1, 1, 0)');
    expect(() => insert.run()).toThrow(/FOREIGN KEY/);
  });
});
