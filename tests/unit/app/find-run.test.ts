import { describe, expect, it } from 'vitest';
import { reportOf, type RunSummary } from '../../../src/app/find-run.ts';

const summaryOf = (report: string | null) => ({ report }) as RunSummary;

describe('the report of a recorded run', () => {
  it('is none of a run that did not get so far', () => {
    expect(reportOf(summaryOf(null))).toBeNull();
  });

  it('is what was recorded', () => {
    const recorded = {
      run_id: 'bt-7',
      informative_symbols: ['ETH/USD'],
      costs: { net: 3 },
      interest: 1.5,
      fill_scenario: 'optimistic',
      fills: null,
      limited_protections: null,
    };
    expect(reportOf(summaryOf(JSON.stringify(recorded)))).toEqual(recorded);
  });

  it('of an earlier version has nothing where that version said nothing', () => {
    expect(reportOf(summaryOf('{"run_id":"bt-7"}'))).toEqual({
      run_id: 'bt-7',
      informative_symbols: [],
      costs: null,
      interest: 0,
      fill_scenario: 'base',
      fills: null,
      limited_protections: null,
    });
  });
});
