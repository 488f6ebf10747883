import { defineStrategy, z, type Bar, type Decision, type StrategyContext } from 'quantsage';

/** Counts falls in a row, which any rise ends. */
class FallsInARow {
  readonly history = 2;
  #falls = 0;

  onBar(bar: Bar, context: StrategyContext): Decision {
    const [before] = context.history(2);
    this.#falls = before !== undefined && bar.close < before.close ? this.#falls + 1 : 0;
    if (context.position !== null) {
      return this.#falls === 0 ? [context.exit({ reason: 'it rose' })] : [];
    }
    return this.#falls === 3 ? context.enter({ side: 'buy', reason: 'three falls' }) : null;
  }
}

export default defineStrategy({
  id: 'class_with_private_fields',
  params: z.object({}),
  create: () => new FallsInARow(),
});
