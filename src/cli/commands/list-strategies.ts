import { listStrategies as list } from '../../app/list-strategies.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { EXIT_CODES, type ExitCode } from '../../core/errors.ts';
import { workspaceOptions, type CommonFlags } from '../flags.ts';
import type { CommandIo } from '../io.ts';
import { printJson } from '../render/json.ts';
import { renderTable } from '../render/table.ts';

/** `strategies list`: what `--strategy` may name. */
export function listStrategies(flags: CommonFlags, io: CommandIo): ExitCode {
  const strategies = list(openWorkspace(workspaceOptions(flags, io)));
  if (flags.json === true) {
    printJson(io, strategies);
    return EXIT_CODES.done;
  }
  const rows = strategies.map((each) => [
    each.id,
    each.own_file ? 'own file' : each.kind,
    each.symbols.join(','),
    each.timeframe,
    each.allow_short ? 'long, short' : 'long',
    each.own_file ? each.kind : each.description,
  ]);
  io.stdout(
    renderTable({
      head: ['Strategy', 'Kind', 'Symbols', 'Timeframe', 'Sides', 'Description'],
      align: ['left', 'left', 'left', 'left', 'left', 'left'],
      rows,
    }),
  );
  return EXIT_CODES.done;
}
