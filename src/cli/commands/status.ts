import { THIS_MACHINE } from '../../app/machine.ts';
import { readStatus, watchStatus, type SeenEngine } from '../../app/trading/read-status.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson, printJsonLine } from '../render/json.ts';
import { renderStatus } from '../render/status-table.ts';

export interface StatusFlags extends CommonFlags {
  readonly watch?: boolean;
}

/** Up and to the left, and away with what stood there. */
const CLEAR_SCREEN = '\u001B[2J\u001B[H';

/** `status`: what the engine of a database does; with `--watch` again each second until Ctrl-C. */
export async function status(flags: StatusFlags, io: CommandIo): Promise<ExitCode> {
  const options = workspaceOptions(flags, io);
  const { clock } = io.machine ?? THIS_MACHINE;
  const path = options.databasePath ?? openWorkspace(options).databasePath;
  if (flags.watch !== true) {
    const seen = readStatus(path);
    if (flags.json === true) printJson(io, seen);
    else io.stdout(renderStatus(seen, { database: path, now: clock.now() }));
    return EXIT_CODES.done;
  }
  const show = (seen: SeenEngine): void => {
    if (flags.json === true) return printJsonLine(io, seen);
    const text = renderStatus(seen, { database: path, now: clock.now() });
    io.stdout(io.isTerminal ? `${CLEAR_SCREEN}${text}` : `${text}\n`);
  };
  await watchStatus(path, show, io.signal);
  return EXIT_CODES.done;
}
