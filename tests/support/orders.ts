import { Decimal } from '../../src/core/decimal.ts';
import type { Fill } from '../../src/core/fill.ts';
import {
  exitGroupOf,
  isStrategyId,
  orderId,
  positionId,
  tradeId,
  type StrategyId,
} from '../../src/core/ids.ts';
import type { Instrument } from '../../src/core/instrument.ts';
import type { EntryOrder, ExitOrder, Side } from '../../src/core/order.ts';
import type { Position } from '../../src/core/position.ts';
import type { Ledger } from '../../src/portfolio/ledger.ts';

export const dec = (text: string | number): Decimal => Decimal.parse(String(text));

export function strategyId(text: string): StrategyId {
  if (!isStrategyId(text)) throw new Error(`not a strategy id: ${text}`);
  return text;
}

export const BTC: Instrument = {
  symbol: 'BTC/USD',
  assetClass: 'crypto',
  quoteCurrency: 'USD',
  tickSize: dec('0.01'),
  lotStep: dec('0.00000001'),
  minNotional: dec('1'),
  fees: null,
};

interface OrderSketch {
  readonly id?: number;
  readonly position?: number;
  readonly symbol?: string;
  readonly side?: Side;
  readonly quantity: string;
  readonly price?: number;
}

/** A market entry without protection. */
export function entryOrder(sketch: OrderSketch): EntryOrder {
  return {
    id: orderId(sketch.id ?? 1),
    strategy: strategyId('test'),
    symbol: sketch.symbol ?? 'BTC/USD',
    side: sketch.side ?? 'buy',
    quantity: dec(sketch.quantity),
    timeInForce: 'gtc',
    expiresAt: null,
    replaces: null,
    position: positionId(sketch.position ?? 1),
    signalSeq: 1,
    referencePrice: sketch.price ?? 100,
    reason: 'entry',
    role: 'entry',
    group: null,
    sizedAtFill: null,
    protection: { stopLoss: null, takeProfit: null },
    type: 'market',
  };
}

/** A market exit. */
export function exitOrder(sketch: OrderSketch): ExitOrder {
  const position = positionId(sketch.position ?? 1);
  return {
    id: orderId(sketch.id ?? 2),
    strategy: strategyId('test'),
    symbol: sketch.symbol ?? 'BTC/USD',
    side: sketch.side ?? 'sell',
    quantity: dec(sketch.quantity),
    timeInForce: 'gtc',
    expiresAt: null,
    replaces: null,
    position,
    signalSeq: 1,
    referencePrice: sketch.price ?? 100,
    reason: 'exit',
    role: 'exit',
    group: exitGroupOf(position),
    type: 'market',
  };
}

interface FillSketch {
  readonly quantity: string;
  readonly price: string;
  readonly rawPrice?: string;
  readonly fee?: string;
  readonly time?: number;
  readonly partial?: boolean;
  readonly trade?: number;
  readonly commission?: Fill['commission'];
  /** The fee is still to be told. */
  readonly provisional?: boolean;
}

/** A fill of that order. */
export function fillOf(order: EntryOrder | ExitOrder, sketch: FillSketch): Fill {
  return {
    tradeId: tradeId(sketch.trade ?? 1),
    orderId: order.id,
    symbol: order.symbol,
    side: order.side,
    quantity: dec(sketch.quantity),
    price: dec(sketch.price),
    rawPrice: dec(sketch.rawPrice ?? sketch.price),
    impact: dec('0'),
    fee: dec(sketch.fee ?? '0'),
    commission: sketch.commission ?? null,
    isFeeProvisional: sketch.provisional ?? false,
    liquidity: 'taker',
    time: sketch.time ?? 0,
    orderState: sketch.partial === true ? 'partially_filled' : 'filled',
  };
}

/** Books a fill that moves goods of one position, and gives that one. */
export function book(ledger: Ledger, fill: Fill, order: EntryOrder | ExitOrder): Position {
  const { left, entered } = ledger.apply(fill, order);
  const position = left ?? entered;
  if (position === null) throw new Error(`fill ${fill.tradeId} moved nothing`);
  return position;
}
