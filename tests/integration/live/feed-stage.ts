import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import type { Slice } from '../../../src/core/bar.ts';
import type { GateChange } from '../../../src/core/operator.ts';
import { DAY_MS, HOUR_MS, type EpochMs, type Timeframe } from '../../../src/core/time.ts';
import { Retrier } from '../../../src/data/collect/retrier.ts';
import type { SeriesTarget, VenueParts } from '../../../src/data/collect/series-collector.ts';
import { VenueClock } from '../../../src/data/collect/venue-clock.ts';
import { PollingFeed, type PollingSettings } from '../../../src/data/live/polling-feed.ts';
import { RETRY_WAITS } from '../../../src/data/retry-policy.ts';
import type { FeedSink } from '../../../src/ports/feed.ts';
import { KeptLog } from '../../support/kept-log.ts';
import { LiveMarket } from '../../support/live-market.ts';
import { VirtualTime } from '../../support/virtual-time.ts';
import { HOUR_0, hour, hourly } from '../collect/listed-venue.ts';
import { connect } from '../sqlite/fixtures.ts';

/** Tells one bar from all others of a stage. */
export function nameOf(bar: Pick<HandedBar, 'symbol' | 'openTime'>): string {
  return `${bar.symbol} ${bar.openTime}`;
}

export const GRACE = 5000;
export const STRAGGLER = 10_000;

/** One bar as it was handed out. */
export interface HandedBar {
  readonly kind: 'warmUp' | 'trade' | 'catchUp';
  readonly symbol: string;
  readonly openTime: EpochMs;
  readonly close: number;
  readonly sliceClose: EpochMs;
  /** When, in true time. */
  readonly at: EpochMs;
}

interface StageSketch {
  readonly now: EpochMs;
  readonly symbols?: readonly string[];
  readonly timeframe?: Timeframe;
  readonly retries?: number;
  readonly pageBars?: number;
  readonly outliers?: 'keep' | 'quarantine';
}

/** A venue, a database and a feed between them, in virtual time. */
export class FeedStage {
  readonly time: VirtualTime;
  readonly market: LiveMarket;
  readonly store = new SqliteBarStore(connect());
  readonly log = new KeptLog();
  readonly handed: HandedBar[] = [];
  readonly gates: (GateChange & { readonly at: EpochMs })[] = [];
  /** When each bar was stored first, by `nameOf`. */
  readonly storedAt = new Map<string, EpochMs>();
  /** What the sink throws next; null for nothing. */
  sinkFault: Error | null = null;
  readonly #sketch: StageSketch;

  constructor(sketch: StageSketch) {
    this.#sketch = sketch;
    this.time = new VirtualTime(sketch.now);
    this.market = new LiveMarket(this.time, [], sketch.pageBars);
    const save = this.store.save.bind(this.store);
    this.store.save = (write) => {
      for (const { openTime } of write.bars) {
        const name = nameOf({ symbol: write.key.symbol, openTime });
        if (!this.storedAt.has(name)) this.storedAt.set(name, this.time.time);
      }
      return save(write);
    };
  }

  /** Hourly bars of a symbol, each shown when it closes or so much later. */
  publish(symbol: string, from: number, to: number, lateMs = 0): void {
    for (let index = from; index < to; index += 1) {
      this.market.publish({ symbol, bar: hourly(index), at: hour(index + 1) + lateMs });
    }
  }

  get targets(): readonly SeriesTarget[] {
    const { symbols = ['BTC/USD'], timeframe = '1h', outliers = 'keep' } = this.#sketch;
    return symbols.map((symbol) => {
      const isCrypto = symbol.includes('/');
      return {
        key: { exchange: 'listed', symbol, timeframe, adjustment: 'raw' },
        rules: {
          assetClass: isCrypto ? 'crypto' : 'stock',
          calendar: isCrypto ? 'always' : 'us',
          outliers,
          outlierMeasure: { sigmas: 5, window: 100 },
        },
      };
    });
  }

  venue(): VenueParts {
    const { time, market: source, log: logger, store } = this;
    const policy = { ...RETRY_WAITS, retries: this.#sketch.retries ?? 0 };
    return {
      source,
      store,
      clock: new VenueClock({ source, clock: time, logger }),
      retrier: new Retrier({ policy, timer: time, clock: time, random: () => 0.5, logger }),
      graceMs: GRACE,
      historyMs: 30 * DAY_MS,
    };
  }

  feed(settings: Partial<PollingSettings> = {}): PollingFeed {
    return new PollingFeed({
      venue: this.venue(),
      targets: this.targets,
      timer: this.time,
      logger: this.log,
      settings: {
        warmUpBars: 3,
        from: null,
        staleAfterMs: null,
        stragglerMs: STRAGGLER,
        requestValidityMs: 60_000,
        ...settings,
      },
      onGate: (change) => this.gates.push({ ...change, at: this.time.time }),
    });
  }

  /** Runs a feed as one process would, until a time. */
  async run(until: EpochMs, settings: Partial<PollingSettings> = {}): Promise<void> {
    const stop = new AbortController();
    const running = this.feed(settings).run(this.sink, stop.signal);
    await this.time.pass(until, running);
    stop.abort();
    await running;
  }

  readonly sink: FeedSink = {
    warmUp: (slice) => this.#take('warmUp', slice),
    trade: (slice) => this.#take('trade', slice),
    catchUp: (slice) => this.#take('catchUp', slice),
  };

  /** `trade BTC 5 @6+5s`: kind, symbol, hour it opened, hour and seconds it was handed out at. */
  get lines(): readonly string[] {
    return this.handed.map(({ kind, symbol, openTime, at }) => {
      const [base = ''] = symbol.split('/');
      const hours = Math.floor((at - HOUR_0) / HOUR_MS);
      const seconds = Math.floor((at - hour(hours)) / 1000);
      return `${kind} ${base} ${(openTime - HOUR_0) / HOUR_MS} @${hours}+${seconds}s`;
    });
  }

  #take(kind: HandedBar['kind'], { closeTime, bars }: Slice): void {
    if (this.sinkFault !== null) throw this.sinkFault;
    const at = this.time.time;
    for (const { symbol, openTime, close } of bars) {
      this.handed.push({ kind, symbol, openTime, close, sliceClose: closeTime, at });
    }
  }
}
