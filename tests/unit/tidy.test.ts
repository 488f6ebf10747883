import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bareCodeOf, codeOf, sourceFiles, type SourceFile } from '../support/source-files.ts';

const FILES = sourceFiles('src');
const TESTS = sourceFiles('tests');

/** Where a type assertion may stand: brands, and places where the type system cannot follow. */
const ASSERTION_HOMES = new Map([
  ['src/core/ids.ts', 'brands'],
  ['src/core/event-bus.ts', 'a map whose value type follows its key'],
  ['src/risk/approve-order.ts', 'the brand of approval'],
  ['src/adapters/sqlite/bar-pages.ts', 'a buffer of the driver is no shared one'],
  ['src/adapters/sqlite/journal-codec.ts', 'what this program wrote of values of these types'],
  ['src/app/replay/stored-state.ts', 'what this program stored of values of these types'],
  ['src/app/replay/session-terms.ts', 'a plan that this program wrote from parts of that type'],
  ['src/app/find-run.ts', 'a report that this program wrote from a value of that type'],
]);

/** The only files nothing in `src` imports: what is run, and what users import. */
const ENTRIES = new Set([
  'src/cli/main.ts',
  'src/quantsage.ts',
  'src/app/check-strategy/trial-process.ts',
]);

function breaches(files: readonly SourceFile[], found: (file: SourceFile) => string | null) {
  return files.flatMap((file) => {
    const what = found(file);
    return what === null ? [] : [`${file.path}: ${what}`];
  });
}

describe('the source', () => {
  it('asserts types only where it says why', () => {
    const wrong = breaches(FILES, (file) => {
      if (ASSERTION_HOMES.has(file.path)) return null;
      const code = bareCodeOf(file)
        .replaceAll(/^(?:import|export) [^;]*? from '';/gm, '')
        .replaceAll(/\[\w+ in [^\]]*\]/g, '');
      const match = /\bas (?!const\b)[\w{[(][^\n]*/.exec(code);
      return match === null ? null : match[0];
    });
    expect(wrong).toEqual([]);
  });

  it('suppresses no check', () => {
    const suppression =
      /@ts-(?:ignore|expect-error|nocheck)|(?:eslint|oxlint)-disable|prettier-ignore/;
    expect(breaches(FILES, ({ text }) => suppression.exec(text)?.[0] ?? null)).toEqual([]);
  });

  it('has no unfinished business', () => {
    expect(
      breaches(FILES, ({ text }) => /\b(?:TODO|FIXME|XXX|HACK)\b/.exec(text)?.[0] ?? null),
    ).toEqual([]);
  });

  it('has no drawer for leftovers', () => {
    const names = /(?:^|\/)(?:utils?|helpers?|common|misc|types|index|manager)\.ts$/;
    expect(breaches(FILES, (file) => (names.test(file.path) ? 'name says nothing' : null))).toEqual(
      [],
    );
  });

  it('has no file that nothing imports', () => {
    const imported = new Set(FILES.flatMap((file) => file.imports.map((each) => each.target)));
    const dead = FILES.filter((file) => !imported.has(file.path) && !ENTRIES.has(file.path));
    expect(dead.map((file) => file.path)).toEqual([]);
  });

  it('has no exported value that nobody uses', () => {
    const uses = new Map<string, number>();
    for (const file of [...FILES, ...TESTS]) {
      for (const word of new Set(file.text.match(/\w+/g)))
        uses.set(word, (uses.get(word) ?? 0) + 1);
    }
    const exported = /^export (?:const|function\*?|class|async function\*?) (\w+)/gm;
    const unused = FILES.flatMap((file) =>
      [...codeOf(file).matchAll(exported)]
        .map(([, name]) => name ?? '')
        .filter((name) => uses.get(name) === 1)
        .map((name) => `${file.path}: ${name}`),
    );
    expect(unused).toEqual([]);
  });
});

describe('the tests', () => {
  it('have titles that are facts', () => {
    const title = /\b(?:it|test)(?:\.\w+)*\(\s*['"`][^'"`]*\b(?:should|works?)\b/;
    expect(breaches(TESTS, (file) => title.exec(codeOf(file))?.[0] ?? null)).toEqual([]);
  });

  it('neither sleep nor mock modules', () => {
    const wrong = /vi\.(?:mock|useFakeTimers)\(|setTimeout\(\s*(?:resolve|r)\b/;
    expect(breaches(TESTS, (file) => wrong.exec(codeOf(file))?.[0] ?? null)).toEqual([]);
  });
});

describe('.env.example', () => {
  it('lists every variable the program reads', () => {
    const file = 'src/app/environment.ts';
    expect(existsSync(file)).toBe(true);
    const read = [
      ...readFileSync(file, 'utf8').matchAll(/'((?:QUANTSAGE_|NO_|APCA_)[A-Z_]+)'/g),
    ].map(([, name]) => name ?? '');
    const listed = readFileSync('.env.example', 'utf8');
    expect(read.filter((name) => !listed.includes(name))).toEqual([]);
  });
});
