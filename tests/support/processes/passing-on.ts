import type { FrontEnd } from '../exchange-sim/wire.ts';

/** A front end that does as another one, but for what is given. */
export function passingOn(frontEnd: FrontEnd, change: Partial<FrontEnd>): FrontEnd {
  return {
    exchange: frontEnd.exchange,
    callOf: (request) => frontEnd.callOf(request),
    subjectOf: (request) => frontEnd.subjectOf(request),
    answer: (request) => frontEnd.answer(request),
    trouble: (trouble) => frontEnd.trouble(trouble),
    withoutId: (response) => frontEnd.withoutId(response),
    ...change,
  };
}
