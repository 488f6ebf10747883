import { describe, expect, it } from 'vitest';
import { codeOf, sourceFiles, type SourceFile } from '../support/source-files.ts';

const FILES = sourceFiles('src');
const DOMAIN = ['data', 'strategies', 'portfolio', 'risk', 'execution', 'reporting', 'monitoring'];

/** What each layer may import: folders of `src`, and packages. `DESIGN.md` section 1. */
const LAYERS: Readonly<
  Record<string, { folders: readonly string[]; packages: readonly string[] }>
> = {
  core: { folders: [], packages: [] },
  ports: { folders: ['core'], packages: [] },
  data: { folders: ['core', 'ports'], packages: [] },
  strategies: {
    folders: ['core', 'ports'],
    packages: ['zod', 'technicalindicators', 'fastest-levenshtein', 'node:module'],
  },
  portfolio: { folders: ['core', 'ports'], packages: [] },
  risk: { folders: ['core', 'ports'], packages: [] },
  execution: { folders: ['core', 'ports'], packages: [] },
  reporting: { folders: ['core', 'ports'], packages: [] },
  monitoring: { folders: ['core', 'ports'], packages: [] },
  config: {
    folders: ['core'],
    packages: ['zod', 'yaml', 'node:fs', 'node:path', 'fastest-levenshtein'],
  },
  adapters: { folders: ['core', 'ports'], packages: ['*'] },
  // What users import, and what their files are given for it: one file, not a folder.
  'quantsage.ts': {
    folders: ['core', 'ports', 'strategies', 'reporting', 'app'],
    packages: ['zod'],
  },
  app: {
    folders: ['core', 'ports', ...DOMAIN, 'config', 'adapters', 'quantsage.ts'],
    packages: ['*'],
  },
  cli: { folders: ['app', 'config', 'core'], packages: ['*'] },
};

/** Packages that only one folder may know. */
const VENDOR_HOMES: Readonly<Record<string, string>> = {
  'better-sqlite3': 'src/adapters/sqlite/',
  'csv-parse': 'src/adapters/csv/',
  ccxt: 'src/adapters/ccxt/',
  hyparquet: 'src/adapters/parquet/',
  'hyparquet-writer': 'src/adapters/parquet/',
  'apache-arrow': 'src/adapters/arrow/',
  lz4js: 'src/adapters/arrow/',
  jiti: 'src/adapters/modules/',
  pino: 'src/adapters/system/',
  dotenv: 'src/app/environment.ts',
  '@alpacahq/alpaca-trade-api': 'src/adapters/alpaca/',
  commander: 'src/cli/',
  'cli-table3': 'src/cli/',
  'cli-progress': 'src/cli/',
  technicalindicators: 'src/strategies/indicators/',
  picocolors: 'src/cli/',
  yaml: 'src/config/',
};

function breaches(found: (file: SourceFile) => readonly string[]): readonly string[] {
  return FILES.flatMap((file) => found(file).map((what) => `${file.path}: ${what}`));
}

describe('the architecture', () => {
  it('has only the folders of the design', () => {
    expect([...new Set(FILES.map((file) => file.layer))].sort()).toEqual(
      Object.keys(LAYERS)
        .filter((layer) => FILES.some((file) => file.layer === layer))
        .sort(),
    );
  });

  it('imports only to the left: core, ports, domain, adapters, app, cli', () => {
    const wrong = breaches((file) =>
      file.imports.flatMap(({ specifier, target }) => {
        const rule = LAYERS[file.layer];
        if (target === null) {
          const name = packageOf(specifier);
          const allowed = rule?.packages.includes('*') === true || rule?.packages.includes(name);
          return allowed === true ? [] : [`imports ${specifier}`];
        }
        const layer = target.split('/')[1] ?? '';
        const own =
          layer === file.layer && [vendorOf(file.path), 'http'].includes(vendorOf(target));
        return own || rule?.folders.includes(layer) === true ? [] : [`imports ${specifier}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps each vendor in one folder', () => {
    const wrong = breaches((file) =>
      file.imports
        .filter(({ specifier }) => {
          const home = VENDOR_HOMES[packageOf(specifier)];
          return home !== undefined && !file.path.startsWith(home);
        })
        .map(({ specifier }) => `imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has one publisher for every event type', () => {
    const claims = new Map<string, string[]>();
    for (const file of FILES) {
      for (const [, type] of codeOf(file).matchAll(/\.publisher\('([a-z.-]+)'\)/g)) {
        claims.set(type ?? '', [...(claims.get(type ?? '') ?? []), file.path]);
      }
    }
    const types = [
      ...(FILES.find((file) => file.path === 'src/core/events.ts')?.text ?? '').matchAll(
        /^ {2}'([a-z.-]+)':/gm,
      ),
    ].map(([, type]) => type ?? '');
    expect(types.length).toBeGreaterThan(10);
    expect([...claims.keys()].sort()).toEqual([...types].sort());
    expect([...claims].filter(([, files]) => files.length !== 1)).toEqual([]);
  });

  it('reads neither clock nor chance outside adapters, app and cli', () => {
    const ambient =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\brandomUUID\b|\bperformance\.now\b|\bhrtime\b|\bprocess\./;
    const wrong = breaches((file) => {
      if (['adapters', 'app', 'cli'].includes(file.layer)) return [];
      const match = ambient.exec(codeOf(file));
      return match === null ? [] : [`uses ${match[0]}`];
    });
    expect(wrong).toEqual([]);
  });

  it('reads the environment in one file', () => {
    const wrong = breaches((file) =>
      file.path !== 'src/app/environment.ts' && /\bprocess\.env\b/.test(codeOf(file))
        ? ['reads process.env']
        : [],
    );
    expect(wrong).toEqual([]);
  });

  it('knows modes in app, cli and config alone', () => {
    const wrong = breaches((file) =>
      !['app', 'cli', 'config'].includes(file.layer) &&
      /\bmode\s*[!=]==|[!=]==\s*'(?:backtest|paper|live)'/.test(codeOf(file))
        ? ['branches on the mode']
        : [],
    );
    expect(wrong).toEqual([]);
    const wiring = FILES.find((file) => file.path === 'src/app/wire-engine.ts');
    expect(wiring === undefined ? 'missing' : codeOf(wiring)).not.toMatch(/\bmode\b/);
  });
});

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier.split('/')[0] ?? '';
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

/** Vendors are as foreign to each other as layers are; the way to their servers is one for all. */
function vendorOf(file: string): string {
  const [, layer, vendor] = file.split('/');
  return layer === 'adapters' ? (vendor ?? '') : '';
}
