import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/core/time.ts';
import { marketSketch } from '../../support/exchanges/candle-market.ts';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { fewCandles } from '../cli/candles.ts';
import { refusalOf, userDirectories, type UserDirectory } from '../cli/command-line.ts';
import { collectWords, NOW, storedRows } from './collecting.ts';

const makeDirectory = userDirectories();

/** 2024-05-30T12:00Z, two days before the end. */
const HOLE = Date.UTC(2024, 4, 30, 12);
const hole = (from: number, hours: number) => ({
  from: HOLE + from * HOUR_MS,
  to: HOLE + (from + hours) * HOUR_MS,
});

/** The venue as it is, and as it was when it had lost hours of both markets. */
let whole: LoopbackServer;
let torn: LoopbackServer;

beforeEach(async () => {
  whole = await startCoinbase({ now: NOW });
  torn = await startCoinbase({
    now: NOW,
    markets: [
      marketSketch('BTC/USD', { holes: [hole(0, 3), hole(10, 1)] }),
      marketSketch('ETH/USD', { price: 2_500, holes: [hole(5, 2)] }),
    ],
  });
});

afterEach(async () => {
  await whole.stop();
  await torn.stop();
});

const TEN_DAYS = ['--set', 'data.history_days=10'] as const;

async function collected(server: LoopbackServer): Promise<UserDirectory> {
  const directory = makeDirectory();
  await directory.prepare(...collectWords(server, TEN_DAYS));
  return directory;
}

function refetch(server: LoopbackServer, ...words: readonly string[]): readonly string[] {
  const endpoint = `data.endpoints.coinbase=${server.url}`;
  return ['data', 'repair', '--method', 'refetch', '--set', endpoint, ...words];
}

/** With no flags: those of the bars that a repair made differ. */
function values(directory: UserDirectory) {
  return storedRows(directory).bars.map((bar) => ({ ...bar, flags: 0 }));
}

describe('data repair --method refetch', () => {
  it('gets what the exchange has by now: the rows of an undisturbed collect', async () => {
    const directory = await collected(torn);
    const before = storedRows(directory);
    const { code, stdout, stderr } = await directory.run(...refetch(whole));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'Series               Method   Gaps  Bars  Made  Left  Batch',
      'coinbase BTC/USD 1h  refetch     2     4     4     0      1',
      'coinbase ETH/USD 1h  refetch     1     2     2     0      2',
      'undo with: quantsage data repair --undo 1',
      'undo with: quantsage data repair --undo 2',
      '',
    ]);
    expect(values(directory)).toEqual(values(await collected(whole)));
    expect(storedRows(directory).bars.filter(({ flags }) => flags === 2)).toHaveLength(6);
    await directory.prepare('data', 'repair', '--undo', '2');
    await directory.prepare('data', 'repair', '--undo', '1');
    expect(storedRows(directory)).toEqual(before);
  });

  it('flags outliers among what it gets, and sets aside what is no bar', async () => {
    const directory = await collected(torn);
    whole.market.revise('BTC/USD', '1h', HOLE + HOUR_MS, { high: 200_000 });
    whole.market.revise('BTC/USD', '1h', HOLE + 10 * HOUR_MS, { low: 999_999 });
    const { stdout } = await directory.run(...refetch(whole, '--symbols', 'BTC/USD'));
    expect(stdout).toContain('coinbase BTC/USD 1h: 1 of the bars sent break a rule: set aside\n');
    const made = storedRows(directory).bars.filter(({ flags }) => flags !== 0);
    expect(
      made.map(({ open_time, flags }) => [(Number(open_time) - HOLE) / HOUR_MS, flags]),
    ).toEqual(
      // Repaired is 2, outlier 1; the hour after the jump begins where the market was.
      [
        [0, 2],
        [1, 3],
        [2, 2],
      ],
    );
  });

  it('invents nothing where the exchange has no bars either', async () => {
    const directory = await collected(torn);
    const before = storedRows(directory);
    const { stdout } = await directory.run(...refetch(torn, '--symbols', 'ETH/USD'));
    expect(stdout.split('\n').slice(1)).toEqual([
      'coinbase ETH/USD 1h  refetch     1     2     0     2',
      'coinbase ETH/USD 1h: 2 bars of 1 gap left (2024-05-30 17:00 +2): ' +
        'coinbase has no bars there either',
      'nothing was changed',
      '',
    ]);
    expect(storedRows(directory)).toEqual(before);
  });

  it('keeps what was repaired before the exchange was lost, and exits 4', async () => {
    const directory = await collected(torn);
    whole.inject({ kind: 'status', status: 503 }, { times: Infinity, after: 1 });
    const never = ['--set', 'data.retries=0'] as const;
    const { code, stdout, stderr } = await directory.run(...refetch(whole, ...never));
    expect(code).toBe(4);
    expect(stdout).toMatch(/^coinbase BTC\/USD 1h {2}refetch {5}2 {5}4 {5}4 {5}0 {6}1$/m);
    expect(stdout).not.toContain('ETH/USD');
    expect(stderr).toMatch(
      /^error: ETH\/USD 1h was expected from coinbase, .*gave up after one try\n$/,
    );
    const { stdout: list } = await directory.run('data', 'repair', '--list');
    expect(list.trim().split('\n')).toHaveLength(2);
  });

  it('says nothing on stdout where nothing came of it', async () => {
    const directory = await collected(torn);
    whole.inject({ kind: 'status', status: 503 }, { times: Infinity });
    const never = ['--set', 'data.retries=0', '--json'] as const;
    const outcome = await directory.run(...refetch(whole, ...never));
    expect(outcome.code).toBe(4);
    expect(refusalOf(outcome)).toMatch(/^BTC\/USD 1h was expected from coinbase, /);
  });

  it('leaves all as it is after Ctrl-C', async () => {
    const directory = await collected(torn);
    const before = storedRows(directory);
    const { code, stderr } = await directory.runInterrupted(...refetch(whole));
    expect([code, stderr.split('\n')[0]]).toEqual([
      130,
      'interrupted: series that are not listed are as they were',
    ]);
    expect(storedRows(directory)).toEqual(before);
  });

  it('asks no exchange for a series without gaps', async () => {
    const directory = await collected(whole);
    const requests = whole.requests.length;
    const { code } = await directory.run(...refetch(whole));
    expect([code, whole.requests.length]).toEqual([0, requests]);
  });

  it('refuses an exchange that nobody knows, of whom bars were imported', async () => {
    const rows = fewCandles('2024-01-01T00:00:00Z').split('\n').toSpliced(3, 1);
    const directory = makeDirectory({ 'bars.csv': rows.join('\n') });
    const named = ['--symbol', 'BTC/USD', '--timeframe', '1h', '--exchange', 'coinbsae'] as const;
    await directory.prepare('import', 'bars.csv', ...named);
    const outcome = await directory.run(...refetch(whole));
    expect(outcome.code).toBe(2);
    expect(refusalOf(outcome)).toContain('coinbsae');
  });
});
