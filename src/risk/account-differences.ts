import type { AccountCheck, AccountDifference } from '../core/account-check.ts';
import type { SymbolName } from '../core/instrument.ts';

/** What the last check of the account found, and what of it an operator accepted. */
export interface DifferencesSnapshot {
  readonly found: readonly AccountDifference[];
  readonly accepted: readonly string[];
}

/**
 * Symbols in which the account shows what the books do not explain: they may only be reduced. A
 * check that finds nothing there any more sets them free, and so does an operator who resumes: what
 * is accepted then counts again only once it has changed, or gone and come back.
 */
export class AccountDifferences {
  #found: readonly AccountDifference[];
  #accepted: ReadonlySet<string>;

  constructor({ found, accepted }: DifferencesSnapshot = { found: [], accepted: [] }) {
    this.#found = found;
    this.#accepted = new Set(accepted);
  }

  /** Takes over a check and returns what it found that the one before had not. */
  check({ differences }: AccountCheck): readonly AccountDifference[] {
    const before = new Set(this.#found.map(keyOf));
    const now = new Set(differences.map(keyOf));
    this.#found = differences;
    this.#accepted = new Set([...this.#accepted].filter((key) => now.has(key)));
    return differences.filter((each) => !before.has(keyOf(each)));
  }

  accept(): void {
    this.#accepted = new Set(this.#found.map(keyOf));
  }

  /** What keeps a symbol from being entered; null where nothing does. */
  of(symbol: SymbolName): AccountDifference | null {
    if (this.#found.length === 0) return null;
    const open = (each: AccountDifference) =>
      each.symbol === symbol && !this.#accepted.has(keyOf(each));
    return this.#found.find(open) ?? null;
  }

  snapshot(): DifferencesSnapshot {
    return { found: this.#found, accepted: [...this.#accepted] };
  }
}

/** The same difference, however the rest of the account moved in between. */
function keyOf({ kind, symbol, subject, ours, theirs }: AccountDifference): string {
  const size = ours === null || theirs === null ? (ours ?? theirs) : theirs.minus(ours);
  return [kind, symbol ?? '', subject, size?.toString() ?? ''].join(' ');
}
