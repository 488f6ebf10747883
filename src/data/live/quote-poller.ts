import { ExchangeError } from '../../core/errors.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { Quote } from '../../core/quote.ts';
import { MINUTE_MS, type EpochMs } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { QuoteSource } from '../../ports/quote-source.ts';
import type { Timer } from '../../ports/timer.ts';
import { quoteProblem } from './quote-rules.ts';

/** Least pause between two questions, however often somebody wants one. */
const PAUSE_MIN_MS = 1000;
/** Longest pause while the venue does not answer. */
const PAUSE_MAX_MS = MINUTE_MS;

export interface QuotePollerParts {
  readonly source: QuoteSource;
  /** Those a price matters of right now: of orders that wait for one. */
  readonly symbols: () => readonly SymbolName[];
  readonly everyMs: number;
  /** A quote that is older by its own time is not handed on. */
  readonly staleAfterMs: number;
  /** The venue's. */
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  /** Gets sound quotes alone, those of a symbol in the order of their time, each once. */
  readonly onQuote: (quote: Quote) => void;
}

/** Asks for present prices while orders wait for them, and for none while none does. */
export class QuotePoller {
  readonly #parts: QuotePollerParts;
  readonly #handed = new Map<SymbolName, Quote>();
  readonly #unsound = new Set<SymbolName>();
  #wake = new AbortController();
  #askedAt: EpochMs = -Infinity;
  #failures = 0;

  constructor(parts: QuotePollerParts) {
    this.#parts = parts;
  }

  /** New orders wait: prices are wanted at once. */
  poke(): void {
    this.#wake.abort();
  }

  /** Runs until the signal aborts, then resolves. Rejects with what `onQuote` threw. */
  async run(signal: AbortSignal): Promise<void> {
    const { timer, clock } = this.#parts;
    const onAbort = () => this.#wake.abort();
    signal.addEventListener('abort', onAbort);
    try {
      while (!signal.aborted) {
        this.#wake = new AbortController();
        const symbols = [...new Set(this.#parts.symbols())];
        const dueAt = this.#askedAt + PAUSE_MIN_MS;
        if (symbols.length > 0 && dueAt > clock.now()) {
          await timer.wait(dueAt - clock.now(), signal);
        } else {
          const pauseMs = symbols.length === 0 ? Infinity : await this.#ask(symbols, signal);
          // Somebody who fails is not asked sooner because more is wanted of him.
          await timer.wait(pauseMs, this.#failures > 0 ? signal : this.#wake.signal);
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Gives the pause until the next question. */
  async #ask(symbols: readonly SymbolName[], signal: AbortSignal): Promise<number> {
    const { source, everyMs, clock } = this.#parts;
    this.#askedAt = clock.now();
    let quotes: readonly Quote[];
    try {
      quotes = await source.quotes(symbols, signal);
    } catch (error) {
      if (signal.aborted) return 0;
      if (!(error instanceof ExchangeError)) throw error;
      return this.#failed(error);
    }
    this.#failures = 0;
    if (signal.aborted) return 0;
    for (const quote of quotes) if (symbols.includes(quote.symbol)) this.#hand(quote);
    return everyMs;
  }

  #failed(error: ExchangeError): number {
    const { everyMs, logger } = this.#parts;
    const most = Math.max(everyMs, PAUSE_MAX_MS);
    const pauseMs = Math.max(
      Math.min(most, everyMs * 2 ** this.#failures),
      error.retryAfterMs ?? 0,
    );
    if (this.#failures === 0) {
      logger.warn({ fault: error.message }, 'no quotes come; orders wait for bars meanwhile');
    }
    this.#failures += 1;
    return pauseMs;
  }

  #hand(quote: Quote): void {
    const { clock, staleAfterMs, logger, onQuote } = this.#parts;
    const { symbol } = quote;
    const problem = quoteProblem(quote, { now: clock.now(), staleAfterMs });
    if (problem !== null) {
      if (!this.#unsound.has(symbol)) logger.warn({ symbol, problem }, 'a quote is not used');
      this.#unsound.add(symbol);
      return;
    }
    this.#unsound.delete(symbol);
    const last = this.#handed.get(symbol);
    if (last !== undefined && !isNews(quote, last)) return;
    this.#handed.set(symbol, quote);
    onQuote(quote);
  }
}

/** Later than the last one; or of the same time, with other prices. */
function isNews(quote: Quote, last: Quote): boolean {
  if (quote.time !== last.time) return quote.time > last.time;
  return quote.bid !== last.bid || quote.ask !== last.ask;
}
