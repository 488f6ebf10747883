import type * as z from 'zod';
import type { Bar } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { EventBus } from '../../../src/core/event-bus.ts';
import { isStrategyId, positionId } from '../../../src/core/ids.ts';
import type { StrategyId } from '../../../src/core/ids.ts';
import type { Position, PositionSide } from '../../../src/core/position.ts';
import type { Signal } from '../../../src/core/signal.ts';
import type { OpenOrder } from '../../../src/ports/portfolio-view.ts';
import type { StrategyDefinition } from '../../../src/strategies/strategy.ts';
import { StrategyHost } from '../../../src/strategies/strategy-host.ts';
import type { HostedStrategy } from '../../../src/strategies/strategy-host.ts';

export function strategyId(text: string): StrategyId {
  if (!isStrategyId(text)) throw new Error(`a strategy id was expected, was "${text}"`);
  return text;
}

export function hosted<Schema extends z.ZodType>(
  definition: StrategyDefinition<Schema>,
  values: Partial<HostedStrategy> = {},
): HostedStrategy {
  return {
    id: strategyId('under_test'),
    definition,
    params: definition.params.parse({}),
    symbols: ['BTC/USD'],
    timeframe: '1h',
    allowShort: false,
    calendarOf: () => ({ id: 'always', sessionOn: () => null }),
    ...values,
  };
}

export function openPosition(side: PositionSide, values: Partial<Position> = {}): Position {
  return {
    id: positionId(1),
    strategy: strategyId('under_test'),
    symbol: 'BTC/USD',
    side,
    quantity: Decimal.one,
    entered: Decimal.one,
    entryPrice: Decimal.parse('100'),
    exitPrice: null,
    grossPnl: Decimal.zero,
    fees: Decimal.zero,
    slippage: Decimal.zero,
    impact: Decimal.zero,
    financing: Decimal.zero,
    entryTime: 0,
    exitTime: null,
    exitReason: null,
    ...values,
  };
}

/** A host on a real bus, with positions set by hand, and every signal it raised. */
export class HostFixture {
  readonly host: StrategyHost;
  readonly signals: Signal[] = [];
  position: Position | null = null;
  /** Orders of every strategy, set by hand. */
  orders: readonly OpenOrder[] = [];
  readonly #publishWatched;
  readonly #publishSlice;
  readonly #publishBar;

  constructor(...strategies: readonly HostedStrategy[]) {
    let now = 0;
    const bus = new EventBus({ now: () => ++now });
    const view = {
      positionOf: (strategy: StrategyId, symbol: string): Position | null =>
        this.position?.strategy === strategy && this.position.symbol === symbol
          ? this.position
          : null,
      openOrders: () => this.orders,
    };
    this.host = new StrategyHost({ bus, view, strategies });
    this.#publishWatched = bus.publisher('bar.watched');
    this.#publishSlice = bus.publisher('slice.closed');
    this.#publishBar = bus.publisher('bar.closed');
    bus.on('signal.raised', ({ payload }) => {
      this.signals.push(payload);
      return undefined;
    });
  }

  /** Closes bars of one instant, as the engine does; the signals they led to. */
  close(...bars: readonly Bar[]): readonly Signal[] {
    const before = this.signals.length;
    this.#publishSlice({ closeTime: bars[0]?.closeTime ?? 0, bars });
    for (const bar of bars) this.#publishBar(bar);
    return this.signals.slice(before);
  }

  /** Closes bars of symbols that are only looked at, ahead of the others of their instant. */
  watch(...bars: readonly Bar[]): void {
    for (const bar of bars) this.#publishWatched(bar);
  }

  warmUp(bars: readonly Bar[]): void {
    for (const bar of bars) this.host.warmUp({ closeTime: bar.closeTime, bars: [bar] });
  }

  /** Closes bars one after the other; a signal's position is held, or gone, from the next bar on. */
  trade(bars: readonly Bar[]): readonly Signal[] {
    const before = this.signals.length;
    for (const bar of bars) {
      for (const signal of this.close(bar)) this.#follow(signal);
    }
    return this.signals.slice(before);
  }

  #follow(signal: Signal): void {
    const { strategy, symbol } = signal;
    this.position =
      signal.intent === 'enter'
        ? openPosition(signal.side === 'buy' ? 'long' : 'short', { strategy, symbol })
        : null;
  }
}
