import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replayRecordedRun, type RunReplay } from '../../../src/app/replay/replay-recorded-run.ts';
import { renderReplay } from '../../../src/cli/render/replay.ts';
import { present } from '../../../src/core/assert.ts';
import type { Bar } from '../../../src/core/bar.ts';
import { JUMPER } from '../../support/trading/jumper.ts';
import { barOf, cycleBars, WARM_UP } from '../../support/trading/cycles.ts';
import { catchUp, command, gate, quote, trade, warmUp } from '../../support/trading/scenes.ts';
import { TradingStage } from '../../support/trading/trading-stage.ts';
import { temporaryFolder } from '../sqlite/fixtures.ts';

const BARS = cycleBars(6);
const SECOND = barOf(2, 1);
const THIRD = barOf(4, 0);

const bar = (index: number): Bar => present(BARS[index], 'a bar');

/** A price ten seconds after a bar closed. */
const quoteAfter = (index: number) => {
  const { symbol, close, closeTime } = bar(index);
  return quote({ symbol, bid: close - 0.05, ask: close + 0.05, time: closeTime + 10_000 });
};

/** A paper run of three processes: prices between bars, a halt, a closed gate, bars that came late. */
async function threeSessions(): Promise<TradingStage> {
  const stage = new TradingStage({ folder: temporaryFolder() });
  stage.store(BARS);
  const traded = (from: number, to: number) => BARS.slice(from, to).map((each) => trade(each));
  await stage.session([
    warmUp(...BARS.slice(0, WARM_UP)),
    trade(bar(barOf(0, 0))),
    quoteAfter(barOf(0, 0)),
    ...traded(barOf(0, 1), SECOND),
    quoteAfter(SECOND - 1),
  ]);
  const halted = bar(SECOND + 4).closeTime + 20_000;
  await stage.session([
    warmUp(...BARS.slice(0, SECOND)),
    catchUp(bar(SECOND)),
    catchUp(bar(SECOND + 1)),
    ...traded(SECOND + 2, SECOND + 5),
    command('halt', halted),
    ...traded(SECOND + 5, THIRD),
  ]);
  const resumed = bar(THIRD - 1).closeTime + 30_000;
  await stage.session([
    warmUp(...BARS.slice(0, THIRD)),
    command('resume', resumed),
    gate({ gate: 'stale-data', symbol: null, reason: 'no data' }, resumed + 1),
    trade(bar(THIRD)),
    gate({ gate: 'stale-data', symbol: null, reason: null }, bar(THIRD).closeTime + 20_000),
    ...traded(THIRD + 1, BARS.length),
    quoteAfter(BARS.length - 1),
  ]);
  return stage;
}

const replayOf = (stage: TradingStage): Promise<RunReplay> =>
  replayRecordedRun(stage.options(), 'last');

/** Sessions that came out as recorded, by their numbers. */
const sound = ({ sessions }: RunReplay): readonly number[] =>
  sessions.flatMap(({ session, difference, problem, isStateSame }) =>
    difference === null && problem === null && isStateSame === true ? [session] : [],
  );

/** Number of the first event of that type in a session. */
function seqOf(stage: TradingStage, type: string, from = 0): number {
  return stage.read(`SELECT min(seq) FROM events WHERE type = '${type}' AND seq > ${from}`);
}

describe('a paper run of three processes', () => {
  it('comes out as recorded, with the state that each of them left', async () => {
    const stage = await threeSessions();
    const replayed = await replayOf(stage);
    expect(sound(replayed)).toEqual([1, 2, 3]);
    expect(replayed).toMatchObject({ isIdentical: true, mode: 'paper' });
    expect(replayed.events).toBe(stage.read('SELECT max(seq) FROM events'));
    expect(replayed.orders).toBe(
      stage.read("SELECT count(*) FROM events WHERE type = 'order.approved'"),
    );
    expect(replayed.orders).toBeGreaterThan(5);
  });

  it.each([
    ['order.filled', '$.price.$decimal', '1', /order.filled: price is 1 on record, came out as 10/],
    [
      'signal.raised',
      '$.reason',
      'whim',
      /signal.raised: reason is whim on record, came out as it/,
    ],
    ['equity.marked', '$.cash', '5', /equity.marked: cash is 5 on record, came out as 99796.28/],
  ])('is told to differ at a %s that was changed', async (type, path, value, what) => {
    const stage = await threeSessions();
    const seq = seqOf(stage, type, 30);
    stage.tamper(
      `UPDATE events SET payload = json_set(payload, '${path}', '${value}') WHERE seq = ${seq}`,
    );
    const { sessions, isIdentical } = await replayOf(stage);
    const found = sessions.find(({ difference }) => difference !== null)?.difference;
    expect(isIdentical).toBe(false);
    expect(found).toMatchObject({ seq, type });
    expect(found?.what).toMatch(what);
  });

  it('is told to differ where an event was taken out', async () => {
    const stage = await threeSessions();
    const seq = seqOf(stage, 'quote.arrived');
    stage.tamper(`DELETE FROM events WHERE seq = ${seq}`);
    const [first] = (await replayOf(stage)).sessions;
    expect(first?.difference?.seq).toBe(seq + 1);
  });

  it('says that a strategy file was changed, and replays nothing with it', async () => {
    const stage = await threeSessions();
    writeFileSync(stage.strategy, JUMPER.replace("'it rose'", "'it jumped'"));
    const replayed = await replayOf(stage);
    expect(replayed).toMatchObject({ isIdentical: false, events: 0 });
    expect(renderReplay(replayed)).toMatch(
      /session 1 {2}STOPPED, strategy jumper: .*jumper\.ts was changed since \(SHA-256 .* then/,
    );
  });

  it('says that bars of the warm-up were changed', async () => {
    const stage = await threeSessions();
    stage.tamper(`UPDATE market_data SET volume = volume + 1 WHERE open_time = ${bar(1).openTime}`);
    const replayed = await replayOf(stage);
    expect(replayed.sessions.map(({ changedWarmUp }) => changedWarmUp)).toEqual([
      ['BTC/USD'],
      ['BTC/USD'],
      ['BTC/USD'],
    ]);
    expect(renderReplay(replayed)).toContain(
      'the bars it was warmed up with have changed since: BTC/USD',
    );
  });

  it('says that another version recorded it', async () => {
    const stage = await threeSessions();
    stage.tamper("UPDATE sessions SET version = '0.0.9' WHERE number = 2");
    const text = renderReplay(await replayOf(stage));
    expect(text).toMatch(/recorded by version 0\.0\.9, replayed by \d/);
    expect(text.match(/recorded by version/g)).toHaveLength(1);
  });

  it('replays what it can where a session began with a state of another version', async () => {
    const stage = await threeSessions();
    stage.tamper(
      `UPDATE sessions SET start_state = replace(start_state, '{"engine":{"version":1', ` +
        `'{"engine":{"version":9') WHERE number = 3`,
    );
    const replayed = await replayOf(stage);
    expect(sound(replayed)).toEqual([1]);
    expect(renderReplay(replayed)).toMatch(
      /session 3 {2}STOPPED, engine state: version "1" was expected, was "9"; go on with the program/,
    );
  });

  it('says that a state is not the one its events lead to', async () => {
    const stage = await threeSessions();
    stage.tamper('UPDATE engine_state SET state = replace(state, \'"seq":\', \'"seq": 1\')');
    const replayed = await replayOf(stage);
    expect(sound(replayed)).toEqual([1, 2]);
    expect(renderReplay(replayed)).toContain('but the STORED STATE IS ANOTHER');
  });
});
