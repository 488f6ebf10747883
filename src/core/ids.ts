import type { Branded } from './brand.ts';
import type { SymbolName } from './instrument.ts';

export type RunId = Branded<string, 'RunId'>;
export type OrderId = Branded<string, 'OrderId'>;
export type PositionId = Branded<string, 'PositionId'>;
export type TradeId = Branded<string, 'TradeId'>;
export type StrategyId = Branded<string, 'StrategyId'>;
export type OrderGroupId = Branded<string, 'OrderGroupId'>;

const STRATEGY_ID = /^[a-z][a-z0-9_]{0,63}$/;

/** True for names that may stand as a strategy id, and so as a file name in `config/strategies`. */
export function isStrategyId(text: string): text is StrategyId {
  return STRATEGY_ID.test(text);
}

/** Ids inside a run count from one; with the run's own id they are unique for ever. */
export function orderId(count: number): OrderId {
  return `o${count}` as OrderId;
}

/** True for texts that `orderId` gives. */
export function isOrderId(text: string): text is OrderId {
  return /^o[1-9]\d*$/.test(text);
}

export function positionId(count: number): PositionId {
  return `p${count}` as PositionId;
}

/**
 * A position that fills began under the id of one that had ended: an order for it was still at work.
 * It is another position, named after the first one and the trade that began it.
 */
export function successorOf(position: PositionId, trade: string): PositionId {
  return `${rootOf(position)}.${trade}` as PositionId;
}

/** The id that orders first named a position and its successors by. */
export function rootOf(position: PositionId): PositionId {
  const end = position.indexOf('.');
  return end === -1 ? position : (position.slice(0, end) as PositionId);
}

export function tradeId(count: number): TradeId {
  return `t${count}` as TradeId;
}

/** The orders that close one position share a group: a fill of one cuts the rest to what is held. */
export function exitGroupOf(position: PositionId): OrderGroupId {
  return `${position}-exit` as OrderGroupId;
}

/** Entries of one name exclude one another: a fill of one cancels the rest. */
export function entryGroupOf(strategy: StrategyId, symbol: SymbolName, name: string): OrderGroupId {
  return `${strategy}-${symbol}-${name}-entry` as OrderGroupId;
}

export function runId(mode: string, count: number): RunId {
  return `${mode}-${count}` as RunId;
}
