/** Exit codes of the command line (DESIGN section 10). */
export const EXIT_CODES = {
  done: 0,
  unexpected: 1,
  usage: 2,
  halted: 3,
  unavailable: 4,
  data: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

interface ErrorOptions {
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Base of every error QuantSage raises on purpose: one sentence and the exit code it leads to. */
export class QuantSageError extends Error {
  readonly exitCode: ExitCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, exitCode: ExitCode, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.exitCode = exitCode;
    this.details = options.details ?? {};
  }
}

/** Wrong flag, argument or YAML: the user can mend it (exit 2). */
export class ConfigError extends QuantSageError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, EXIT_CODES.usage, options);
  }
}

/** Market data missing or invalid (exit 5). */
export class DataError extends QuantSageError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, EXIT_CODES.data, options);
  }
}

export const EXCHANGE_FAULTS = [
  'network',
  'timeout',
  'rate-limit',
  'unavailable',
  'bad-response',
  'auth',
  'rejected',
] as const;
export type ExchangeFault = (typeof EXCHANGE_FAULTS)[number];

/** Faults that may pass by themselves: a read may be tried again, an order never. */
const PASSING: ReadonlySet<ExchangeFault> = new Set([
  'network',
  'timeout',
  'rate-limit',
  'unavailable',
  'bad-response',
]);

interface ExchangeErrorOptions extends ErrorOptions {
  readonly kind: ExchangeFault;
  /** How long the exchange asked to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** An exchange could not be reached, or did not answer as it should (exit 4). */
export class ExchangeError extends QuantSageError {
  readonly kind: ExchangeFault;
  /** Null where the exchange named no time. */
  readonly retryAfterMs: number | null;

  constructor(message: string, options: ExchangeErrorOptions) {
    super(message, EXIT_CODES.unavailable, options);
    this.kind = options.kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  get isRetryable(): boolean {
    return PASSING.has(this.kind);
  }
}

/** True for the error of a request that was given up because the signal aborted. */
export function isCutShort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  if (error === signal.reason) return true;
  return error instanceof ExchangeError || (error instanceof Error && error.name === 'AbortError');
}

/** A user's strategy broke its contract: it threw, or returned what no engine can act on (exit 3). */
export class StrategyError extends QuantSageError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, EXIT_CODES.halted, options);
  }
}

/** A broken invariant: a bug. The engine halts (exit 3). */
export class InvariantError extends QuantSageError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, EXIT_CODES.halted, options);
  }
}
