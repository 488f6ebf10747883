import type { Call, Fate } from '../exchange-sim/fates.ts';
import type { Move } from './trading-stage.ts';

/** Where a process is killed, as seen from the exchange. */
export const BOUNDARIES = [
  'order lost',
  'order taken, not answered',
  'order answered',
  'cancel lost',
  'cancel taken, not answered',
  'cancel answered',
  'bars answered',
  'trades answered',
  'while it starts',
  'at any moment',
] as const;
export type Boundary = (typeof BOUNDARIES)[number];

const ORDERS = ['order lost', 'order taken, not answered', 'order answered'] as const;
const CANCELS = ['cancel lost', 'cancel taken, not answered', 'cancel answered'] as const;
const READS = ['bars answered', 'trades answered', 'at any moment'] as const;

const MOVES: readonly Move[] = ['enter', 'exit', 'enter', 'exit', 'enter', 'crash'];

export interface Leg {
  readonly move: Move;
  readonly kills: readonly Boundary[];
}

/** Every boundary in turn, where it can be met; an even number of legs, so that all ends flat. */
export function planKills(count: number): readonly Leg[] {
  const legs: Leg[] = [];
  for (let left = count; left > 0 || legs.length % 2 === 1;) {
    const nth = legs.length;
    const move = MOVES[nth % MOVES.length] ?? 'exit';
    const kills = killsOf(move, nth).slice(0, Math.max(0, left));
    legs.push({ move, kills });
    left -= kills.length;
  }
  return legs;
}

function killsOf(move: Move, nth: number): readonly Boundary[] {
  const turn = Math.floor(nth / 2);
  const order = ORDERS[turn % 3] ?? 'order lost';
  const read = READS[turn % 3] ?? 'at any moment';
  if (move === 'enter') return [order, 'while it starts', read];
  if (move === 'crash') return ['trades answered', 'while it starts', 'at any moment'];
  // Of three ways out, the last one is the crash.
  const exits = Math.floor(turn / 3) * 2 + (turn % 3);
  return [CANCELS[exits % 3] ?? 'cancel lost', 'while it starts', order];
}

/** A kill that waits for its moment. */
export interface ArmedKill {
  readonly boundary: Boundary;
  /** The how-manieth request of its kind it strikes, from 1. */
  readonly nth: number;
  /** Milliseconds between what triggers it and the kill, where it comes after an answer. */
  readonly delayMs: number;
}

interface Strike {
  readonly fate: Fate;
  /** Null where the request itself is the moment. */
  readonly afterMs: number | null;
}

const OK: Fate = { kind: 'ok' };

/** What becomes of a request that an armed kill was waiting for. */
export function strikeOf({ boundary, delayMs }: ArmedKill): Strike {
  if (boundary.endsWith('lost')) return { fate: { kind: 'drop', accepted: false }, afterMs: null };
  if (boundary.endsWith('not answered')) {
    return { fate: { kind: 'drop', accepted: true }, afterMs: null };
  }
  if (boundary === 'while it starts') {
    return { fate: { kind: 'drop', accepted: false }, afterMs: null };
  }
  return { fate: OK, afterMs: delayMs };
}

/** Whether a request is of the kind that a kill waits for. */
export function concerns(boundary: Boundary, call: Call): boolean {
  if (boundary === 'while it starts') return true;
  if (boundary === 'at any moment') return false;
  const [kind] = boundary.split(' ');
  return CALLS[kind ?? ''] === call;
}

/** Whether it is met only while the account is not yet as the strategy wants it. */
export function isAboutOrders(boundary: Boundary): boolean {
  return [...ORDERS, ...CANCELS].some((each) => each === boundary);
}

const CALLS: Readonly<Record<string, Call>> = {
  order: 'place',
  cancel: 'cancel',
  bars: 'candles',
  trades: 'trades',
};
