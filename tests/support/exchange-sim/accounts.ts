import type { EpochMs } from '../../../src/core/time.ts';
import type { Units } from './units.ts';

/** `free` and `held` are the customer's; the rest is where things come from and go to. */
type Account = 'free' | 'held' | 'market' | 'fees' | 'outside';

interface Posting {
  readonly account: Account;
  readonly asset: string;
  readonly amount: Units;
}

interface Entry {
  /** Change of the exchange at which it was booked. */
  readonly step: number;
  readonly time: EpochMs;
  readonly what: string;
  readonly postings: readonly Posting[];
}

export interface Holding {
  readonly free: Units;
  readonly held: Units;
}

/**
 * A double-entry book. Every entry moves amounts from one account to another, so that the accounts of
 * an asset together are always nothing, and what the customer has can be told for any past step.
 */
export class Accounts {
  readonly #entries: Entry[] = [];
  readonly #holdings = new Map<string, { free: Units; held: Units }>();

  /** Moves an amount of one asset; nothing happens for none of it. */
  move(
    asset: string,
    amount: Units,
    [from, to]: readonly [Account, Account],
    at: Omit<Entry, 'postings'>,
  ): void {
    if (amount === 0n) return;
    const postings: readonly Posting[] = [
      { account: from, asset, amount: -amount },
      { account: to, asset, amount },
    ];
    this.#entries.push({ ...at, postings });
    for (const posting of postings) apply(this.#holdings, posting);
  }

  holding(asset: string): Holding {
    return this.#holdings.get(asset) ?? { free: 0n, held: 0n };
  }

  /** All assets the customer ever had, by name; as they were at a step where one is given. */
  holdings(step: number | null = null): ReadonlyMap<string, Holding> {
    if (step === null) return new Map([...this.#holdings].sort(byName));
    const then = new Map<string, { free: Units; held: Units }>();
    for (const entry of this.#entries) {
      if (entry.step > step) break;
      for (const posting of entry.postings) apply(then, posting);
    }
    return new Map([...then].sort(byName));
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /**
   * Everything that is wrong with the book: assets created or destroyed, negative holdings, holdings
   * that are not what the entries add up to. Empty when all is well.
   */
  faults(): readonly string[] {
    const faults: string[] = [];
    for (const entry of this.#entries) {
      const sums = new Map<string, Units>();
      for (const { asset, amount } of entry.postings) {
        sums.set(asset, (sums.get(asset) ?? 0n) + amount);
      }
      for (const [asset, sum] of sums) {
        if (sum !== 0n) faults.push(`"${entry.what}" makes ${sum} units of ${asset} of nothing`);
      }
    }
    const counted = this.holdings(Infinity);
    for (const [asset, { free, held }] of this.#holdings) {
      if (free < 0n || held < 0n) faults.push(`${asset}: free ${free}, held ${held}`);
      const sum = counted.get(asset);
      if (sum?.free !== free || sum.held !== held) faults.push(`${asset}: not what was booked`);
    }
    return faults;
  }
}

function apply(holdings: Map<string, { free: Units; held: Units }>, posting: Posting): void {
  const { account, asset, amount } = posting;
  if (account !== 'free' && account !== 'held') return;
  const holding = holdings.get(asset) ?? { free: 0n, held: 0n };
  holdings.set(asset, { ...holding, [account]: holding[account] + amount });
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
