import type { CommandIo } from '../io.ts';

/** The machine-readable result: one JSON document and a line end, nothing else on stdout. */
export function printJson(io: CommandIo, value: unknown): void {
  io.stdout(`${JSON.stringify(value, null, 2)}\n`);
}
