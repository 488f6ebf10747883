import { timeframeMs, type EpochMs } from '../../src/core/time.ts';
import { BAR_STRIDE, type BarPage, type BarStore, type Series } from '../../src/ports/bar-store.ts';
import { seededRandom } from './seeded-random.ts';

/** The store as it would be had nothing been stored since `time`: later closes are missing. */
export function cutAfter(store: BarStore, time: EpochMs): BarStore {
  return {
    ...reading(store),
    series: () =>
      store.series().map((series) => {
        const { lastOpen } = series;
        const last = time - timeframeMs(series.timeframe);
        return { ...series, lastOpen: lastOpen === null ? null : Math.min(lastOpen, last) };
      }),
    pages: (id, from, to) => {
      const end = time - barMsOf(store, id) + 1;
      return store.pages(id, from, Math.min(to, end));
    },
  };
}

/** The store with every bar that closes after `time` replaced by a valid bar without any sense. */
export function garbledAfter(store: BarStore, time: EpochMs, seed: number): BarStore {
  return {
    ...reading(store),
    pages: (id, from, to) =>
      garble(store.pages(id, from, to), time - barMsOf(store, id), seed + id),
  };
}

function* garble(pages: Iterable<BarPage>, lastTrue: EpochMs, seed: number): Generator<BarPage> {
  const random = seededRandom(seed);
  const price = () => 10 ** (6 * random() - 1);
  for (const page of pages) {
    const altered = page.slice();
    for (let at = 0; at < altered.length; at += BAR_STRIDE) {
      if ((altered[at] ?? 0) <= lastTrue) continue;
      const prices = [price(), price(), price(), price()].sort((a, b) => a - b);
      const [low = 0, open = 0, close = 0, high = 0] = prices;
      altered.set([open, high, low, close, random() < 0.1 ? 0 : 1e6 * random()], at + 1);
    }
    yield altered;
  }
}

function reading(store: BarStore): BarStore {
  return {
    save: (write) => store.save(write),
    drop: (id, issue, source) => store.drop(id, issue, source),
    series: () => store.series(),
    findSeries: (key) => store.findSeries(key),
    instruments: (exchange, symbol) => store.instruments(exchange, symbol),
    recordInstrument: (exchange, told, source) => store.recordInstrument(exchange, told, source),
    covered: (id) => store.covered(id),
    revisions: (id) => store.revisions(id),
    issues: (id) => store.issues(id),
    pages: (id, from, to) => store.pages(id, from, to),
    openTimeBefore: (id, time, count) => store.openTimeBefore(id, time, count),
  };
}

function barMsOf(store: BarStore, id: Series['id']): number {
  const series = store.series().find((each) => each.id === id);
  if (series === undefined) throw new Error(`a stored series was expected, was ${id}`);
  return timeframeMs(series.timeframe);
}
