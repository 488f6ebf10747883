import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { EventBus } from '../core/event-bus.ts';
import type { Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import type { PositionId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import type { Position } from '../core/position.ts';
import type { RiskAlert } from '../core/risk.ts';
import type { EpochMs } from '../core/time.ts';
import { notionalOf, slippageOf } from './fill-costs.ts';
import { ProtectionTally, type LimitedProtections } from './limited-protections.ts';
import type { CloseSpan } from './metrics/buy-and-hold-return.ts';

/** A halt of trading, as it was raised. */
export interface Halt {
  readonly check: string;
  readonly at: EpochMs;
  readonly message: string;
}

interface WritableSpan {
  first: number;
  last: number;
}

/** Counts and sums over a whole run: signals, orders, fills, interest, halts, first and last closes. */
export class RunStatistics {
  readonly #refused = new Map<string, number>();
  readonly #ignored = new Map<string, number>();
  readonly #spans = new Map<SymbolName, WritableSpan>();
  readonly #open = new OpenItems<PositionId, Position>();
  readonly #halts: Halt[] = [];
  readonly #protections = new ProtectionTally();
  #halted: Halt | null = null;
  #signals = 0;
  #approved = 0;
  #notional = Decimal.zero;
  #fees = Decimal.zero;
  #slippage = Decimal.zero;
  #interest = Decimal.zero;

  get signals(): number {
    return this.#signals;
  }

  /** Signals that led to no order, by reason. */
  get ignoredSignals(): ReadonlyMap<string, number> {
    return this.#ignored;
  }

  get approvedOrders(): number {
    return this.#approved;
  }

  /** Orders that risk refused, by check. */
  get refusedOrders(): ReadonlyMap<string, number> {
    return this.#refused;
  }

  /** Entries that the risk limits protected otherwise than their strategy wished. */
  get limitedProtections(): LimitedProtections {
    return this.#protections.counts;
  }

  /** Sum of price × quantity over all fills, in quote currency. */
  get tradedNotional(): Decimal {
    return this.#notional;
  }

  /** Fees of all fills, those of positions still open included. */
  get fees(): Decimal {
    return this.#fees;
  }

  /** Cost of slippage of all fills, positive when it hurt. */
  get slippage(): Decimal {
    return this.#slippage;
  }

  /** Interest on cash owed: the account's, in no position. Positive when paid, quote currency. */
  get interest(): Decimal {
    return this.#interest;
  }

  get openPositions(): number {
    return this.#open.size;
  }

  /** The halt in force now; null while trading. */
  get halted(): Halt | null {
    return this.#halted;
  }

  /** Every halt of the run, resumed or not. */
  get halts(): readonly Halt[] {
    return this.#halts;
  }

  /** First and last close of each symbol's traded bars. */
  get closeSpans(): ReadonlyMap<SymbolName, CloseSpan> {
    return this.#spans;
  }

  subscribe(bus: Pick<EventBus, 'on'>): undefined {
    this.#protections.subscribe(bus);
    bus.on('bar.closed', ({ payload }) => this.#noteClose(payload));
    bus.on('signal.raised', () => {
      this.#signals++;
      return undefined;
    });
    bus.on('signal.ignored', ({ payload }) => count(this.#ignored, payload.reason));
    bus.on('order.approved', () => {
      this.#approved++;
      return undefined;
    });
    bus.on('order.rejected', ({ payload }) => count(this.#refused, payload.refusal.check));
    bus.on('order.filled', ({ payload }) => this.#noteFill(payload));
    bus.on('financing.charged', ({ payload }) => this.#noteCharge(payload));
    bus.on('position.updated', ({ payload }) => {
      if (payload.quantity.isZero) this.#open.delete(payload.id);
      else this.#open.set(payload.id, payload);
      return undefined;
    });
    bus.on('risk.alerted', ({ ts, payload }) => this.#noteAlert(ts, payload));
    return undefined;
  }

  #noteClose({ symbol, close }: Bar): undefined {
    const span = this.#spans.get(symbol);
    if (span === undefined) this.#spans.set(symbol, { first: close, last: close });
    else span.last = close;
    return undefined;
  }

  #noteFill(fill: Fill): undefined {
    this.#notional = this.#notional.plus(notionalOf(fill));
    this.#fees = this.#fees.plus(fill.fee);
    this.#slippage = this.#slippage.plus(slippageOf(fill));
    return undefined;
  }

  #noteCharge({ kind, amount }: FinancingCharge): undefined {
    if (kind === 'interest') this.#interest = this.#interest.plus(amount);
    return undefined;
  }

  #noteAlert(at: EpochMs, { kind, check, message }: RiskAlert): undefined {
    this.#halted = kind === 'halted' ? { check, at, message } : null;
    if (this.#halted !== null) this.#halts.push(this.#halted);
    return undefined;
  }
}

function count(counts: Map<string, number>, name: string): undefined {
  counts.set(name, (counts.get(name) ?? 0) + 1);
  return undefined;
}
