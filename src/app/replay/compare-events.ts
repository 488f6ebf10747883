import { toExactJson } from '../../core/exact-json.ts';
import type { AnyEvent, EventType } from '../../core/events.ts';
import type { EpochMs } from '../../core/time.ts';
import { differingPart } from './first-difference.ts';

/** Where a replay first told another story than the journal. */
export interface FirstDifference {
  /** Number of the event, by the journal; by the replay where the journal had ended. */
  readonly seq: number;
  readonly time: EpochMs;
  readonly type: EventType;
  /** What differs, in one clause. */
  readonly what: string;
  /** Type and payload as text; null where the one had no event any more. */
  readonly recorded: string | null;
  readonly replayed: string | null;
}

/** Compares what a replay publishes with what a journal holds, event by event, in order. */
export class EventComparison {
  readonly #expected: AnyEvent[] = [];
  readonly #early: AnyEvent[] = [];
  #compared = 0;
  #orders = 0;
  #difference: FirstDifference | null = null;

  /** Events found the same. */
  get compared(): number {
    return this.#compared;
  }

  /** Orders among them that went out. */
  get orders(): number {
    return this.#orders;
  }

  get difference(): FirstDifference | null {
    return this.#difference;
  }

  recorded(event: AnyEvent): void {
    this.#expected.push(event);
    this.#match();
  }

  replayed(event: AnyEvent): void {
    this.#early.push(event);
    this.#match();
  }

  /** Nothing follows on either side: what is left over has no counterpart. */
  finish(): void {
    if (this.#difference !== null) return;
    this.#difference = differenceOf(this.#expected[0] ?? null, this.#early[0] ?? null);
  }

  #match(): void {
    while (this.#difference === null) {
      const [recorded] = this.#expected;
      const [replayed] = this.#early;
      if (recorded === undefined || replayed === undefined) return;
      if (textOf(recorded) !== textOf(replayed)) {
        this.#difference = differenceOf(recorded, replayed);
        return;
      }
      this.#expected.shift();
      this.#early.shift();
      this.#compared++;
      if (recorded.type === 'order.approved') this.#orders++;
    }
  }
}

function differenceOf(
  recorded: AnyEvent | null,
  replayed: AnyEvent | null,
): FirstDifference | null {
  const told = recorded ?? replayed;
  if (told === null) return null;
  const { seq, ts: time, type } = told;
  return {
    seq,
    time,
    type,
    what: whatDiffers(recorded, replayed),
    recorded: recorded === null ? null : textOf(recorded),
    replayed: replayed === null ? null : textOf(replayed),
  };
}

function whatDiffers(recorded: AnyEvent | null, replayed: AnyEvent | null): string {
  if (recorded === null)
    return `${replayed?.type ?? 'nothing'} came out, nothing more is on record`;
  if (replayed === null) return `${recorded.type} is on record, nothing came out`;
  if (recorded.type !== replayed.type) {
    return `${recorded.type} is on record, ${replayed.type} came out`;
  }
  const part = differingPart(recorded, replayed);
  if (part === null) return `${recorded.type} is written in another way`;
  return `${recorded.type}: ${part.path} is ${part.one} on record, came out as ${part.other}`;
}

/** Everything of an event but nothing of how it is kept. */
function textOf({ seq, ts, type, causedBy, payload }: AnyEvent): string {
  return `${seq} ${type} at ${ts} after ${causedBy ?? 'outside'}: ${toExactJson(payload)}`;
}
