import { pino, stdTimeFunctions } from 'pino';
import type { Logger } from '../../ports/logger.ts';

interface LoggerOptions {
  /** Least severity that is written. */
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly write: (line: string) => void;
}

/** One JSON object a line. No process id or host name: a log is about a run, not a machine. */
export function createLogger({ level, write }: LoggerOptions): Logger {
  const formatters = { level: (label: string) => ({ level: label }) };
  const timestamp = stdTimeFunctions.isoTime;
  return pino({ level, base: null, formatters, timestamp }, { write });
}
