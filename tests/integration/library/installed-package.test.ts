import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writtenOut } from '../../support/readme.ts';

const COMPILER = path.join(
  path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
);

/** What a user writes who has installed the package. */
const PROGRAM = `
import {
  ConfigError,
  defineStrategy,
  runBacktest,
  z,
  type Backtest,
  type BarInput,
  type ConfigInput,
  type Trade,
} from 'quantsage';

const strategy = defineStrategy({
  id: 'mine',
  params: z.object({ period: z.int().default(3) }),
  create({ params, indicators }) {
    const mean = indicators.sma({ period: params.period });
    return {
      onBar(bar, { position, enter, exit }) {
        if (position === null) return bar.close > mean.value ? enter({ side: 'buy', reason: 'up' }) : null;
        return bar.close < mean.value ? exit({ reason: 'down' }) : null;
      },
    };
  },
});

const bars: BarInput[] = Array.from({ length: 60 }, (_, day) => {
  const close = 100 + 10 * Math.sin(day / 4);
  return { openTime: Date.UTC(2024, 0, 1 + day), open: close, high: close + 1, low: close - 1, close, volume: 1e6 };
});
const config: ConfigInput = {
  portfolio: { initial_capital: 5_000 },
  risk_limits: { enabled: false },
  position_sizing: { method: 'fixed_fraction', fraction: 0.9 },
};
// @ts-expect-error a key that no configuration has
const wrong: ConfigInput = { portfolio: { capital: 1 } };

const result: Backtest = await runBacktest({ strategy: { definition: strategy, params: { period: 4 } }, bars: { GOOG: bars }, timeframe: '1d', config });
const first: Trade | undefined = result.trades[0];
const net: number = first?.netPnl ?? 0;
const digits: string | undefined = first?.exact.netPnl;
const isConfigError = await runBacktest({ strategy, bars: { GOOG: bars }, timeframe: '1d', config: wrong }).catch(
  (error: unknown) => error instanceof ConfigError,
);
console.log(JSON.stringify({
  trades: result.trades.length,
  isNumber: Number.isFinite(net) && String(net) === digits,
  strategy: result.report.strategy,
  version: result.report.version,
  isConfigError,
}));
`;

/** What Node has loaded by then. */
const LOADED = `
import 'quantsage';
console.log(JSON.stringify(process.report.getReport().sharedObjects.filter((each) => each.includes('better'))));
`;

describe('the package as it is installed', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quantsage-installed-'));
  const node = (...args: readonly string[]) =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

  beforeAll(() => {
    const installed = path.join(folder, 'node_modules/quantsage');
    mkdirSync(path.join(folder, 'node_modules/@types'), { recursive: true });
    execFileSync(process.execPath, [
      COMPILER,
      '-p',
      'tsconfig.json',
      '--outDir',
      path.join(installed, 'dist'),
    ]);
    for (const each of ['package.json', 'config']) {
      cpSync(each, path.join(installed, each), { recursive: true });
    }
    symlinkSync(path.resolve('node_modules'), path.join(installed, 'node_modules'));
    symlinkSync(
      path.resolve('node_modules/@types/node'),
      path.join(folder, 'node_modules/@types/node'),
    );
    writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(path.join(folder, 'program.ts'), PROGRAM);
    writeFileSync(path.join(folder, 'loaded.mjs'), LOADED);
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      target: 'ES2023',
      types: ['node'],
      skipLibCheck: true,
    };
    for (const [name, file] of [
      ['tsconfig.json', 'program.ts'],
      ['readme.json', 'own-program.ts'],
    ] as const) {
      writeFileSync(path.join(folder, name), JSON.stringify({ compilerOptions, files: [file] }));
    }
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has types that a program compiles against, and runs it', () => {
    node(COMPILER, '-p', '.');
    expect(JSON.parse(node('program.js'))).toEqual({
      trades: expect.any(Number) as number,
      isNumber: true,
      strategy: 'mine',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      isConfigError: true,
    });
  }, 120_000);

  it('runs the program that the README shows', () => {
    for (const name of ['breakout.ts', 'own-program.ts']) {
      writeFileSync(path.join(folder, name), writtenOut(name));
    }
    node(COMPILER, '-p', 'readme.json');
    expect(node('own-program.js')).toMatch(/^[1-9]\d* trades, final equity \d+\.\d\d\n$/);
  }, 120_000);

  it('loads no database for who only defines a strategy', () => {
    expect(JSON.parse(node('loaded.mjs'))).toEqual([]);
  });
});
