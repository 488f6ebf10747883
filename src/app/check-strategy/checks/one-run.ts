import { formatTime } from '../../../core/time.ts';
import { firstUnequal } from '../compare-traces.ts';
import { barName, type Finding } from '../findings.ts';
import type { RunTrace } from '../trial.ts';

/** What the engine says of an assignment to something that was frozen. */
const FROZEN =
  /Cannot (?:assign to read only property|add property|delete property|redefine property)|not extensible/;

/** What one run shows by itself: that it failed, or that something handed out changed later. */
export function judgeRun({ fault, repainting }: RunTrace): readonly Finding[] {
  return [
    ...(fault === null ? [] : [faultFinding(fault)]),
    ...repainting.slice(0, 1).map(({ symbol, openTime, noticedAt, before, after }): Finding => ({
      kind: 'repainting',
      symbol,
      bar: barName(openTime),
      input: 'a decision handed out earlier',
      message:
        `the decision of ${formatTime(openTime)} was another one on ${formatTime(noticedAt)}: ` +
        changed(before, after),
      source: null,
    })),
  ];
}

function faultFinding({ place, message }: NonNullable<RunTrace['fault']>): Finding {
  const symbol = place?.symbol ?? null;
  const bar = barName(place?.openTime ?? null);
  if (!FROZEN.test(message)) {
    return { kind: 'fault', symbol, bar, input: 'the strategy itself', message, source: null };
  }
  const [, property] = /property '?(\w+)/.exec(message) ?? [];
  return {
    kind: 'repainting',
    symbol,
    bar,
    input: property === undefined ? 'bars or signals' : `${property} of a bar or signal`,
    message: `it changed what is not its own: ${message}`,
    source: null,
  };
}

const CONTEXT = 20;
const SHOWN = 60;

/** Both texts from a little before the first character that differs. */
function changed(before: string, after: string): string {
  const start = Math.max(firstUnequal(before, after) - CONTEXT, 0);
  return `…${before.slice(start, start + SHOWN)} became …${after.slice(start, start + SHOWN)}`;
}
