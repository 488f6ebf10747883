import type { Decimal } from '../core/decimal.ts';
import type { Liquidity } from '../core/fill.ts';
import type { ApprovedOrder } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';

/** What an order acts as: one of a stop type waits as a stop, then becomes one of the others. */
export type ActingAs = 'market' | 'stop' | 'limit';

/** The quote after which an order came to be what it is: it knows nothing of prices before that. */
export interface Placement {
  readonly time: EpochMs;
  /** What the quote had for an order of that side. */
  readonly price: number;
  /** The rest of the bar around the quote counts for it; else only further quotes and bars do. */
  readonly meetsBar: boolean;
}

/** A working order to go on from; plain data. */
export interface OrderSnapshot {
  readonly request: ApprovedOrder;
  /** It may meet the rest of the last bar of its symbol. */
  readonly isOfRest: boolean;
  /** All that this bar can do to it is done. */
  readonly isDone: boolean;
  readonly endsAt: EpochMs;
  readonly placement: Placement | null;
  readonly kind: ActingAs;
  readonly level: Decimal | null;
  readonly tightened: Decimal | null;
  readonly liquidity: Liquidity;
  readonly ordered: Decimal;
  readonly remaining: Decimal;
  readonly isUnsettled: boolean;
  readonly hasFilled: boolean;
  readonly isOpen: boolean;
}
