import type { Bar, Slice } from './bar.ts';
import type { AccountCheck } from './account-check.ts';
import type { EquityMark } from './equity.ts';
import type { FeeCorrection, Fill, FillExcess } from './fill.ts';
import type { FinancingCharge } from './financing.ts';
import type { GateChange, OperatorCommand } from './operator.ts';
import type { ApprovedOrder, CancelRequest, OrderRequest, OrderUpdate } from './order.ts';
import type { Position } from './position.ts';
import type { Quote } from './quote.ts';
import type { OrderRejection, RiskAlert, RiskAssessment } from './risk.ts';
import type { IgnoredSignal, Signal } from './signal.ts';
import type { EpochMs } from './time.ts';

/** Every event type, with its payload and (in the comment) its one publisher. */
export interface EventPayloads {
  /** data: a bar reaches the venue, which may fill resting orders against it. */
  'bar.arrived': Bar;
  /** data: a bar of a symbol that strategies look at and nobody trades. */
  'bar.watched': Bar;
  /** data: all bars of one close time are known; marks are taken, indicators updated. */
  'slice.closed': Slice;
  /** data: a closed bar that came too late to decide on; the venue has met it, the books know it. */
  'bar.missed': Bar;
  /** data: what symbols cost between two closes; simulated venues fill against it. */
  'quote.arrived': Quote;
  /** data: a bar is closed for strategies to decide on. */
  'bar.closed': Bar;
  /** strategies. */
  'signal.raised': Signal;
  /** portfolio: a signal led to no order. */
  'signal.ignored': IgnoredSignal;
  /** portfolio: goes to risk alone. */
  'order.requested': OrderRequest;
  /** portfolio. */
  'order.cancel-requested': CancelRequest;
  /** risk: what it looked at, just before its answer to a request. */
  'risk.assessed': RiskAssessment;
  /** risk: the only order event the executor hears. */
  'order.approved': ApprovedOrder;
  /** risk. */
  'order.rejected': OrderRejection;
  /** execution: submitted, accepted, canceled, expired, rejected by the venue, unknown. */
  'order.updated': OrderUpdate;
  /** execution. */
  'order.filled': Fill;
  /** portfolio: more was executed than was ordered or held. */
  'fill.exceeded': FillExcess;
  /** execution: the venue took what lending goods or cash costs. */
  'financing.charged': FinancingCharge;
  /** execution. */
  'fee.corrected': FeeCorrection;
  /** execution: the exchange's account was compared with what the engine knows. */
  'account.checked': AccountCheck;
  /** monitoring: what an operator asks for. */
  'operator.commanded': OperatorCommand;
  /** monitoring: the surroundings keep entries away, or no longer do. */
  'gate.changed': GateChange;
  /** portfolio. */
  'position.updated': Position;
  /** portfolio: once per close time. */
  'equity.marked': EquityMark;
  /** risk. */
  'risk.alerted': RiskAlert;
}

export type EventType = keyof EventPayloads;

/** An envelope: number, time and cause of a payload that nobody may change. */
export interface EngineEvent<T extends EventType = EventType> {
  /** Rises by one with every event of a run, from 1. */
  readonly seq: number;
  readonly ts: EpochMs;
  readonly type: T;
  /** `seq` of the event being handled when this one was published; null for outside input. */
  readonly causedBy: number | null;
  readonly payload: EventPayloads[T];
}

export type AnyEvent = { [T in EventType]: EngineEvent<T> }[EventType];

export type MarketDataEvent = EngineEvent<'bar.arrived'>;
export type SignalEvent = EngineEvent<'signal.raised'>;
export type OrderEvent = EngineEvent<'order.requested'>;
export type OrderApprovedEvent = EngineEvent<'order.approved'>;
export type OrderRejectedEvent = EngineEvent<'order.rejected'>;
export type FillEvent = EngineEvent<'order.filled'>;
export type PositionUpdateEvent = EngineEvent<'position.updated'>;
export type RiskAlertEvent = EngineEvent<'risk.alerted'>;
export type PerformanceMetricEvent = EngineEvent<'equity.marked'>;
