import path from 'node:path';
import { expect } from 'vitest';
import { loadRecordedFile } from '../../src/app/strategy-file.ts';
import {
  runBacktest,
  type Backtest,
  type ConfigInput,
  type StrategyDefinition,
  type StrategyRun,
} from '../../src/quantsage.ts';
import type { DatedCandle } from './reference/candles.ts';
import type { Terms } from './reference/script.ts';

/** A case for a reference broker: candles of one symbol, what is done on them, and the account. */
export interface EngineCase {
  readonly symbol: string;
  readonly candles: readonly DatedCandle[];
  readonly strategy: StrategyRun;
  readonly config: ConfigInput;
}

/** A strategy of the folder of strategies, loaded as a user's file is. */
export async function strategyIn(file: string): Promise<StrategyDefinition> {
  const loaded = await loadRecordedFile(path.resolve('tests/oracles/strategies', file));
  if (loaded === null) throw new Error(`the strategy ${file} was expected`);
  return loaded.definition;
}

/** Equal to a price of doubles up to 1e-9. */
export function near(price: number): unknown {
  return expect.closeTo(price, 9);
}

/** The case through the engine, by what a user may call and configure. */
export async function runEngine(wanted: EngineCase): Promise<Backtest> {
  const { symbol, candles, strategy, config } = wanted;
  return runBacktest({ strategy, bars: { [symbol]: candles }, timeframe: '1d', config });
}

/** The rules of backtesting.py with the costs and the account of a case. */
export function nextOpenConfig(symbol: string, terms: Terms): ConfigInput {
  const { cash, margin, cashBuffer, fillAt, opposite } = terms;
  return {
    data: { splits: 'trade' },
    portfolio: {
      initial_capital: cash,
      cash_buffer: cashBuffer,
      opposite_signal: opposite === 'reverse' ? 'reverse' : 'close',
      margin: { initial: margin, maintenance: null, borrow_rate: 0, interest_rate: 0 },
    },
    execution: {
      fill_at: fillAt,
      limit_fill: 'touch',
      entry_bars: null,
      max_volume_share: null,
      entry_bar_exits: 'at_open',
      short_of_funds: 'cancel',
      close_at_end: true,
      close_at_end_price: fillAt === 'close' ? 'previous_close' : 'open',
      instruments: [{ symbol, tick_size: 0, lot_step: 1, min_notional: 0 }],
    },
    risk_limits: { enabled: false },
    position_sizing: sizing(terms),
    transaction_costs: {
      commission: {
        venue_fees: 'ignore',
        stock: { maker: terms.feeRate, taker: terms.feeRate },
        per_order: terms.fixedFee,
      },
      slippage: { model: 'spread', fraction: 2 * terms.spread, applies_to: 'entries' },
    },
  };
}

function sizing({ sizedAt, fraction }: Terms): ConfigInput['position_sizing'] {
  if (sizedAt === 'percent') return { method: 'fixed_fraction', fraction };
  const fixedFee = sizedAt === 'fill' ? 'per_unit' : 'once';
  return { method: 'all_in', fraction, evaluate_at: sizedAt, fixed_fee: fixedFee };
}

/** The rules of backtrader's broker. */
export function touchingConfig(symbol: string, cash: number, feeRate: number): ConfigInput {
  return {
    data: { splits: 'trade' },
    portfolio: {
      initial_capital: cash,
      margin: { initial: 1, maintenance: null, borrow_rate: 0, interest_rate: 0 },
    },
    execution: {
      fill_at: 'next_open',
      limit_fill: 'touch',
      entry_bars: null,
      max_volume_share: null,
      entry_bar_exits: 'never',
      trailing_reference: 'close',
      short_of_funds: 'cancel',
      close_at_end: false,
      instruments: [{ symbol, tick_size: 0, lot_step: 1, min_notional: 0 }],
    },
    risk_limits: { enabled: false },
    transaction_costs: {
      commission: { venue_fees: 'ignore', stock: { maker: feeRate, taker: feeRate } },
      slippage: { model: 'fixed_bps', bps: 0 },
    },
  };
}
