import type { FeeTaking } from './exchange-types.ts';

/** What a request is for; fates are drawn and queued by it. */
export const CALLS = [
  'place',
  'cancel',
  'order',
  'open',
  'closed',
  'trades',
  'balances',
  'identify',
  'time',
  'markets',
  'quote',
  'candles',
  'other',
] as const;
export type Call = (typeof CALLS)[number];

/** Ends in an error or in silence, whether the exchange did what it was asked for or not. */
export type BreakingFate =
  /** The connection ends without an answer. */
  | { readonly kind: 'drop'; readonly accepted: boolean }
  /** No answer ever. */
  | { readonly kind: 'hang'; readonly accepted: boolean }
  /** A byte now and then. */
  | { readonly kind: 'slow-loris'; readonly accepted: boolean; readonly everyMs: number }
  | { readonly kind: 'server-error'; readonly status: number; readonly accepted: boolean }
  | { readonly kind: 'rate-limit'; readonly retryAfterS: number; readonly accepted: boolean }
  | GarblingFate;

/** An answer that is none. */
export type GarblingFate =
  /** Cut in half. */
  | { readonly kind: 'malformed'; readonly accepted: boolean }
  | { readonly kind: 'html'; readonly accepted: boolean }
  | { readonly kind: 'empty'; readonly accepted: boolean }
  | { readonly kind: 'huge'; readonly bytes: number; readonly accepted: boolean }
  | { readonly kind: 'redirect'; readonly to: string; readonly accepted: boolean };

/** Keeps the request from the books: for good, or for a while. */
export type BarringFate =
  | { readonly kind: 'ban'; readonly seconds: number }
  /** An outage: all requests fail alike. */
  | { readonly kind: 'storm'; readonly as: 'drop' | 'hang' | 'unavailable' }
  /** Done late, answered at once then; the asker may have given up. */
  | { readonly kind: 'late'; readonly ms: number };

/** Strikes placing, canceling, or the way of their answers. */
export type OrderFate =
  /** Done at once, answered late. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** A success that names no order, or `success: false`, while the order was taken. */
  | { readonly kind: 'no-id' }
  /** Reads do not find the order placed by this call, so many times. */
  | { readonly kind: 'not-found'; readonly reads: number }
  /** The order fills at once, and is reported filled before its placing is answered. */
  | { readonly kind: 'fill-before-ack'; readonly delayMs: number }
  /** Part of the order, in hundredths, fills before the cancel arrives. */
  | { readonly kind: 'cancel-race'; readonly percent: number }
  | { readonly kind: 'stuck-cancel'; readonly ms: number };

/** Bends what a read tells. */
export type BendingFate =
  /** Lists leave out every second item. */
  | { readonly kind: 'partial-list' }
  /** The state so many changes ago. */
  | { readonly kind: 'stale'; readonly steps: number }
  | { readonly kind: 'duplicate-trade' }
  | { readonly kind: 'reordered' }
  /** Another word where the status stands. */
  | { readonly kind: 'status-word'; readonly word: string }
  /** No fee, or one in no currency. */
  | { readonly kind: 'fee-form'; readonly form: 'null' | 'no-currency' }
  | { readonly kind: 'no-balances' }
  /** No word of how much of an order is filled, or one that cannot be. */
  | { readonly kind: 'filled-form'; readonly form: 'missing' | 'over' | 'negative' };

/** Befalls exchange or account while a request comes in, and lasts. */
export type BefallingFate =
  | { readonly kind: 'fee-in'; readonly taking: FeeTaking }
  | { readonly kind: 'fee-late'; readonly ms: number }
  /** Ten times the steps; of any symbol where none is named. */
  | { readonly kind: 'precision-change'; readonly symbol: string | null }
  | { readonly kind: 'delist'; readonly symbol: string | null }
  /** Adds or takes hundredths of what is free. */
  | { readonly kind: 'outside-edit'; readonly asset: string | null; readonly percent: number }
  | { readonly kind: 'foreign-order' }
  /** Orders are told with another word for their status, all of them, for a while. */
  | { readonly kind: 'odd-status'; readonly word: string; readonly ms: number }
  | { readonly kind: 'manual-cancel' }
  /** By how much the exchange's clock is ahead from now on. */
  | { readonly kind: 'clock-offset'; readonly ms: number }
  | { readonly kind: 'silent-stream' };

/** What becomes of one request. */
export type Fate =
  { readonly kind: 'ok' } | BreakingFate | BarringFate | OrderFate | BendingFate | BefallingFate;

const BENDING: ReadonlySet<string> = new Set<BendingFate['kind']>([
  'partial-list',
  'stale',
  'duplicate-trade',
  'reordered',
  'status-word',
  'fee-form',
  'no-balances',
  'filled-form',
]);

const BEFALLING: ReadonlySet<string> = new Set<BefallingFate['kind']>([
  'fee-in',
  'fee-late',
  'precision-change',
  'delist',
  'outside-edit',
  'foreign-order',
  'odd-status',
  'manual-cancel',
  'clock-offset',
  'silent-stream',
]);

export function isBreaking(fate: Fate): fate is BreakingFate {
  return 'accepted' in fate;
}

export function isBarring(fate: Fate): fate is BarringFate {
  return fate.kind === 'ban' || fate.kind === 'storm' || fate.kind === 'late';
}

export function isBending(fate: Fate): fate is BendingFate {
  return BENDING.has(fate.kind);
}

export function isBefalling(fate: Fate): fate is BefallingFate {
  return BEFALLING.has(fate.kind);
}

export type FateKind = Fate['kind'];

/** The faults of the list that a fate stands for; those without a number are of the simulation's own. */
const NUMBERS = {
  ok: '',
  delay: '',
  late: 'F08',
  drop: 'F01',
  hang: 'F01',
  'slow-loris': '',
  'server-error': 'F01',
  'rate-limit': 'F56',
  ban: 'F56',
  malformed: '',
  html: '',
  empty: 'F05',
  huge: '',
  redirect: '',
  'no-id': 'F05',
  'partial-list': 'F33',
  stale: 'F07',
  'not-found': 'F06',
  'duplicate-trade': 'F15',
  reordered: 'F49',
  'fill-before-ack': 'F09',
  'cancel-race': 'F18',
  'stuck-cancel': 'F25',
  'fee-in': 'F22',
  'fee-late': 'F24',
  'fee-form': 'F24',
  'status-word': 'F21',
  'precision-change': 'F12',
  delist: 'F54',
  'outside-edit': 'F34',
  'foreign-order': 'F36',
  'odd-status': 'F21',
  'manual-cancel': 'F34',
  'clock-offset': 'F57',
  'silent-stream': 'F45',
  'no-balances': 'F35',
  'filled-form': 'F20',
  storm: 'F58',
} as const satisfies Readonly<Record<FateKind, string>>;

export const FATE_KINDS = Object.keys(NUMBERS).filter(isFateKind);

function isFateKind(name: string): name is FateKind {
  return Object.hasOwn(NUMBERS, name);
}

export type FaultName = string;

/** `F01 drop, accepted`: the number of the list where there is one, and what was done. */
export function faultName(fate: Fate): FaultName {
  const taken = 'accepted' in fate ? (fate.accepted ? ', accepted' : ', lost') : '';
  const third = fate.kind === 'fee-in' && fate.taking === 'third';
  const isPartial = fate.kind === 'cancel-race' && fate.percent < 100;
  const isOverfill = fate.kind === 'filled-form' && fate.form !== 'missing';
  const number = third ? 'F23' : isPartial ? 'F19' : isOverfill ? 'F29' : NUMBERS[fate.kind];
  return `${number === '' ? '' : `${number} `}${fate.kind}${taken}`;
}

/** What the answers to one request are bent by. */
export interface Twist {
  /** Null for the present. */
  readonly asOf: number | null;
  readonly leavesOut: boolean;
  readonly doubles: boolean;
  readonly reverses: boolean;
  readonly statusWord: string | null;
  readonly feeForm: 'plain' | 'null' | 'no-currency';
  readonly hidesBalances: boolean;
  readonly filledForm: 'plain' | 'missing' | 'over' | 'negative';
}

export const STRAIGHT: Twist = {
  asOf: null,
  leavesOut: false,
  doubles: false,
  reverses: false,
  statusWord: null,
  feeForm: 'plain',
  hidesBalances: false,
  filledForm: 'plain',
};

export function twistOf(fate: BendingFate, step: number): Twist {
  switch (fate.kind) {
    case 'partial-list':
      return { ...STRAIGHT, leavesOut: true };
    case 'stale':
      return { ...STRAIGHT, asOf: Math.max(0, step - fate.steps) };
    case 'duplicate-trade':
      return { ...STRAIGHT, doubles: true };
    case 'reordered':
      return { ...STRAIGHT, reverses: true };
    case 'status-word':
      return { ...STRAIGHT, statusWord: fate.word };
    case 'fee-form':
      return { ...STRAIGHT, feeForm: fate.form };
    case 'no-balances':
      return { ...STRAIGHT, hidesBalances: true };
    case 'filled-form':
      return { ...STRAIGHT, filledForm: fate.form };
  }
}
