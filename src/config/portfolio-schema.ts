import * as z from 'zod';
import {
  fraction,
  line,
  name,
  notNegative,
  positive,
  section,
  wholeNumber,
} from './schema-fields.ts';

const SHARE = 'a fraction from 0 to below 1';
const YEARLY_RATE_MAX = 10;

const margin = section({
  initial: fraction()
    .default(1)
    .describe("Part of a position's value that equity must cover: 1 lends nothing, 0.5 is twice"),
  maintenance: fraction()
    .nullable()
    .default(0.25)
    .describe('Part of the exposure that equity may not fall below: all is closed; null: no call'),
  borrow_rate: notNegative(YEARLY_RATE_MAX)
    .default(0.03)
    .describe('Fee for what is sold short, crypto too: a fraction of its value a year'),
  interest_rate: notNegative(YEARLY_RATE_MAX)
    .default(0.08)
    .describe('Interest on cash that is owed: a fraction a year'),
}).superRefine(({ initial, maintenance }, context) => {
  if (maintenance === null || maintenance <= initial) return;
  context.addIssue({
    code: 'custom',
    path: ['initial'],
    message: `a fraction not below margin.maintenance (${maintenance}; null: no margin calls)`,
    input: initial,
  });
});

/** Shares of doubles may add up to a hair more than one. */
const SUM_MAX = 1 + 1e-9;

const capitalShares = z
  .record(name(), fraction())
  .superRefine((shares, context) => {
    const sum = Object.values(shares).reduce((total, share) => total + share, 0);
    if (sum <= SUM_MAX) return;
    context.addIssue({
      code: 'custom',
      message: `shares that add up to 1 at most, not to ${Number(sum.toPrecision(6))},`,
      input: shares,
    });
  })
  .readonly();

/** The account: its cash, what it may owe, and who may use how much of it. */
export const portfolioSection = section({
  strategies: z
    .array(line(), 'a list of strategies')
    .max(100, 'a list of at most 100 strategies')
    .readonly()
    .prefault([])
    .describe(
      'What a backtest runs where --strategy names none: ids of config/strategies, or files; all ' +
        'on one account',
    ),
  initial_capital: positive().default(100_000).describe('Cash at the start, in quote currency'),
  max_entries: wholeNumber(1, 1000)
    .default(1)
    .describe('How often a position may be entered before it is closed (pyramiding)'),
  opposite_signal: z
    .enum(['close', 'reverse'])
    .default('close')
    .describe('What an entry against the position held does: close it, or also turn round'),
  cash_buffer: z
    .number(SHARE)
    .gte(0, SHARE)
    .lt(1, SHARE)
    .default(0)
    .describe('Part of equity that entries leave untouched'),
  margin: margin.prefault({}).describe('Buying on credit and selling short'),
  capital_shares: capitalShares
    .prefault({})
    .describe('Part of equity each strategy may use, by id; the others share the rest equally'),
});
