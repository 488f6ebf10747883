import { describe, expect, it } from 'vitest';
import { MINUTE_MS, HOUR_MS, type EpochMs } from '../../../src/core/time.ts';
import { tradingCalendar, expectedOpens } from '../../../src/core/trading-calendar.ts';
import { hourly } from '../collect/listed-venue.ts';
import { FeedStage } from './feed-stage.ts';

/** A venue that makes a bar for every hour the New York Stock Exchange trades in. */
function stageOf(from: EpochMs, to: EpochMs, now: EpochMs): FeedStage {
  const stage = new FeedStage({ now, symbols: ['AAPL'] });
  for (const openTime of expectedOpens(tradingCalendar('us'), '1h', { from, to })) {
    const bar = { ...hourly(openTime / HOUR_MS), openTime };
    stage.market.publish({ symbol: 'AAPL', bar, at: openTime + HOUR_MS });
  }
  return stage;
}

const text = (time: EpochMs) => new Date(time).toISOString().slice(5, 16);

describe('a feed of US stocks', () => {
  it('expects nothing at night, on weekends and on holidays, and raises no alarm (F59)', async () => {
    // Good Friday is on the 29th of March 2024.
    const [from, now, to] = [
      Date.UTC(2024, 1, 1),
      Date.UTC(2024, 2, 28, 19, 30),
      Date.UTC(2024, 3, 2),
    ];
    const stage = stageOf(from, to, now);
    await stage.run(to);
    const traded = stage.handed.filter(({ kind }) => kind === 'trade');
    expect(traded.map(({ openTime }) => text(openTime))).toEqual(
      ['03-28T19:00'].concat(
        ['13', '14', '15', '16', '17', '18', '19'].map((hour) => `04-01T${hour}:00`),
      ),
    );
    expect(stage.gates.filter(({ reason }) => reason !== null)).toEqual([]);
  });

  it('asks for no bars while the market is closed', async () => {
    const [from, now, to] = [
      Date.UTC(2024, 1, 1),
      Date.UTC(2024, 2, 28, 20, 30),
      Date.UTC(2024, 3, 1, 13),
    ];
    const stage = stageOf(from, to, now);
    let asked = 0;
    stage.market.fault = (symbol) => {
      if (symbol !== '' && stage.time.time > now + MINUTE_MS) asked += 1;
      return null;
    };
    await stage.run(to);
    expect(asked).toBe(0);
  });

  it('follows the clocks of New York when they change', async () => {
    // 2024-03-10: from UTC−5 to UTC−4, so sessions begin at 13:30 where they began at 14:30.
    const [from, now, to] = [Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 8, 12), Date.UTC(2024, 2, 12)];
    const stage = stageOf(from, to, now);
    await stage.run(to);
    const opens = stage.handed
      .filter(({ kind }) => kind === 'trade')
      .map(({ openTime }) => text(openTime));
    expect(opens.filter((open) => open.startsWith('03-08'))[0]).toBe('03-08T14:00');
    expect(opens.filter((open) => open.startsWith('03-11'))[0]).toBe('03-11T13:00');
    expect(stage.gates.filter(({ reason }) => reason !== null)).toEqual([]);
  });

  it('warms up on as many sessions as it takes', async () => {
    const [from, now] = [Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 8, 12)];
    const stage = stageOf(from, now, now);
    await stage.run(now + MINUTE_MS, { warmUpBars: 100 });
    expect(stage.handed).toHaveLength(100);
  });

  it('closes the gate when no bar comes in a session', async () => {
    const now = Date.UTC(2024, 2, 28, 12);
    const stage = stageOf(Date.UTC(2024, 1, 1), now, now);
    await stage.run(Date.UTC(2024, 2, 28, 18));
    const closed = stage.gates.filter(({ reason }) => reason !== null);
    expect(closed).toMatchObject([{ symbol: 'AAPL', at: Date.UTC(2024, 2, 28, 15) + 26 }]);
  });
});
