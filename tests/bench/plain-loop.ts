import { BAR_STRIDE, type BarPage } from '../../src/ports/bar-store.ts';
import { BollingerBands } from '../../src/strategies/indicators/bollinger-bands.ts';
import { Rsi } from '../../src/strategies/indicators/rsi.ts';
import { Sma } from '../../src/strategies/indicators/sma.ts';

export interface PlainRules {
  readonly capital: number;
  readonly maxFraction: number;
  readonly stopLoss: number;
  readonly fee: number;
  readonly slippage: number;
  readonly takeProfitMultiple: number;
}

export interface PlainResult {
  readonly trades: number;
  readonly equity: number;
}

/**
 * The arithmetic of the mean reversion backtest and nothing else: the same indicators, rules and
 * fills as the engine, in doubles, in one loop without bus, events, ledger, risk or records. What
 * the engine takes longer than this is the price of being an engine.
 */
export function plainLoop(pages: Iterable<BarPage>, rules: PlainRules): PlainResult {
  const trader = new PlainTrader(rules);
  let close = 0;
  for (const page of pages) {
    for (let at = 0; at < page.length; at += BAR_STRIDE) {
      const open = page[at + 1] ?? 0;
      close = page[at + 4] ?? 0;
      trader.meetOpen(open);
      trader.meetRange(open, page[at + 2] ?? 0, page[at + 3] ?? 0);
      trader.decide(close, page[at + 5] ?? 0);
    }
  }
  return trader.finish(close);
}

class PlainTrader {
  readonly #rules: PlainRules;
  readonly #bands = new BollingerBands({ period: 20, deviations: 2 });
  readonly #rsi = new Rsi({ period: 14 });
  readonly #volume = new Sma({ period: 20 });
  readonly #warmup: number;
  #cash: number;
  #peak: number;
  #drawdown = 0;
  #quantity = 0;
  #stop = 0;
  #target = 0;
  #wished = 0;
  #middle = 0;
  #leaves = false;
  #seen = 0;
  #trades = 0;

  constructor(rules: PlainRules) {
    this.#rules = rules;
    this.#cash = rules.capital;
    this.#peak = rules.capital;
    this.#warmup = Math.max(this.#bands.warmup, this.#rsi.warmup, this.#volume.warmup);
  }

  /** What was decided on the last close fills. */
  meetOpen(open: number): void {
    if (this.#wished > 0) this.#buy(ceilTick(open * (1 + this.#rules.slippage)));
    else if (this.#leaves) this.#sell(this.#slipped(open));
    this.#leaves = false;
  }

  /** The stop is taken before the target. */
  meetRange(open: number, high: number, low: number): void {
    if (this.#quantity === 0) return;
    if (low <= this.#stop) this.#sell(this.#slipped(Math.min(open, this.#stop)));
    else if (high > this.#target) this.#sell(Math.max(open, this.#target));
  }

  decide(close: number, volume: number): void {
    this.#bands.update(close);
    this.#rsi.update(close);
    this.#volume.update(volume);
    const equity = this.#cash + this.#quantity * close;
    if (equity > this.#peak) this.#peak = equity;
    this.#drawdown = Math.max(this.#drawdown, (this.#peak - equity) / this.#peak);
    if (++this.#seen < this.#warmup) return;
    if (this.#quantity > 0) this.#leaves = close >= this.#bands.middle;
    else if (this.#isOversold(close, volume)) {
      this.#wished = floorLot((equity * this.#rules.maxFraction) / close);
      this.#middle = this.#bands.middle;
    }
  }

  finish(close: number): PlainResult {
    if (this.#quantity > 0) this.#sell(this.#slipped(close));
    return { trades: this.#trades, equity: this.#cash };
  }

  #isOversold(close: number, volume: number): boolean {
    return (
      close < this.#bands.lower &&
      this.#bands.zScore < -2 &&
      this.#rsi.value < 40 &&
      volume > 1.2 * this.#volume.value
    );
  }

  #buy(price: number): void {
    const { fee, stopLoss, takeProfitMultiple } = this.#rules;
    this.#quantity = this.#wished;
    this.#wished = 0;
    this.#cash -= this.#quantity * price * (1 + fee);
    this.#stop = roundTick(price * (1 - stopLoss));
    this.#target = roundTick(price + takeProfitMultiple * (this.#middle - price));
  }

  #sell(price: number): void {
    this.#cash += this.#quantity * price * (1 - this.#rules.fee);
    this.#quantity = 0;
    this.#trades++;
  }

  #slipped(price: number): number {
    return floorTick(price * (1 - this.#rules.slippage));
  }
}

function ceilTick(price: number): number {
  return Math.ceil(price * 100 - 1e-7) / 100;
}

function floorTick(price: number): number {
  return Math.floor(price * 100 + 1e-7) / 100;
}

function roundTick(price: number): number {
  return Math.round(price * 100) / 100;
}

function floorLot(quantity: number): number {
  return Math.floor(quantity * 1e8) / 1e8;
}
