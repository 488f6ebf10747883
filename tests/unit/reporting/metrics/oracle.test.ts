import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Drawdown } from '../../../../src/reporting/drawdown.ts';
import { annualVolatility } from '../../../../src/reporting/metrics/annual-volatility.ts';
import { cagr } from '../../../../src/reporting/metrics/cagr.ts';
import { calmarRatio } from '../../../../src/reporting/metrics/calmar-ratio.ts';
import { sharpeRatio } from '../../../../src/reporting/metrics/sharpe-ratio.ts';
import { simpleReturns } from '../../../../src/reporting/metrics/simple-returns.ts';
import {
  downsideDeviation,
  sortinoRatio,
} from '../../../../src/reporting/metrics/sortino-ratio.ts';
import { totalReturn } from '../../../../src/reporting/metrics/total-return.ts';
import {
  compounded,
  EmpyricalCases,
  expectedOf,
  known,
  numbersIn,
  periodsPerYear,
} from './empyrical-cases.ts';
import type { OracleCase, Series } from './empyrical-cases.ts';

const PATH = '../shared/oracles/metrics-cases.json';
const PLACES = 8;

/** Tests of the table that measure something else than these metrics, with the reason. */
const NOT_OURS: Readonly<Record<string, string>> = {
  test_aggregate_returns: 'returns by calendar week, month and year are no metric here',
  test_omega: 'the omega ratio is no metric here',
  test_omega_returns: 'the omega ratio is no metric here',
  test_excess_sharpe: 'the information ratio against a benchmark is no metric here',
  test_excess_sharpe_noisy: 'the information ratio against a benchmark is no metric here',
  test_excess_sharpe_trans: 'the information ratio against a benchmark is no metric here',
  test_alpha: 'alpha against a benchmark is no metric here',
  test_alpha_beta: 'alpha and beta against a benchmark are no metrics here',
  test_alpha_beta_translation: 'alpha and beta against a benchmark are no metrics here',
  test_alpha_beta_correlation: 'alpha and beta against a benchmark are no metrics here',
  test_alpha_beta_with_nan_inputs: 'alpha and beta against a benchmark are no metrics here',
  test_alpha_beta_equality: 'alpha and beta against a benchmark are no metrics here',
  test_beta: 'beta against a benchmark is no metric here',
  test_roll_alpha_beta: 'alpha and beta against a benchmark are no metrics here',
  test_down_alpha_beta: 'alpha and beta against a benchmark are no metrics here',
  test_up_alpha_beta: 'alpha and beta against a benchmark are no metrics here',
  test_beta_fragility_heuristic: 'the fragility heuristic is no metric here',
  test_stability_of_timeseries: 'the R² of log returns is no metric here',
  test_tail_ratio: 'the tail ratio is no metric here',
  test_gpd_risk_estimates: 'value at risk is historical here, not fitted to a Pareto tail',
  test_capture_ratio: 'capture ratios against a benchmark are no metrics here',
  test_down_capture: 'capture ratios against a benchmark are no metrics here',
  test_up_capture: 'capture ratios against a benchmark are no metrics here',
  test_up_down_capture: 'capture ratios against a benchmark are no metrics here',
  test_roll_up_capture: 'capture ratios against a benchmark are no metrics here',
  test_roll_down_capture: 'capture ratios against a benchmark are no metrics here',
  test_roll_up_down_capture: 'capture ratios against a benchmark are no metrics here',
  test_cagr_with_nan_inputs: 'its series with random holes is not in the table',
  test_cum_returns_df: 'its expected frames are not in the table',
  test_cum_returns_final_df: 'its expected frames are not in the table',
};

/** Of 242 cases in the table. */
const COMPARED = 106;

describe.skipIf(!existsSync(PATH))(`metrics against ${PATH} (skipped when absent)`, () => {
  const oracle = new EmpyricalCases(PATH);
  const compared = oracle.cases.filter(({ test }) => Object.hasOwn(COMPARISONS, test));

  it.each(compared)('agree with $test, line $line', (row) => {
    expect.hasAssertions();
    COMPARISONS[row.test]?.(row.args, oracle);
  });

  it('are compared wherever the definition is the same, and every other case has a reason', () => {
    const rest = oracle.cases.filter(({ test }) => !Object.hasOwn(COMPARISONS, test));
    expect(rest.filter(({ test }) => NOT_OURS[test] === undefined)).toEqual([]);
    const tests = new Set(oracle.cases.map(({ test }) => test));
    const stale = [...Object.keys(NOT_OURS), ...Object.keys(COMPARISONS)].filter(
      (test) => !tests.has(test),
    );
    expect(stale).toEqual([]);
    expect(compared).toHaveLength(COMPARED);
  });
});

type Comparison = (args: OracleCase['args'], oracle: EmpyricalCases) => void;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  test_simple_returns: ({ prices, expected }, oracle) => {
    // A price of zero has no return here: the ramp is compared from its second price on, where
    // the table expects 1/1, 1/2, … 1/998.
    const [first = 0, ...rest] = known(oracle.series(prices)).filter((price) => price > 0);
    const flat = expected?.startsWith('[0.0]') === true;
    const wanted = rest.map((_, index) => (flat ? 0 : 1 / (index + 1)));
    closeAll(simpleReturns(first, rest) ?? [], wanted);
  },
  test_cum_returns: ({ returns, starting_value, expected }, oracle) => {
    // The inverse: the table's levels give the returns back, as far as their digits go.
    const start = Number(starting_value);
    const levels = numbersIn(expected).map((level) => (start === 0 ? level + 1 : level));
    const wanted = oracle.series(returns).map((value) => value ?? 0);
    closeAll(simpleReturns(start === 0 ? 1 : start, levels) ?? [], wanted, 4);
  },
  test_cum_returns_final: ({ returns, starting_value, expected }, oracle) => {
    const final = finalReturn(oracle.series(returns));
    const start = Number(starting_value);
    const wanted = expected === 'one_return[0]' ? [0.01] : expectedOf(expected);
    closeAll([final !== null && start > 0 ? start * (1 + final) : final], wanted, 4);
  },
  test_max_drawdown: ({ returns, expected }, oracle) => {
    const inner = /^empyrical\.cum_returns_final\((.*)\)$/.exec(expected ?? '');
    const wanted = inner === null ? expectedOf(expected) : [finalReturn(oracle.series(inner[1]))];
    closeAll([negated(deepest(oracle.series(returns)))], wanted);
  },
  test_max_drawdown_translation: ({ returns, constant }, oracle) => {
    const depths = shifted(oracle.series(returns), constant, deepest);
    ascending(depths.toReversed());
  },
  test_roll_max_drawdown: ({ returns, window, expected }, oracle) => {
    const depths = windows(oracle.series(returns), window).map(deepest);
    closeAll(depths.map(negated), numbersIn(expected), 4);
  },
  test_annual_ret: ({ returns, period, expected }, oracle) => {
    closeAll([growth(oracle.series(returns), period)], expectedOf(expected));
  },
  test_cagr: ({ returns, period, expected }, oracle) => {
    closeAll([growth(oracle.series(returns), period)], expectedOf(expected));
  },
  test_cagr_translation: ({ returns, constant }, oracle) => {
    rising(shifted(oracle.series(returns), constant, (list) => growth(list)));
  },
  test_cagr_noisy: ({ returns, add_noise }, oracle) => {
    // One significant digit, as numpy's assert_approx_equal counts them.
    const noise = oracle.series(add_noise);
    const plain = growth(oracle.series(returns)) ?? Number.NaN;
    for (const sign of [1, -1]) {
      const noisy = oracle.series(returns).map((r, i) => (r ?? 0) + sign * (noise[i] ?? 0));
      const decade = 10 ** Math.floor(Math.log10(plain));
      expect(Math.abs((growth(noisy) ?? Number.NaN) - plain) / decade).toBeLessThan(1);
    }
  },
  test_annual_volatility: ({ returns, period, expected }, oracle) => {
    const volatility = annualVolatility(known(oracle.series(returns)), periodsPerYear(period));
    closeAll([volatility], expectedOf(expected));
  },
  test_calmar: ({ returns, period, expected }, oracle) => {
    const list = oracle.series(returns);
    closeAll([calmarRatio(growth(list, period), deepest(list))], expectedOf(expected));
  },
  test_sharpe_ratio: ({ returns, risk_free, expected }, oracle) => {
    const excess = oracle.excess(oracle.series(returns), risk_free);
    closeAll([sharpeRatio(excess, 252)], expectedOf(expected));
  },
  test_roll_sharpe_ratio: ({ returns, window, expected }, oracle) => {
    const ratios = windows(oracle.series(returns), window).map((w) => sharpeRatio(known(w), 252));
    closeAll(ratios, numbersIn(expected));
  },
  test_sharpe_translation_same: (args, oracle) => translatedTogether(args, oracle, sharpeRatio),
  test_sharpe_translation_diff: (args, oracle) => translatedApart(args, oracle, sharpeRatio),
  test_sharpe_translation_1: ({ returns, required_return, translation }, oracle) => {
    rising(
      shifted(oracle.series(returns), translation, (list) =>
        sharpeRatio(oracle.excess(list, required_return), 252),
      ),
    );
  },
  test_sharpe_noise: ({ small, large }, oracle) => {
    const ratio = (deviation: string | undefined) =>
      sharpeRatio(scaledNoise(oracle, 0.01, deviation), 252);
    rising([ratio(large), ratio(small)]);
  },
  test_downside_risk: ({ returns, required_return, period, expected }, oracle) => {
    const risks = oracle
      .frame(returns)
      .map((column) => downsideRisk(oracle.excess(column, required_return), period));
    closeAll(risks, expectedOf(expected));
  },
  test_downside_risk_noisy: ({ noise, flat_line }, oracle) => {
    const flat = oracle.series(flat_line);
    const risks = [250, 500, 750].map((count) =>
      downsideRisk(known([...oracle.series(noise).slice(0, count), ...flat.slice(count)])),
    );
    ascending(risks);
  },
  test_downside_risk_trans: ({ returns, required_return }, oracle) => {
    const list = oracle.series(returns);
    const required = [`-${required_return}`, '0', required_return];
    ascending(required.map((each) => downsideRisk(oracle.excess(list, each))));
  },
  test_downside_risk_std: ({ smaller_std, larger_std }, oracle) => {
    const risk = (std: string | undefined) => downsideRisk(scaledNoise(oracle, 0, std));
    ascending([risk(smaller_std), risk(larger_std)]);
  },
  test_sortino: ({ returns, required_return, period, expected }, oracle) => {
    const ratios = oracle
      .frame(returns)
      .map((each) => sortinoRatio(oracle.excess(each, required_return), periodsPerYear(period)));
    closeAll(ratios, expectedOf(expected));
  },
  test_sortino_add_noise: ({ returns }, oracle) => {
    const worse = replacedTwice(known(oracle.series(returns)), (value) => value > 0, -0.01);
    rising(worse.map((list) => sortinoRatio(list, 252)).toReversed());
  },
  test_sortino_sub_noise: ({ returns, required_return }, oracle) => {
    const required = Number(required_return);
    const better = replacedTwice(known(oracle.series(returns)), (r) => r < required, required);
    rising(better.map((list) => sortinoRatio(list, 252)));
  },
  test_sortino_translation_same: (args, oracle) => translatedTogether(args, oracle, sortinoRatio),
  test_sortino_translation_diff: (args, oracle) => translatedApart(args, oracle, sortinoRatio),
};

type Ratio = (excess: readonly number[], periods: number) => number | null;

function translatedTogether(args: OracleCase['args'], oracle: EmpyricalCases, ratio: Ratio): void {
  const { required_return, translation } = args;
  const list = oracle.series(args['returns']);
  const at = (shift: number) =>
    ratio(oracle.excess(moved(list, shift), String(Number(required_return) + shift)), 252);
  const by = Number(translation);
  closeAll([at(-by), at(by)], [at(0), at(0)]);
}

function translatedApart(args: OracleCase['args'], oracle: EmpyricalCases, ratio: Ratio): void {
  const { required_return, translation_returns, translation_required } = args;
  const list = oracle.series(args['returns']);
  const at = (sign: number) => {
    const required = Number(required_return) + sign * Number(translation_required);
    const translated = moved(list, sign * Number(translation_returns));
    return ratio(oracle.excess(translated, String(required)), 252);
  };
  expect(at(0)).not.toBeNull();
  expect(at(-1)).not.toBe(at(0));
  expect(at(1)).not.toBe(at(0));
}

function finalReturn(returns: Series): number | null {
  const final = compounded(returns).at(-1);
  return final === undefined ? null : totalReturn(1, final);
}

/** CAGR of so many returns, a year being as many as the table's period says. */
function growth(returns: Series, period?: string): number | null {
  return cagr(finalReturn(returns), (returns.length / periodsPerYear(period)) * 365.25);
}

function deepest(returns: Series): number | null {
  const drawdown = new Drawdown(1, 0);
  compounded(returns).forEach((level, index) => drawdown.observe(index + 1, level));
  return returns.length === 0 ? null : drawdown.max;
}

function downsideRisk(excess: readonly number[], period?: string): number | null {
  const deviation = downsideDeviation(excess);
  return deviation === null ? null : deviation * Math.sqrt(periodsPerYear(period));
}

function negated(value: number | null): number | null {
  return value === null ? null : -value;
}

function moved(returns: Series, by: number): Series {
  return returns.map((value) => (value === null ? null : value + by));
}

/** The metric of the returns lowered by the constant, as they are, and raised by it. */
function shifted(
  returns: Series,
  constant: string | undefined,
  metric: (returns: Series) => number | null,
): readonly (number | null)[] {
  return [-1, 0, 1].map((sign) => metric(moved(returns, sign * Number(constant))));
}

function windows(returns: Series, length: string | undefined): readonly Series[] {
  const size = Number(length);
  const count = Math.max(0, returns.length - size + 1);
  return Array.from({ length: count }, (_, start) => returns.slice(start, start + size));
}

/** The table draws normal returns at random; its own noise (deviation 0.001) stands in for them. */
function scaledNoise(
  oracle: EmpyricalCases,
  center: number,
  deviation: string | undefined,
): readonly number[] {
  return known(oracle.series('noise')).map((value) => center + value * 1000 * Number(deviation));
}

/** The returns, then with one and with two of the matching ones replaced. */
function replacedTwice(
  returns: readonly number[],
  matches: (value: number) => boolean,
  replacement: number,
): readonly (readonly number[])[] {
  const first = returns.findIndex(matches);
  const once = returns.with(first, replacement);
  const second = returns.findIndex((value, index) => index > first && matches(value));
  return [returns, once, once.with(second, replacement)];
}

function closeAll(
  actual: readonly (number | null)[],
  expected: readonly (number | null)[],
  places = PLACES,
): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((wanted, index) => {
    const value = actual[index] ?? null;
    if (wanted === null) expect(value).toBeNull();
    else expect(value ?? Number.NaN).toBeCloseTo(wanted, places);
  });
}

/** None undefined, each above the one before it. */
function rising(values: readonly (number | null)[]): void {
  ascending(values);
  expect(new Set(values).size).toBe(values.length);
}

/** None undefined, none below the one before it. */
function ascending(values: readonly (number | null)[]): void {
  expect(values).not.toContain(null);
  const numbers = known(values);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
}
