import { toExactJson } from '../../core/exact-json.ts';
import type { AnyEvent } from '../../core/events.ts';

/** Where a replay first told another story than the journal. */
export interface FirstDifference {
  /** Number of the event, by the journal; by the replay where the journal had ended. */
  readonly seq: number;
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
    const [recorded] = this.#expected;
    const [replayed] = this.#early;
    const first = recorded ?? replayed;
    if (first !== undefined && this.#difference === null) {
      this.#difference = differenceOf(first.seq, recorded, replayed);
    }
  }

  #match(): void {
    while (this.#difference === null) {
      const [recorded] = this.#expected;
      const [replayed] = this.#early;
      if (recorded === undefined || replayed === undefined) return;
      if (textOf(recorded) !== textOf(replayed)) {
        this.#difference = differenceOf(recorded.seq, recorded, replayed);
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
  seq: number,
  recorded: AnyEvent | undefined,
  replayed: AnyEvent | undefined,
): FirstDifference {
  return {
    seq,
    recorded: recorded === undefined ? null : textOf(recorded),
    replayed: replayed === undefined ? null : textOf(replayed),
  };
}

/** Everything of an event but nothing of how it is kept. */
function textOf({ seq, ts, type, causedBy, payload }: AnyEvent): string {
  return `${seq} ${type} at ${ts} after ${causedBy ?? 'outside'}: ${toExactJson(payload)}`;
}
