import type { Signal } from '../../core/signal.ts';
import type { HostedStrategy } from '../../strategies/strategy-runner.ts';
import type { Strategy, CrossSectionalStrategy } from '../../strategies/strategy.ts';

/** Strategies that wish again what they wished on record, whatever they would wish by now. */
export class RecordedDeciders {
  #wishes: readonly Signal[] = [];

  /** What they are to wish for until told otherwise. */
  tell(wishes: readonly Signal[]): void {
    this.#wishes = wishes;
  }

  /** Takes the place of each strategy, under its name and for its symbols. */
  inPlaceOf(strategies: readonly HostedStrategy[]): readonly HostedStrategy[] {
    return strategies.map((hosted) => ({ ...hosted, definition: this.#definition(hosted) }));
  }

  #definition({ id, definition }: HostedStrategy): HostedStrategy['definition'] {
    const { description, params, informative } = definition;
    const base = { id: definition.id, description, params };
    const told = informative === undefined ? base : { ...base, informative };
    const own = (): readonly Signal[] => this.#wishes.filter(({ strategy }) => strategy === id);
    if (definition.createForAll !== undefined) {
      return { ...told, createForAll: (): CrossSectionalStrategy => ({ onBars: own }) };
    }
    return {
      ...told,
      create: (): Strategy => ({
        onBar: ({ symbol }) => own().filter((wish) => wish.symbol === symbol),
      }),
    };
  }
}
