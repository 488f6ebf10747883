import { assert, asyncProperty, integer } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplayFeed } from '../../../src/adapters/sqlite/replay-feed.ts';
import { HOUR_MS, type EpochMs } from '../../../src/core/time.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { hour } from '../collect/listed-venue.ts';
import { FeedStage, GRACE, nameOf, type HandedBar } from './feed-stage.ts';
import { unleash } from './stormy-market.ts';

const SYMBOLS = ['BTC/USD', 'ETH/USD', 'SOL/USD'];
const [FROM, TO] = [200, 230];
const WARM_UP = 40;
const STALE_MS = 2 * HOUR_MS;

type ReplayedBar = Pick<HandedBar, 'symbol' | 'openTime' | 'close'>;

interface Session {
  /** What it was started with. */
  readonly from: EpochMs | null;
  readonly handed: readonly HandedBar[];
}

/** Runs through a storm in as many processes, each of which goes on where the one before ended. */
async function weather(seed: number, restarts: number) {
  const stage = new FeedStage({ now: hour(FROM) + 1000, symbols: SYMBOLS, retries: 2 });
  unleash(stage, { seed, symbols: SYMBOLS, from: FROM, to: TO });
  // The first contact must succeed: a start without the exchange is refused.
  const { fault } = stage.market;
  const sessions: Session[] = [];
  const random = seededRandom(seed + 1);
  const ends = Array.from(
    { length: restarts },
    () => hour(FROM) + Math.floor(random() * 30 * HOUR_MS),
  );
  for (const end of [...ends.toSorted((one, other) => one - other), hour(TO + 6)]) {
    const last = stage.handed.findLast(({ kind }) => kind !== 'warmUp');
    const from = sessions.length === 0 ? null : (last?.sliceClose ?? sessions[0]?.from ?? null);
    const first = stage.handed.length;
    const startedAt = stage.time.time;
    stage.market.fault = (symbol) => (stage.time.time < startedAt + 60_000 ? null : fault(symbol));
    await stage.run(Math.max(end, startedAt + 1), { warmUpBars: WARM_UP, from });
    sessions.push({ from, handed: stage.handed.slice(first) });
  }
  return { stage, sessions };
}

/** What a backtest would see of the same database. */
async function replay(stage: FeedStage, start: EpochMs): Promise<readonly ReplayedBar[]> {
  const bars: ReplayedBar[] = [];
  const feed = new ReplayFeed({
    store: stage.store,
    series: stage.store.series(),
    clock: { advance: () => undefined },
    warmUpBars: 0,
    start,
    end: hour(TO + 6),
    timer: () => 0,
  });
  const take = (slice: { readonly bars: readonly ReplayedBar[] }) => void bars.push(...slice.bars);
  await feed.run({ warmUp: take, trade: take }, new AbortController().signal);
  return bars.map(({ symbol, openTime, close }) => ({ symbol, openTime, close }));
}

function inOrder(bars: readonly HandedBar[]): readonly ReplayedBar[] {
  return bars
    .map(({ symbol, openTime, close }) => ({ symbol, openTime, close }))
    .sort((one, other) => one.openTime - other.openTime || (one.symbol < other.symbol ? -1 : 1));
}

/** The laws of a bar that is handed out, by the one before and the last one of its symbol. */
const LAWS: Readonly<
  Record<string, (bar: HandedBar, before: HandedBar | null, last: HandedBar | null) => boolean>
> = {
  'no bar leaves before its close and the grace': (bar) => bar.at >= closeOf(bar) + GRACE,
  'bars of a symbol come in order, each once': (bar, _, last) =>
    last === null || bar.openTime > last.openTime,
  'time never goes back': (bar, before) => before === null || bar.sliceClose >= before.sliceClose,
  'a slice holds what closed with it': (bar) =>
    bar.kind === 'catchUp' || bar.sliceClose === closeOf(bar),
  'nothing old is decided on': (bar) => bar.kind !== 'trade' || bar.at - closeOf(bar) <= STALE_MS,
  'an instant is decided on once, its bars in symbol order': (bar, before) => {
    if (bar.kind !== 'trade' || before?.sliceClose !== bar.sliceClose) return true;
    return before.kind === 'trade' && before.symbol < bar.symbol;
  },
};

function closeOf({ openTime }: HandedBar): EpochMs {
  return openTime + HOUR_MS;
}

/** The laws that a process broke, whatever the venue did. */
function brokenLaws({ handed }: Session): readonly string[] {
  const lastOf = new Map<string, HandedBar>();
  return handed.flatMap((bar, index) => {
    const before = handed[index - 1] ?? null;
    const last = lastOf.get(bar.symbol) ?? null;
    lastOf.set(bar.symbol, bar);
    return Object.entries(LAWS).flatMap(([law, holds]) =>
      holds(bar, before, last) ? [] : [`${nameOf(bar)}: ${law}`],
    );
  });
}

describe('whatever an exchange does', () => {
  it('a feed hands out the closed bars, each once, in time order, as a replay of the store does', async () => {
    await assert(
      asyncProperty(integer(), integer({ min: 0, max: 3 }), async (seed, restarts) => {
        const { stage, sessions } = await weather(seed, restarts);
        expect(sessions.flatMap(brokenLaws)).toEqual([]);
        const traded = sessions.flatMap(({ handed }) =>
          handed.filter(({ kind }) => kind !== 'warmUp'),
        );
        const start = hour(FROM - 1);
        const names = new Set(traded.map(nameOf));
        const replayed = await replay(stage, start);
        const left = replayed.filter((bar) => !names.has(nameOf(bar)));
        expect(inOrder(traded)).toEqual(replayed.filter((bar) => names.has(nameOf(bar))));
        expect(left.filter((bar) => !isExcused(bar, stage, sessions)).map(nameOf)).toEqual([]);
        const closed = new Map(
          stage.gates.map(({ gate, symbol, reason }) => [`${gate} ${symbol}`, reason]),
        );
        expect([...closed.values()], 'every gate is open again').toEqual([null, null, null, null]);
        expect(Math.max(...traded.map(({ sliceClose }) => sliceClose))).toBe(hour(TO + 5));
        expect(stage.time.pending, 'no timer is left').toBeLessThan(1);
      }),
      { numRuns: Number(process.env['FEED_RUNS'] ?? 12), endOnFailure: true },
    );
  }, 120_000);
});

/** A bar nobody was told of came after a later one of its symbol, or warmed a later session up. */
function isExcused(bar: ReplayedBar, stage: FeedStage, sessions: readonly Session[]): boolean {
  const storedAt = stage.storedAt.get(nameOf(bar)) ?? Infinity;
  const overtaken = sessions.some(({ handed }) =>
    handed.some(
      ({ symbol, openTime, at }) =>
        symbol === bar.symbol && openTime > bar.openTime && at <= storedAt,
    ),
  );
  const warmed = sessions.some(({ handed }) =>
    handed.some((each) => each.kind === 'warmUp' && nameOf(each) === nameOf(bar)),
  );
  return overtaken || warmed;
}
