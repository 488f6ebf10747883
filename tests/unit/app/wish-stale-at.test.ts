import { describe, expect, it } from 'vitest';
import { wishStaleAt } from '../../../src/app/wish-stale-at.ts';
import { tradingCalendar } from '../../../src/core/trading-calendar.ts';
import { strategyId } from '../../support/orders.ts';
import { ENTRY } from '../portfolio/portfolio-script.ts';

const at = (text: string): number => Date.parse(text);
const OPEN = at('2026-03-02T10:00:00Z');
const WISH = { ...ENTRY, barOpenTime: OPEN };

const termsOf = (staleAfterMs: number | null, timeframe: '1h' | '1d' = '1h') => ({
  strategies: [{ id: ENTRY.strategy, timeframe }],
  calendarOf: () => tradingCalendar('always'),
  staleAfterMs,
});

describe('the bar of a wish', () => {
  it('is old two bars after its close where nothing else is configured', () => {
    expect(wishStaleAt(WISH, termsOf(null))).toBe(at('2026-03-02T13:00:00Z'));
  });

  it.each([
    ['tighter', 30_000, '2026-03-02T11:00:30Z'],
    ['looser', 14_400_000, '2026-03-02T15:00:00Z'],
  ])('is old when the feed would not decide on it any more: %s', (_name, ms, time) => {
    expect(wishStaleAt(WISH, termsOf(ms))).toBe(at(time));
  });

  it('does not grow old over a weekend on which nobody trades', () => {
    const friday = { ...WISH, symbol: 'AAPL', barOpenTime: at('2026-03-06T00:00:00Z') };
    const terms = { ...termsOf(null, '1d'), calendarOf: () => tradingCalendar('us') };
    expect(wishStaleAt(friday, terms)).toBeGreaterThan(at('2026-03-09T20:00:00Z'));
  });

  it('is old at once where its strategy is none of this session’s', () => {
    const wish = { ...WISH, strategy: strategyId('gone') };
    expect(wishStaleAt(wish, termsOf(null))).toBe(-Infinity);
  });
});
