import { barName, type Finding, type FindingKind } from '../findings.ts';
import type { Laboratory, RunChange } from '../laboratory.ts';
import type { AmbientUse, RunTrace } from '../trial.ts';

const ELSEWHERE = { TZ: 'Pacific/Apia' };
const ANOTHER_LANGUAGE = { LC_ALL: 'ar_EG.UTF-8', LANG: 'ar_EG.UTF-8' };
const SILENT: RunChange = { asksRules: false };

/**
 * In another time zone and language, without the variables of the environment, and without anybody
 * asking its rules, a strategy must raise the same signals. What differs is then tried by itself.
 */
export async function checkSurroundings(
  lab: Laboratory,
  base: RunTrace,
  uses: readonly AmbientUse[],
): Promise<readonly Finding[]> {
  const differenceIn = async (
    change: RunChange,
    environment?: Readonly<Record<string, string>>,
  ) => {
    const { runs } = await lab.runs([change], environment);
    const [run] = runs;
    return run === undefined ? null : lab.difference(base, run, { withRules: false });
  };
  const difference = await differenceIn(SILENT, { ...ELSEWHERE, ...ANOTHER_LANGUAGE });
  if (difference === null) return [];
  const { symbol, openTime, what } = difference;
  const finding = (kind: FindingKind, input: string, how: string): Finding => ({
    kind,
    symbol,
    bar: barName(openTime),
    input,
    message: `the decision changed ${how}: ${what}`,
    source: null,
  });
  if ((await differenceIn(SILENT)) !== null) {
    const how = 'when nobody asked for the values of its rules';
    return [finding('non_determinism', 'its own rules', how)];
  }
  const variables = uses.filter(({ kind }) => kind === 'environment').map(({ input }) => input);
  if ((await differenceIn({}, {})) !== null) {
    const input = variables.length === 0 ? 'environment variables' : variables.join(', ');
    return [finding('environment', input, 'without the environment variables')];
  }
  if ((await differenceIn({}, ELSEWHERE)) !== null) {
    return [finding('environment', 'the time zone', `in the time zone ${ELSEWHERE.TZ}`)];
  }
  return [finding('environment', 'the language', 'where another language is set')];
}
