import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Bar } from '../../../src/core/bar.ts';
import type { Quote } from '../../../src/core/quote.ts';
import { orderScript, TICKS, type OrderScript } from './order-script.ts';
import { QuoteAuditor } from './quote-auditor.ts';
import { play } from './script-player.ts';

const SCRIPTS = 2000;

const sketch = fc.record({
  /** When, as a part of the bar; beyond one it comes before the bar, though it is later. */
  at: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
  /** Where between low and high, or a little beyond. */
  height: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
  /** Ticks. */
  spread: fc.nat({ max: 60 }),
});
type QuoteSketch = typeof sketch extends fc.Arbitrary<infer T> ? T : never;

const quotedScript = fc.record({
  script: orderScript,
  quotes: fc.array(fc.array(sketch, { maxLength: 5 }), { minLength: 16, maxLength: 16 }),
});

interface Quoted {
  readonly script: OrderScript;
  readonly quotes: readonly (readonly QuoteSketch[])[];
}

function quoteIn(bar: Bar, { at, height, spread }: QuoteSketch): Quote {
  const { symbol, openTime, closeTime, high, low } = bar;
  const bid = Math.max(1, Math.round((low + (high - low) * height) * TICKS));
  const time = Math.round(openTime + (closeTime - openTime) * at);
  return { symbol, bid: bid / TICKS, ask: (bid + spread) / TICKS, time };
}

/** Plays quotes, as they come up in each bar, before the bar; restarts after that many of them. */
function playQuoted({ script, quotes }: Quoted, restartAfter: number | null = null): QuoteAuditor {
  const auditor = new QuoteAuditor();
  let bars = 0;
  let played = 0;
  play(script, auditor, {
    onBar: (bar, player) => {
      const ofBar = quotes[bars++] ?? [];
      for (const each of ofBar.toSorted((one, other) => one.at - other.at)) {
        auditor.quote(quoteIn(bar, each));
        if (++played === restartAfter) player.restart();
        player.answer();
      }
    },
  });
  return auditor;
}

it(`fills at quotes as promised in ${SCRIPTS} random scripts of orders, quotes and bars`, () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(quotedScript, (quoted) => {
      const auditor = playQuoted(quoted);
      auditor.auditEnd();
      for (const what of auditor.seen) seen.set(what, (seen.get(what) ?? 0) + 1);
    }),
    { seed: 11, numRuns: SCRIPTS },
  );
  const all = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop', 'silent'];
  const rare = all.filter((what) => (seen.get(what) ?? 0) < 50);
  expect(rare, 'the scripts came to everything often').toEqual([]);
});

it('goes on from a snapshot, after any quote, as if nothing had happened', () => {
  fc.assert(
    fc.property(quotedScript, fc.nat({ max: 40 }), (quoted, pick) => {
      const undisturbed = playQuoted(quoted);
      const restarted = playQuoted(quoted, 1 + pick);
      expect(restarted.log).toEqual(undisturbed.log);
      expect(restarted.fills).toEqual(undisturbed.fills);
    }),
    { seed: 12, numRuns: 400 },
  );
});
