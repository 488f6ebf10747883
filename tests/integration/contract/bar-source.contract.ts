import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, ExchangeError } from '../../../src/core/errors.ts';
import { TIMEFRAMES, timeframeMs, type EpochMs, type TimeSpan } from '../../../src/core/time.ts';
import type { BarSource, SourceBar, SourceSeries } from '../../../src/ports/bar-source.ts';

/** A source and the venue on this machine that it asks. */
export interface SourceStage {
  readonly source: BarSource;
  readonly series: SourceSeries;
  /** Longer than a page where the venue keeps that much; its ends are open times. */
  readonly span: TimeSpan;
  /** Every bar that the venue has in the span, all of them closed. */
  readonly bars: readonly SourceBar[];
  /** A span without any bar, other bars before and after it. */
  readonly hole: TimeSpan;
  /** The venue's clock. */
  readonly now: EpochMs;
  readonly misspelt: { readonly symbol: string; readonly meant: string };
  /** How many requests the venue has seen. */
  requests(): number;
  /** From now on the venue takes requests and answers none. */
  hang(): void;
  /** Switches the venue off. */
  stop(): Promise<void>;
}

const NEVER = new AbortController().signal;

/** What every source of bars promises. `open` starts a venue and a source that asks it. */
export function barSourceContract(title: string, open: () => Promise<SourceStage>): void {
  describe(`${title}, as a bar source`, () => {
    let stage: SourceStage;
    beforeEach(async () => {
      stage = await open();
    });
    afterEach(async () => {
      await stage.source.close();
      await stage.stop();
    });

    it('names timeframes that the program knows, shortest first', () => {
      const { timeframes } = stage.source;
      expect(timeframes).toContain(stage.series.timeframe);
      expect(timeframes).toEqual(TIMEFRAMES.filter((each) => timeframes.includes(each)));
    });

    it('brings every bar of a span, page by page', async () => {
      const { source, series, span, bars } = stage;
      const found = new Map<EpochMs, SourceBar>();
      for (const page of await pagesOf(source, series, span)) {
        for (const bar of page.bars) found.set(bar.openTime, bar);
      }
      const within = [...found.values()].filter((bar) => isIn(span, bar));
      expect(within.sort((one, other) => one.openTime - other.openTime)).toEqual(bars);
    });

    it('calls no time complete of which its page lacks a bar, nor any beyond the span', async () => {
      const { source, series, span, bars } = stage;
      for (const page of await pagesOf(source, series, span)) {
        const claimed = { from: page.from, to: page.completeTo };
        const held = new Set(page.bars.map((bar) => bar.openTime));
        const missing = bars.filter((bar) => isIn(claimed, bar) && !held.has(bar.openTime));
        expect(missing).toEqual([]);
        expect(page.completeTo).toBeLessThanOrEqual(span.to);
        expect(page.completeTo).toBeGreaterThan(page.from);
      }
    });

    it('asks once a page, for no more bars than it says a page holds', async () => {
      const { source, series, span } = stage;
      await source.page(series, span, NEVER);
      const before = stage.requests();
      const { bars } = await source.page(series, span, NEVER);
      expect(stage.requests() - before).toBe(1);
      expect(bars.filter((bar) => isIn(span, bar)).length).toBeLessThanOrEqual(source.pageBars);
    });

    it('begins with the first bar of a span that begins off the grid', async () => {
      const { source, series, span, bars } = stage;
      const [, second] = bars;
      const page = await source.page(series, { from: span.from + 1, to: span.to }, NEVER);
      expect(page.bars.map((bar) => bar.openTime)).toContain(second?.openTime);
    });

    it('finds nothing where no bar can open, and says so', async () => {
      const { source, series, span } = stage;
      const between = { from: span.from + 1, to: span.from + 2 };
      const page = await source.page(series, between, NEVER);
      expect(page.completeTo).toBe(between.to);
      expect(page.bars.filter((bar) => isIn(between, bar))).toEqual([]);
    });

    it('passes a span in which the venue has nothing', async () => {
      const { source, series, hole } = stage;
      const pages = await pagesOf(source, series, hole);
      expect(pages.at(-1)?.completeTo).toBe(hole.to);
      expect(pages.flatMap((page) => page.bars).filter((bar) => isIn(hole, bar))).toEqual([]);
    });

    it('tells the time of the venue', async () => {
      const told = await stage.source.serverTime(NEVER);
      expect(Number.isSafeInteger(told)).toBe(true);
      expect(Math.abs(told - stage.now)).toBeLessThanOrEqual(1000);
    });

    it('tells what the venue lets one trade', async () => {
      const { source, series } = stage;
      const instrument = await source.instrument(series.symbol, NEVER);
      expect(instrument.symbol).toBe(series.symbol);
      const { tickSize, lotStep, minNotional } = instrument;
      expect([tickSize, lotStep, minNotional].filter((each) => each.isNegative)).toEqual([]);
    });

    it('refuses a symbol that the venue does not list, naming the nearest', async () => {
      const { source, series, span, misspelt } = stage;
      const unknown = { ...series, symbol: misspelt.symbol };
      for (const asked of [
        source.instrument(misspelt.symbol, NEVER),
        source.page(unknown, span, NEVER),
      ]) {
        const error = await failureOf(asked);
        expect(error).toBeInstanceOf(ConfigError);
        expect(String(error)).toContain(`"${misspelt.symbol}"`);
        expect(String(error)).toContain(misspelt.meant);
      }
    });

    it('refuses a timeframe that the venue does not serve, naming those it does', async () => {
      const { source, series, span } = stage;
      const [timeframe] = TIMEFRAMES.filter((each) => !source.timeframes.includes(each));
      if (timeframe === undefined) return;
      const error = await failureOf(source.page({ ...series, timeframe }, span, NEVER));
      expect(error).toBeInstanceOf(ConfigError);
      expect(String(error)).toContain(series.timeframe);
    });

    it('sends nothing once the signal has aborted', async () => {
      const { source, series, span } = stage;
      const reason = new Error('enough');
      const signal = AbortSignal.abort(reason);
      expect(await failureOf(source.page(series, span, signal))).toBe(reason);
      expect(await failureOf(source.serverTime(signal))).toBe(reason);
      expect(await failureOf(source.instrument(series.symbol, signal))).toBe(reason);
      expect(stage.requests()).toBe(0);
    });

    it('gives up waiting for an answer when the signal aborts', async () => {
      const { source, series, span } = stage;
      await source.instrument(series.symbol, NEVER);
      stage.hang();
      const stop = new AbortController();
      const reason = new Error('enough');
      const asked = failureOf(source.page(series, span, stop.signal));
      stop.abort(reason);
      expect(await asked).toBe(reason);
    });

    it('says that a venue which is off can be asked again', async () => {
      const { source, series, span } = stage;
      await source.instrument(series.symbol, NEVER);
      await stage.stop();
      const error = await failureOf(source.page(series, span, NEVER));
      expect(error).toBeInstanceOf(ExchangeError);
      expect(error).toMatchObject({ kind: 'network', isRetryable: true });
      expect(String(error)).toContain(source.exchange);
    });
  });
}

interface AskedPage {
  readonly from: EpochMs;
  readonly completeTo: EpochMs;
  readonly bars: readonly SourceBar[];
}

/** Pages until the span is complete; fails where that takes more of them than there are bars. */
async function pagesOf(source: BarSource, series: SourceSeries, span: TimeSpan) {
  const pages: AskedPage[] = [];
  const most = (span.to - span.from) / timeframeMs(series.timeframe) + 1;
  for (let { from } = span; from < span.to; from = pages.at(-1)?.completeTo ?? span.to) {
    if (pages.length > most) throw new Error(`an end of paging was expected by ${from}`);
    pages.push({ from, ...(await source.page(series, { from, to: span.to }, NEVER)) });
  }
  return pages;
}

function isIn(span: TimeSpan, { openTime }: SourceBar): boolean {
  return openTime >= span.from && openTime < span.to;
}

/** What a promise was rejected with. */
async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => new Error('a failure was expected, was none'),
    (error: unknown) => error,
  );
}
