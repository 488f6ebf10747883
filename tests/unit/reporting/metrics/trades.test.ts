import { describe, expect, it } from 'vitest';
import { buyAndHoldReturn } from '../../../../src/reporting/metrics/buy-and-hold-return.ts';
import {
  averageLoss,
  averageWin,
  expectancy,
} from '../../../../src/reporting/metrics/expectancy.ts';
import { bestTrade, worstTrade } from '../../../../src/reporting/metrics/extreme-trades.ts';
import { profitFactor } from '../../../../src/reporting/metrics/profit-factor.ts';
import { systemQualityNumber } from '../../../../src/reporting/metrics/system-quality-number.ts';
import { turnover } from '../../../../src/reporting/metrics/turnover.ts';
import { winRate } from '../../../../src/reporting/metrics/win-rate.ts';

/** Wins 30 + 10 = 40, losses 20, one trade of nothing; sum 20. */
const PNLS = [30, -20, 0, 10];

describe('metrics of trades', () => {
  it.each([
    ['win rate', winRate, 2 / 4],
    ['profit factor', profitFactor, 40 / 20],
    ['expectancy', expectancy, 20 / 4],
    ['average win', averageWin, 40 / 2],
    ['average loss', averageLoss, -20],
    // mean 5; distances 25, −25, −5, 5; squares 625 + 625 + 25 + 25 = 1300; variance 1300 / 3
    ['system quality number', systemQualityNumber, (2 * 5) / Math.sqrt(1300 / 3)],
  ])('%s of two wins, a loss and a trade of nothing', (_, metric, expected) => {
    expect(metric(PNLS)).toBeCloseTo(expected, 12);
  });

  it.each([
    ['win rate', winRate],
    ['profit factor', profitFactor],
    ['expectancy', expectancy],
    ['average win', averageWin],
    ['average loss', averageLoss],
    ['system quality number', systemQualityNumber],
    ['best trade', bestTrade],
    ['worst trade', worstTrade],
  ])('%s of no trades is undefined', (_, metric) => {
    expect(metric([])).toBeNull();
  });

  it('has no profit factor when nothing was lost', () => {
    expect(profitFactor([10, 20])).toBeNull();
    expect(profitFactor([0])).toBeNull();
  });

  it('has a profit factor of zero when nothing was won', () => {
    expect(profitFactor([-10])).toBe(0);
  });

  it('has no average of wins without a win, nor of losses without a loss', () => {
    expect(averageWin([-1, 0])).toBeNull();
    expect(averageLoss([1, 0])).toBeNull();
  });

  it.each([
    ['one trade', [5]],
    ['trades of equal result', [5, 5, 5]],
  ])('has no system quality number of %s', (_, pnls) => {
    expect(systemQualityNumber(pnls)).toBeNull();
  });

  it('finds the best and the worst return', () => {
    expect(bestTrade([-0.1, 0.3, 0.2])).toBe(0.3);
    expect(worstTrade([0.3, -0.1, 0.2])).toBe(-0.1);
    expect(bestTrade([-0.2, -0.1]), 'the best of losses is a loss').toBe(-0.1);
  });
});

describe('turnover', () => {
  it('is notional over mean equity', () => {
    expect(turnover(50_000, 20_000)).toBe(2.5);
    expect(turnover(0, 20_000)).toBe(0);
  });

  it('is undefined without equity', () => {
    expect(turnover(50_000, null)).toBeNull();
    expect(turnover(50_000, 0)).toBeNull();
  });
});

describe('buyAndHoldReturn', () => {
  it('weighs every symbol equally', () => {
    // +50 % and −10 %: mean 20 %
    const spans = [
      { first: 100, last: 150 },
      { first: 20_000, last: 18_000 },
    ];
    expect(buyAndHoldReturn(spans)).toBeCloseTo(0.2, 12);
  });

  it('is undefined without symbols and for a first close of zero', () => {
    expect(buyAndHoldReturn([])).toBeNull();
    expect(buyAndHoldReturn([{ first: 0, last: 10 }])).toBeNull();
  });
});
