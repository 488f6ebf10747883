import BetterSqlite3 from 'better-sqlite3';

/** The driver as a module of its own, which tells of every database that is opened through it. */
export function watchedDriver(onOpen: (file: string) => void): unknown {
  const told = ([file]: readonly unknown[]) => {
    if (typeof file === 'string') onOpen(file);
  };
  const driver: typeof BetterSqlite3 = new Proxy(BetterSqlite3, {
    get: (target, key): unknown => (key === 'default' ? driver : Reflect.get(target, key)),
    construct: (target, args, newTarget) => {
      told(args);
      const made: unknown = Reflect.construct(target, args, newTarget);
      return typeof made === 'object' && made !== null ? made : {};
    },
    apply: (target, self, args): unknown => {
      told(args);
      return Reflect.apply(target, self, args);
    },
  });
  return driver;
}
