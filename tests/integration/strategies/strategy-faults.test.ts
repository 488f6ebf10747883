import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { DATABASE, refusalOf, userDirectories } from '../cli/command-line.ts';

const makeDirectory = userDirectories();
const directory = makeDirectory();
const FIRST = 'strategy "mine" on BTC/USD, bar 2023-01-01T00:00:00Z,';
/** The line on which `write` puts what a strategy does. */
const PLACE = '(mine.js:2)';
const BAD = `${FIRST} returned what the engine cannot act on:`;
const RUN = ['backtest', '--strategy', './mine.js', '--timerange', '20230101-20230201'] as const;

beforeAll(() => directory.prepare('data', 'sample'));

/** A file of plain JavaScript, as one is written without an editor that knows the types. */
function write(create: string): void {
  directory.write(
    'mine.js',
    `const { defineStrategy, z } = require('quantsage');\n` +
      `module.exports = defineStrategy({ id: 'mine', params: z.object({}), ${create} });\n`,
  );
}

const onBar = (body: string) => `create: () => ({ onBar(bar, context) { ${body} } })`;
const WISH = `side: 'buy', reason: 'x'`;

describe('a strategy that fails', () => {
  it.each([
    ['throws', onBar(`throw new Error('no');`), `${FIRST} threw: no ${PLACE}`],
    ['throws no error', onBar(`throw 'no';`), `${FIRST} threw: no`],
    ['throws an object', onBar(`throw { code: 1 };`), `${FIRST} threw: an object with code`],
    [
      'reads a field of nothing',
      onBar(`return context.position.side;`),
      `${FIRST} threw: Cannot read properties of null (reading 'side') ${PLACE}`,
    ],
    [
      'asks for a price that is no number',
      onBar(
        `return context.enter({ ${WISH}, order: { type: 'limit', limitPrice: bar.vwap * 2 } });`,
      ),
      `${BAD} a limit order: a positive, finite limitPrice was expected, was "NaN"`,
    ],
    [
      'asks for a negative quantity',
      onBar(`return context.enter({ ${WISH}, quantity: -1 });`),
      `${BAD} a positive, finite quantity was expected, was "-1"`,
    ],
    [
      'asks for another symbol',
      onBar(`return { ...context.enter({ ${WISH} }), symbol: 'ETH/USD' };`),
      `${BAD} symbol "BTC/USD" was expected, was "ETH/USD"`,
    ],
    [
      'gives its stop-loss where nobody reads it',
      onBar(`return context.enter({ ${WISH}, stopLoss: 0.05 });`),
      `${FIRST} threw: context.enter: fields among reason, rules, side, order, quantity, ` +
        `oneCancelsOther, confidence, protection was expected, was "stopLoss" ${PLACE}`,
    ],
    [
      'decides asynchronously',
      onBar('return null;').replace('onBar', 'async onBar'),
      `${BAD} a signal, a list of signals or null was expected, was "a promise (onBar must not be ` +
        'async)"',
    ],
    [
      'returns nothing',
      onBar(''),
      `${BAD} a signal, a list of signals or null was expected, was "undefined"; write "return ` +
        'null" where there is nothing to do',
    ],
    [
      'changes a bar',
      onBar(`'use strict'; bar.close = 1; return null;`),
      `${FIRST} threw: Cannot assign to read only property 'close' of object '#<Object>' ${PLACE}`,
    ],
    [
      'changes its context',
      onBar(`'use strict'; context.position = {}; return null;`),
      `${FIRST} threw: Cannot set property position of #<Object> which has only a getter ${PLACE}`,
    ],
    [
      'cannot be made',
      `create() { throw new Error('no'); }`,
      `strategy "mine" could not be made for BTC/USD: no ${PLACE}`,
    ],
    [
      'is made asynchronously',
      `async create() { throw new Error('no'); }`,
      'strategy "mine" could not be made for BTC/USD: create: an object with a function onBar was ' +
        'expected, was "a promise (create must not be async)"',
    ],
    [
      'cannot decide',
      `create: () => ({ onbar: () => null })`,
      'strategy "mine" could not be made for BTC/USD: create: an object with a function onBar was ' +
        'expected, was "an object with onbar"',
    ],
    [
      'has rules that are none',
      `create: () => ({ rules: { entry: true }, onBar: () => null })`,
      'strategy "mine" could not be made for BTC/USD: rules.entry: what rule, allOf or anyOf gives ' +
        'was expected, was "true"',
    ],
    [
      'fails on all symbols together',
      `createForAll: () => ({ onBars() { throw new Error('no'); } })`,
      `strategy "mine" on BTC/USD, ETH/USD, bar 2023-01-01T00:00:00Z, threw: no ${PLACE}`,
    ],
  ])('because it %s stops with one sentence, and is recorded', async (_, create, message) => {
    write(create);
    const before = directory.runs().length;
    const outcome = await directory.run(...RUN, '--symbols', 'BTC/USD,ETH/USD');
    expect(refusalOf(outcome)).toBe(message);
    expect(outcome.code).toBe(3);
    expect(directory.runs().slice(before)).toMatchObject([{ status: 'failed' }]);
    expect(errorOfLastRun()).toBe(message);
  });

  it('later on keeps the record of what happened until then', async () => {
    const tradesUntil = (end: string) =>
      onBar(
        `if (bar.openTime >= Date.parse('${end}')) throw new Error('no');` +
          `return context.position === null ? context.enter({ ${WISH} }) : context.exit({ reason: 'x' });`,
      );
    write(tradesUntil('2023-01-20T12:00:00Z'));
    const failed = await directory.run(...RUN, '--symbols', 'BTC/USD');
    expect(refusalOf(failed)).toContain('bar 2023-01-20T12:00:00Z, threw: no');
    const left = recordOfLastRun();
    write(tradesUntil('2024-01-01T00:00:00Z'));
    const whole = [...RUN.slice(0, -1), '20230101-20230120T1200', '--symbols', 'BTC/USD'];
    expect((await directory.run(...whole)).code).toBe(0);
    const right = recordOfLastRun();
    expect(left.signals.length).toBeGreaterThan(100);
    expect(left.signals).toEqual(right.signals);
    expect(left.equity.length).toBeGreaterThan(400);
    expect(left.equity.slice(0, 400)).toEqual(right.equity.slice(0, 400));
  });

  it('in a promise nobody waits for does not bring the process down another way', async () => {
    write(onBar(`throw new Error('later');`).replace('onBar', 'async onBar'));
    const { code, stdout, stderr } = await directory.start([...RUN]).outcome();
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^error: strategy "mine" .*\(onBar must not be async\)"\n$/);
  });
});

interface Recorded {
  readonly signals: readonly unknown[];
  readonly equity: readonly unknown[];
}

function lastRun<T>(read: (run: string, all: (sql: string) => readonly unknown[]) => T): T {
  const database = openDatabase(directory.at(DATABASE), { readonly: true });
  try {
    const last = database.prepare('SELECT run_id FROM runs ORDER BY rowid DESC LIMIT 1').pluck();
    const run = String(last.get());
    return read(run, (sql) => database.prepare(sql).all({ run }));
  } finally {
    database.close();
  }
}

function recordOfLastRun(): Recorded {
  return lastRun((_, all) => ({
    signals: all('SELECT ts, intent, price FROM signals WHERE run_id = :run ORDER BY seq'),
    equity: all('SELECT time, equity, cash FROM equity WHERE run_id = :run ORDER BY time'),
  }));
}

function errorOfLastRun(): unknown {
  return lastRun((_, all) => all('SELECT error FROM runs WHERE run_id = :run').map(valueOf)[0]);
}

function valueOf(row: unknown): unknown {
  return typeof row === 'object' && row !== null ? Object.values(row)[0] : row;
}
