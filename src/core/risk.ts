import type { OrderId } from './ids.ts';
import type { OrderRequest } from './order.ts';

export const RISK_LAYERS = ['order', 'position', 'symbol', 'portfolio', 'system'] as const;
export type RiskLayer = (typeof RISK_LAYERS)[number];

/** Why risk said no: the check, its limit, what it found, and a sentence for people. */
export interface Refusal {
  readonly layer: RiskLayer;
  readonly check: string;
  readonly limit: number;
  readonly actual: number;
  readonly message: string;
}

interface PassedCheck {
  readonly layer: RiskLayer;
  readonly check: string;
  /** Null where the limit is switched off. */
  readonly limit: number | null;
  /** NaN where nothing was measured, as for some limits that are off. */
  readonly actual: number;
  readonly passed: true;
}

interface FailedCheck extends Refusal {
  readonly passed: false;
}

/** What one check allows and what it found, whether the order passed it or not. */
export type Assessment = PassedCheck | FailedCheck;

/** All that risk looked at before it answered a request, in that order; a refusal is the last. */
export interface RiskAssessment {
  readonly orderId: OrderId;
  readonly assessments: readonly Assessment[];
}

/** An order that risk did not let pass. */
export interface OrderRejection {
  readonly order: OrderRequest;
  readonly refusal: Refusal;
}

/** What the engine does with open positions when a system limit trips. */
export const BREACH_POLICIES = ['halt', 'flatten'] as const;
export type BreachPolicy = (typeof BREACH_POLICIES)[number];

/** Trading was halted or resumed: entries are refused while halted, exits go on. */
export interface RiskAlert {
  readonly kind: 'halted' | 'resumed';
  readonly check: string;
  readonly limit: number;
  readonly actual: number;
  readonly onBreach: BreachPolicy;
  readonly message: string;
}
