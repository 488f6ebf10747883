import type { Slice } from '../core/bar.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { SizingSettings } from '../portfolio/position-sizing.ts';
import { Atr } from '../strategies/indicators/atr.ts';

/** The average true range of every symbol, for sizing by volatility. */
export class AtrTracker {
  /** Bars; null where sizing does not ask for it. */
  readonly #period: number | null;
  readonly #ranges = new Map<SymbolName, Atr>();

  constructor(sizing: SizingSettings) {
    this.#period = sizing.method === 'volatility_target' ? sizing.atrPeriod : null;
  }

  get isNeeded(): boolean {
    return this.#period !== null;
  }

  observe({ bars }: Slice): void {
    const period = this.#period;
    if (period === null) return;
    for (const bar of bars) {
      const known = this.#ranges.get(bar.symbol);
      const range = known ?? new Atr({ period });
      if (known === undefined) this.#ranges.set(bar.symbol, range);
      range.update(bar);
    }
  }

  /** In quote currency; null until the first value. */
  valueOf(symbol: SymbolName): number | null {
    const value = this.#ranges.get(symbol)?.value ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  }
}
