import type { SymbolName } from '../../core/instrument.ts';
import { formatTime, type EpochMs } from '../../core/time.ts';

/** What is wrong with a strategy, the worst first: in this order findings are listed. */
const FINDING_KINDS = [
  'fault',
  'look_ahead',
  'repainting',
  'randomness',
  'clock',
  'file',
  'environment',
  'network',
  'timer',
  'process',
  'non_determinism',
  'symbol_dependence',
  'warm_up',
  'carried_state',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly symbol: SymbolName | null;
  /** Open time of the first offending bar, ISO 8601; null where it was no bar's. */
  readonly bar: string | null;
  /** What the decision came to rest on: `close of BTC/USD 2024-01-01T00:00:00Z`, `Math.random()`. */
  readonly input: string;
  /** One sentence. */
  readonly message: string;
  /** `file:line` of the strategy, where it is known. */
  readonly source: string | null;
}

/** Findings in the order in which they matter, none twice. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings
    .filter(({ kind, input, bar }) => {
      const key = `${kind} ${input} ${bar ?? ''}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .toSorted((one, other) => FINDING_KINDS.indexOf(one.kind) - FINDING_KINDS.indexOf(other.kind));
}

/** A bar as findings name it. */
export function barName(openTime: EpochMs | null): string | null {
  return openTime === null ? null : formatTime(openTime);
}
