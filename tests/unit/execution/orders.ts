import type { Protection } from '../../../src/core/protection.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import {
  exitGroupOf,
  orderId,
  positionId,
  type OrderGroupId,
  type OrderId,
  type StrategyId,
} from '../../../src/core/ids.ts';
import type {
  ApprovedOrder,
  OrderPricing,
  OrderRequest,
  OrderRole,
  Side,
  SizedAtFill,
  TimeInForce,
} from '../../../src/core/order.ts';

export interface OrderSpec {
  readonly count: number;
  readonly role: OrderRole;
  readonly side: Side;
  readonly quantity: string;
  readonly pricing: OrderPricing;
  readonly position?: number;
  readonly timeInForce?: TimeInForce;
  readonly symbol?: string;
  readonly referencePrice?: number;
  readonly expiresAt?: number | null;
  /** Number of the order it takes the place of. */
  readonly replaces?: OrderId | null;
  /** Entries of one name exclude one another. */
  readonly group?: string | null;
  /** The entry announces a stop-loss. */
  readonly withStop?: boolean;
  /** Of an entry: for a share of the free funds. */
  readonly sizedAtFill?: SizedAtFill;
  /** The entry announces a take-profit. */
  readonly withTarget?: boolean;
}

function protectionOf({ withStop = false, withTarget = false }: OrderSpec): Protection {
  return {
    stopLoss: withStop ? { kind: 'fraction', fraction: 0.02 } : null,
    takeProfit: withTarget ? { kind: 'fraction', fraction: 0.05 } : null,
  };
}

/** An order as risk would have approved it: tests of execution stand behind risk. */
export function approvedOrder(spec: OrderSpec): ApprovedOrder {
  const { role, pricing } = spec;
  const position = positionId(spec.position ?? 1);
  const base = {
    id: orderId(spec.count),
    strategy: 'test' as StrategyId,
    symbol: spec.symbol ?? 'BTC/USD',
    side: spec.side,
    quantity: Decimal.parse(spec.quantity),
    timeInForce: spec.timeInForce ?? 'gtc',
    expiresAt: spec.expiresAt ?? null,
    replaces: spec.replaces ?? null,
    position,
    signalSeq: 1,
    referencePrice: spec.referencePrice ?? 100,
    reason: role,
  };
  const request: OrderRequest =
    role === 'entry'
      ? {
          ...base,
          ...pricing,
          role,
          group: (spec.group ?? null) as OrderGroupId | null,
          sizedAtFill: spec.sizedAtFill ?? null,
          protection: protectionOf(spec),
        }
      : { ...base, ...pricing, role, group: exitGroupOf(position) };
  return request as ApprovedOrder;
}
