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
