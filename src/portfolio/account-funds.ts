import { present } from '../core/assert.ts';
import type { OrderGroupId, PositionId, StrategyId } from '../core/ids.ts';
import type { Position } from '../core/position.ts';
import type { AccountMarks } from './account-marks.ts';
import type { Ledger } from './ledger.ts';
import type { PendingOrders } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import type { PositionDirectory } from './position-directory.ts';

/** What an entry is sized by. Money in quote currency. */
export interface EntryFunds {
  /** Of the account. */
  readonly equity: number;
  /** Equity the strategy sizes by: its share of the account's. */
  readonly capital: number;
  /** Value of further positions that the account can carry, the buffer used too. */
  readonly accountPower: number;
  /** What of that the strategy may use. */
  readonly buyingPower: number;
}

/** A position whose exit is under way. */
export interface LeavingPosition {
  readonly id: PositionId;
  /** Cash its exit will bring, costs off; negative for a short, which is bought back. */
  readonly brings: number;
}

/** What else is going on where an entry is to be sized. */
interface EntrySurroundings {
  readonly leaving: readonly LeavingPosition[];
  /** Of the entry. */
  readonly group: OrderGroupId | null;
}

const NOTHING_BESIDE: EntrySurroundings = { leaving: [], group: null };

interface AccountFundsOptions {
  readonly settings: Pick<PortfolioSettings, 'margin' | 'cashBuffer' | 'shareOf'>;
  readonly ledger: Ledger;
  readonly marks: AccountMarks;
  readonly positions: PositionDirectory;
  readonly pending: PendingOrders;
}

/**
 * What entries may use, at the last closes: equity − initial margin × Σ|value|, less what pending
 * entries were promised. Without loans and shorts that is the free cash.
 */
export class AccountFunds {
  readonly #options: AccountFundsOptions;

  constructor(options: AccountFundsOptions) {
    this.#options = options;
  }

  /**
   * What entries of a group were promised is not taken off where the new one is of it: one of them
   * fills at most.
   */
  forEntry(strategy: StrategyId, beside: EntrySurroundings = NOTHING_BESIDE): EntryFunds {
    const { settings, marks } = this.#options;
    const { initial } = settings.margin;
    const { equity } = marks;
    const share = settings.shareOf(strategy);
    const free = this.#free(beside);
    const accountPower = free / initial;
    const { cashBuffer } = settings;
    const unreserved = cashBuffer > 0 ? (free - cashBuffer * equity) / initial : accountPower;
    if (share === 1) return { equity, capital: equity, accountPower, buyingPower: unreserved };
    const capital = share * equity;
    const own = this.#freeOf(strategy, capital, beside) / initial;
    return { equity, capital, accountPower, buyingPower: Math.min(unreserved, own) };
  }

  #free({ leaving, group }: EntrySurroundings): number {
    const { settings, ledger, positions, pending } = this.#options;
    const { initial } = settings.margin;
    let free = ledger.cash.toNumber() - pending.promisedCash(group);
    for (const position of positions.all()) {
      const isLong = position.side === 'long';
      const exit = leaving.find(({ id }) => id === position.id);
      if (exit !== undefined) free += exit.brings;
      else if (!isLong) free -= (1 + initial) * this.#worth(position);
      else if (initial < 1) free += (1 - initial) * this.#worth(position);
    }
    return free;
  }

  /** What a strategy's share leaves it beside its own positions and pending entries. */
  #freeOf(strategy: StrategyId, capital: number, { leaving, group }: EntrySurroundings): number {
    const { settings, positions, pending } = this.#options;
    let free = capital * (1 - settings.cashBuffer) - pending.promisedCash(group, strategy);
    for (const position of positions.all()) {
      if (position.strategy !== strategy) continue;
      if (leaving.some(({ id }) => id === position.id)) continue;
      free -= settings.margin.initial * this.#worth(position);
    }
    return free;
  }

  /** Value at the last close, positive for shorts too. */
  #worth({ symbol, quantity }: Position): number {
    const price = present(this.#options.marks.lastPrice(symbol), 'the last price of what is held');
    return quantity.toNumber() * price;
  }
}
