import { parseExactly } from '../../../../../src/adapters/ccxt/account/exact-answer.ts';
import { bookOf } from '../../../../../src/adapters/ccxt/account/market-book.ts';
import type { Wire, WireCall } from '../../../../../src/adapters/ccxt/account/wire.ts';

export const TEST_NOW = Date.UTC(2026, 10, 27, 12);

const TICK_SIZE = 4;

/** Markets as ccxt loads them; `id` and `altname` are the venue's. */
export function marketBook(id: string, altname: string, orderTypes: readonly string[] = []) {
  const market = {
    id,
    symbol: 'BTC/USD',
    base: 'BTC',
    quote: 'USD',
    spot: true,
    precision: { price: 0.01, amount: 1e-8 },
    limits: { cost: { min: 1 }, amount: { min: 0.00001 } },
    info: { altname, orderTypes },
  };
  return bookOf({ 'BTC/USD': market }, TICK_SIZE);
}

export interface ScriptedWire extends Wire {
  readonly calls: WireCall[];
}

/** Was asked more than there are answers to. */
export class EndOfScript extends Error {}

/** Answers questions in turn with texts as they would come over the wire; null is "no such thing". */
export function scriptedWire(
  markets: ReturnType<typeof marketBook>,
  ...answers: readonly (string | null)[]
): ScriptedWire {
  const calls: WireCall[] = [];
  const next = async (call: WireCall): Promise<unknown> => {
    const answer = answers[calls.length];
    calls.push(call);
    if (answer === undefined) throw new EndOfScript(call.method);
    return answer === null ? null : parseExactly(answer);
  };
  return {
    exchange: 'test',
    markets,
    calls,
    now: () => TEST_NOW,
    ask: next,
    askFor: next,
    currency: (id) => ({ XXBT: 'BTC', ZUSD: 'USD', XBT: 'BTC' })[id] ?? id,
  };
}
