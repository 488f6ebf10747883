import { isRecord, positiveFault, unlike } from './fault-text.ts';

/** The numbers that each kind of a level has. */
const PROTECTIVE_LEVELS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['price', ['price']],
  ['distance', ['distance']],
  ['fraction', ['fraction']],
  ['toward', ['reference', 'multiple']],
]);
const STOP_LEVELS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ...PROTECTIVE_LEVELS,
  ['trailing_distance', ['distance']],
  ['trailing_fraction', ['fraction']],
]);
const TRAILS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['distance', ['distance']],
  ['fraction', ['fraction']],
]);

/** What is wrong with a stop-loss; null where it is a `StopLevel` or null. */
export function stopLossFault(level: unknown): string | null {
  if (level === null) return null;
  return kindFault('stop-loss', level, STOP_LEVELS) ?? shareFault('stop-loss', level);
}

/** What is wrong with a take-profit; null where it is a `ProtectiveLevel` or null. */
export function takeProfitFault(level: unknown): string | null {
  return level === null ? null : kindFault('take-profit', level, PROTECTIVE_LEVELS);
}

/** What is wrong with the trail of a trailing stop; null where it is a `WishedTrail`. */
export function trailFault(trail: unknown): string | null {
  return kindFault('trail', trail, TRAILS) ?? shareFault('trail', trail, ['fraction']);
}

function kindFault(
  name: string,
  level: unknown,
  kinds: ReadonlyMap<unknown, readonly string[]>,
): string | null {
  if (!isRecord(level))
    return unlike(`a ${name} level such as { kind: 'fraction', fraction: 0.02 }`, level);
  const numbers = kinds.get(level['kind']);
  if (numbers === undefined) {
    return unlike(`a ${name} kind (${[...kinds.keys()].join(', ')})`, level['kind']);
  }
  for (const number of numbers) {
    const fault = positiveFault(`${name} ${number}`, level[number]);
    if (fault !== null) return fault;
  }
  const foreign = Object.keys(level).find((key) => key !== 'kind' && !numbers.includes(key));
  return foreign === undefined
    ? null
    : unlike(`a ${name} with kind and ${numbers.join(' and ')}`, `one with ${foreign}`);
}

/** A price cannot fall by more than itself: who writes 5 there means percent. */
function shareFault(
  name: string,
  level: unknown,
  kinds: readonly string[] = ['fraction', 'trailing_fraction'],
): string | null {
  if (!isRecord(level) || !kinds.some((kind) => kind === level['kind'])) return null;
  const { fraction } = level;
  const isShare = typeof fraction === 'number' && fraction < 1;
  return isShare ? null : unlike(`a ${name} fraction below 1 (0.05 is 5 %)`, fraction);
}
