import { defineStrategy, z, type Bar } from 'quantsage';

/** A median of its own, told to the engine with the bars it needs. */
class Median {
  readonly firstValue = 15;
  readonly warmup = 15;
  #closes: number[] = [];

  get value(): number {
    return this.#closes.toSorted((one, other) => one - other)[7] ?? Number.NaN;
  }

  update(bar: Bar): void {
    this.#closes = [...this.#closes.slice(-14), bar.close];
  }
}

export default defineStrategy({
  id: 'own_window',
  params: z.object({}),
  create({ indicators }) {
    const median = indicators.onBars(new Median());
    return {
      onBar(bar, context) {
        if (context.position !== null) {
          return bar.close > median.value * 1.01 ? context.exit({ reason: 'above' }) : null;
        }
        return bar.close < median.value * 0.985
          ? context.enter({ side: 'buy', reason: 'below the median' })
          : null;
      },
    };
  },
});
