import type { Logger } from '../../../src/ports/logger.ts';

/** Nobody reads the log of a simulation: it is replayed instead. `SIMULATION_LOG=1` shows it. */
const show =
  process.env['SIMULATION_LOG'] === undefined
    ? (): void => undefined
    : (level: string, fields: unknown, message: string): void =>
        void process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`);

export const SIMULATED_LOG: Logger = {
  debug: (fields, message) => show('debug', fields, message),
  info: (fields, message) => show('info', fields, message),
  warn: (fields, message) => show('warn', fields, message),
  error: (fields, message) => show('error', fields, message),
};
