import type { Decimal } from './decimal.ts';
import type { SymbolName } from './instrument.ts';
import type { EpochMs } from './time.ts';

const ACCOUNT_DIFFERENCES = [
  'balance',
  'foreign-order',
  'missing-order',
  'overfilled-order',
  'lost-protection',
] as const;

/** Something an exchange's account shows that the engine's own books do not explain. */
export interface AccountDifference {
  readonly kind: (typeof ACCOUNT_DIFFERENCES)[number];
  /** The symbol that may only be reduced from now on; null where it is about cash. */
  readonly symbol: SymbolName | null;
  /** Currency or base asset of a balance, client or venue id of an order, id of a lost exit. */
  readonly subject: string;
  /** By the engine's books; null where they know nothing of it. */
  readonly ours: Decimal | null;
  readonly theirs: Decimal | null;
  readonly message: string;
}

/** The account was compared with the exchange's. Without differences, it agreed. */
export interface AccountCheck {
  readonly at: EpochMs;
  readonly differences: readonly AccountDifference[];
}
