import { StrategyError } from '../../core/errors.ts';
import { judgeUses } from './checks/ambient.ts';
import { checkFuture, checkMemory } from './checks/look-ahead.ts';
import { judgeRun } from './checks/one-run.ts';
import { checkStart } from './checks/start.ts';
import { checkSurroundings } from './checks/surroundings.ts';
import { checkSymbols } from './checks/symbols.ts';
import type { Difference } from './compare-traces.ts';
import { barName, type Finding, type FindingKind } from './findings.ts';
import type { Laboratory } from './laboratory.ts';
import type { AmbientKind, AmbientUse, RunTrace, TrialOutcome } from './trial.ts';

export interface Examination {
  /** Bars with a decision in the plain run. */
  readonly decisions: number;
  /** Bars on which the strategy was asked in it. */
  readonly asked: number;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** What makes every run another one, so that comparing them shows nothing else. */
const NOISY: ReadonlySet<AmbientKind> = new Set(['clock', 'randomness', 'network', 'timer']);

/** Runs a strategy this way and that, and compares what it decides. */
export async function examine(lab: Laboratory, databasePath: string): Promise<Examination> {
  const [twice, again] = await Promise.all([plainRuns(lab, 2), plainRuns(lab, 1)]);
  if (twice instanceof StrategyError) return brokenRun(twice);
  const [base, second] = twice.runs;
  if (base === undefined || second === undefined) return brokenRun(new StrategyError('no run'));
  const { series, start } = lab.market;
  const ambient = judgeUses(twice.uses, { series, start, databasePath });
  const findings = [...ambient.findings, ...judgeRun(base)];
  const decisions = base.bars.filter(({ signals }) => signals !== '').length;
  const facts = { decisions, asked: base.bars.length };
  if (base.fault !== null) return { ...facts, findings, notes: ambient.notes };
  const noise = unlikeItself(lab, base, again, twice.uses);
  if (noise !== null || hasNoise(findings)) {
    const notes = [...ambient.notes, 'the other checks compare runs, and were left out'];
    return { ...facts, findings: [...findings, ...(noise === null ? [] : [noise])], notes };
  }
  const [future, surroundings, later, symbols, state] = await Promise.all([
    checkFuture(lab, base),
    checkSurroundings(lab, base, twice.uses),
    checkStart(lab, base),
    checkSymbols(lab, base),
    checkState(lab, { base, second, globals: twice.globals }),
  ]);
  return {
    ...facts,
    findings: [
      ...findings,
      ...future,
      ...state,
      ...surroundings,
      ...symbols.findings,
      ...later.findings,
    ],
    notes: [...ambient.notes, ...later.notes, ...symbols.notes],
  };
}

async function plainRuns(lab: Laboratory, count: number): Promise<TrialOutcome | StrategyError> {
  try {
    return await lab.runs(Array.from({ length: count }, () => ({})));
  } catch (error) {
    if (error instanceof StrategyError) return error;
    throw error;
  }
}

function brokenRun({ message }: StrategyError): Examination {
  const input = 'the strategy itself';
  const where = { symbol: null, bar: null, source: null };
  const finding: Finding = { kind: 'fault', input, message, ...where };
  return { decisions: 0, asked: 0, findings: [finding], notes: [] };
}

function hasNoise(findings: readonly Finding[]): boolean {
  const kinds: ReadonlySet<FindingKind> = NOISY;
  return findings.some(({ kind }) => kinds.has(kind));
}

/** Two equal runs, each in a process of its own, that did not decide the same. */
function unlikeItself(
  lab: Laboratory,
  base: RunTrace,
  again: TrialOutcome | StrategyError,
  uses: readonly AmbientUse[],
): Finding | null {
  const named = uses.filter(({ kind }) => NOISY.has(kind)).map(({ input }) => input);
  const input = named.length === 0 ? 'something the check does not watch' : named.join(', ');
  const finding = (message: string, at: Difference | null): Finding => ({
    kind: 'non_determinism',
    symbol: at?.symbol ?? null,
    bar: barName(at?.openTime ?? null),
    input,
    message,
    source: uses.find(({ kind }) => NOISY.has(kind))?.source ?? null,
  });
  if (again instanceof StrategyError)
    return finding(`only one of two runs failed: ${again.message}`, null);
  const [other] = again.runs;
  if (other === undefined) return null;
  if (other.fault !== null)
    return finding(`only one of two equal runs failed: ${other.fault.message}`, null);
  const difference = lab.difference(base, other);
  if (difference === null) return null;
  return finding(`two equal runs decided differently: ${difference.what}`, difference);
}

interface State {
  readonly base: RunTrace;
  /** The same run again, in the process of the first. */
  readonly second: RunTrace;
  readonly globals: readonly string[];
}

/** What outlives a run must not decide in the next: of the future least of all. */
async function checkState(
  lab: Laboratory,
  { base, second, globals }: State,
): Promise<readonly Finding[]> {
  const difference = lab.difference(base, second);
  if (difference === null) return [];
  const leaks = await checkMemory(lab, second, difference);
  const names = globals.map((name) => `globalThis.${name}`).join(', ');
  const { symbol, openTime, what } = difference;
  const state: Finding = {
    kind: 'carried_state',
    symbol,
    bar: barName(openTime),
    input: names === '' ? 'a variable outside create()' : names,
    message: `the same run decided otherwise when it was run again in the same process: ${what}`,
    source: null,
  };
  return [...leaks, state];
}
