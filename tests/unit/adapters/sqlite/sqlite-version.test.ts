import { describe, expect, it } from 'vitest';
import BetterSqlite3 from 'better-sqlite3';
import { isSound, requireSoundSqlite } from '../../../../src/adapters/sqlite/sqlite-version.ts';

describe('a version of SQLite', () => {
  it.each(['3.51.3', '3.51.10', '3.52.0', '3.53.2', '4.0.0'])('%s is sound', (version) => {
    expect(isSound(version)).toBe(true);
  });

  it.each(['3.51.2', '3.49.2', '3.9.99', '2.99.99', '3.51', '', 'unknown'])(
    '"%s" is refused',
    (version) => {
      expect(isSound(version)).toBe(false);
    },
  );

  it('comes sound with the driver', () => {
    const database = new BetterSqlite3(':memory:');
    expect(() => requireSoundSqlite(database)).not.toThrow();
    database.close();
  });

  it('is named where it is refused', () => {
    const database = new BetterSqlite3(':memory:');
    database.function('sqlite_version', () => '3.49.2');
    expect(() => requireSoundSqlite(database)).toThrow(
      /SQLite 3\.51\.3 or newer was expected, was "3\.49\.2"/,
    );
    database.close();
  });
});
