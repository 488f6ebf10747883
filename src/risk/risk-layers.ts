import type { EntryCheck, OrderCheck } from './risk-state.ts';
import { correlatedGroup } from './checks/correlated-group.ts';
import { dailyNotional } from './checks/daily-notional.ts';
import { exitPosition } from './checks/exit-position.ts';
import { exitQuantity } from './checks/exit-quantity.ts';
import { exitSide } from './checks/exit-side.ts';
import { haltedTrading } from './checks/halted-trading.ts';
import { investedShare } from './checks/invested-share.ts';
import { lotStep } from './checks/lot-step.ts';
import { orderNotional } from './checks/order-notional.ts';
import { orderPrice } from './checks/order-price.ts';
import { orderQuantity } from './checks/order-quantity.ts';
import { ordersPerDay, ordersPerMinute } from './checks/order-rates.ts';
import { positionSize } from './checks/position-size.ts';
import { stopLoss } from './checks/stop-loss.ts';
import { symbolExposure } from './checks/symbol-exposure.ts';

/** What every order must pass, exits too. */
export const ORDER_CHECKS: readonly OrderCheck[] = [
  orderQuantity,
  lotStep,
  orderPrice,
  exitPosition,
  exitSide,
  exitQuantity,
];

/** What entries must pass on top: the first refusal is the answer. */
export const ENTRY_CHECKS: readonly EntryCheck[] = [
  // A halt stands before the layers: it is the answer whatever the order would else break.
  haltedTrading,
  // position
  positionSize,
  stopLoss,
  // symbol
  symbolExposure,
  // portfolio
  investedShare,
  correlatedGroup,
  // system
  orderNotional,
  dailyNotional,
  ordersPerMinute,
  ordersPerDay,
];
