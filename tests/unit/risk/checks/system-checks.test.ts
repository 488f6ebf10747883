import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../../src/risk/assess.ts';
import { haltedTrading } from '../../../../src/risk/checks/halted-trading.ts';
import { checkDailyLoss, checkDrawdown } from '../../../../src/risk/checks/loss-limits.ts';
import { dailyNotional } from '../../../../src/risk/checks/daily-notional.ts';
import { orderNotional } from '../../../../src/risk/checks/order-notional.ts';
import { ordersPerDay, ordersPerMinute } from '../../../../src/risk/checks/order-rates.ts';
import { decimal, entry, NO_LIMITS, START, state, systemLimits } from '../risk-builders.ts';

describe('order-notional', () => {
  it.each([
    ['exactly the cap', 10, 1_000, true],
    ['one lot above the cap', 10.001, 1_000, false],
    ['anything without a cap', 1e9, null, true],
    ['anything at a cap of NaN', 0.001, Number.NaN, false],
  ])('judges %s', (_title, quantity, maxOrderNotional, passes) => {
    const order = entry({ quantity: decimal(quantity) });
    const assessment = orderNotional(order, state(), systemLimits({ maxOrderNotional }));
    expect(assessment).toMatchObject({
      limit: maxOrderNotional,
      actual: quantity * 100,
      passed: passes,
    });
  });

  it('refuses a value that is no number', () => {
    const order = entry({ referencePrice: Number.NaN });
    const refusal = refusalOf(
      orderNotional(order, state(), systemLimits({ maxOrderNotional: 1_000 })),
    );
    expect(refusal).toMatchObject({ layer: 'system', check: 'order-notional', limit: 1_000 });
    expect(refusal?.actual).toBeNaN();
  });
});

describe('notional-per-day', () => {
  it.each([
    ['exactly what is left of the day', 500, 1_500, true],
    ['more than is left', 500.01, 1_500, false],
    ['anything at a cap of NaN', 0, Number.NaN, false],
    ['anything when the sum is lost', Number.NaN, 1_500, false],
  ])('judges %s', (_title, notionalToday, maxDailyNotional, passes) => {
    const order = entry({ quantity: decimal(10) });
    const limits = systemLimits({ maxDailyNotional });
    expect(dailyNotional(order, state({ notionalToday }), limits)).toMatchObject({
      check: 'notional-per-day',
      actual: notionalToday + 1_000,
      passed: passes,
    });
  });

  it('says nothing where no cap is set', () => {
    const limits = systemLimits({ maxDailyNotional: null });
    expect(dailyNotional(entry(), state(), limits)).toBeNull();
  });
});

describe.each([
  ['orders-per-minute', ordersPerMinute, 'maxOrdersPerMinute', 'approvedLastMinute'],
  ['orders-per-day', ordersPerDay, 'maxOrdersPerDay', 'approvedToday'],
] as const)('%s', (name, check, limit, counter) => {
  it.each([
    ['the third entry of three', 2, 3, true],
    ['the fourth entry of three', 3, 3, false],
    ['any entry of none', 0, 0, false],
    ['any entry without a limit', 1e6, null, true],
    ['any entry when the count is lost', Number.NaN, 3, false],
  ])('judges %s', (_title, approved, most, passes) => {
    const counted = state({ [counter]: approved });
    expect(check(entry(), counted, systemLimits({ [limit]: most }))).toMatchObject({
      limit: most,
      actual: approved + 1,
      passed: passes,
    });
  });

  it('counts the entry asked for in the actual value', () => {
    const counted = state({ [counter]: 3 });
    expect(check(entry(), counted, systemLimits({ [limit]: 3 }))).toMatchObject({
      layer: 'system',
      check: name,
      limit: 3,
      actual: 4,
    });
  });
});

describe.each([
  ['daily-loss', checkDailyLoss],
  ['drawdown', checkDrawdown],
] as const)('%s', (name, check) => {
  it.each([
    ['a loss of exactly the limit', { limit: 0.05, from: 10_000, equity: 9_500 }],
    ['a gain', { limit: 0.05, from: 10_000, equity: 12_000 }],
    ['ruin without a limit', { limit: null, from: 10_000, equity: 0 }],
  ])('lets %s be', (_title, loss) => {
    expect(check(loss.limit, loss.from, loss.equity)).toBeNull();
  });

  it.each([
    ['a loss just above the limit', { limit: 0.05, from: 10_000, equity: 9_499.99 }],
    ['equity that is no number', { limit: 0.05, from: 10_000, equity: Number.NaN }],
    ['a start that is no number', { limit: 0.05, from: Number.NaN, equity: 10_000 }],
    // As a fraction of a start below zero, a further fall would look like a gain.
    ['debt that grows', { limit: 0.05, from: -100, equity: -200 }],
  ])('calls %s a breach', (_title, loss) => {
    expect(check(loss.limit, loss.from, loss.equity)).toMatchObject({ check: name, limit: 0.05 });
  });

  it('reports the loss as a fraction of where it started', () => {
    expect(check(0.05, 10_000, 9_000)).toMatchObject({
      check: name,
      limit: 0.05,
      actual: 0.1,
    });
  });
});

describe('halted', () => {
  const halt = {
    check: 'drawdown',
    limit: 0.2,
    actual: 0.25,
    message: 'too deep',
    since: START,
    onBreach: 'halt',
    endsWithDay: false,
  } as const;

  it('refuses every entry and names what halted trading', () => {
    expect(refusalOf(haltedTrading(entry(), state({ halt }), NO_LIMITS))).toEqual({
      layer: 'system',
      check: 'halted',
      limit: 0.2,
      actual: 0.25,
      message: 'entry o1: trading is halted by drawdown: too deep',
    });
  });

  it('passes while trading goes on', () => {
    expect(haltedTrading(entry(), state(), NO_LIMITS)).toEqual({
      layer: 'system',
      check: 'halted',
      limit: 0,
      actual: 0,
      passed: true,
    });
  });
});
