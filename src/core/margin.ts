/** What an account must hold against its positions, and what borrowing costs. Fractions. */
export interface MarginTerms {
  /** Part of a position's value that equity must cover: 1 lends nothing, 0.5 buys twice equity. */
  readonly initial: number;
  /** Fraction of exposure below which equity may not fall; null for an account nobody calls. */
  readonly maintenance: number | null;
  /** Of the value of what is sold short, a year. */
  readonly borrowRate: number;
  /** Of the cash owed, a year. */
  readonly interestRate: number;
}
